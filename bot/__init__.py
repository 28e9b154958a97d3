"""Guidebot: answers questions about a guide with what the guide's authors wrote, cited."""

__version__ = "0.1.0"
