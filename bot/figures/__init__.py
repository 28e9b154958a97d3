"""Draws the pictures of figures.yaml. The only room that imports `matplotlib`."""
