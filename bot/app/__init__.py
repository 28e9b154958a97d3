"""Composition root: the only room that wires everything."""
