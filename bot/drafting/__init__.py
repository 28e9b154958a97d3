"""Tools for a new guide: its files from templates, and drafts of entries from a page."""
