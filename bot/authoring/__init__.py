"""Tools for authors: a new guide from templates, and drafts of entries from a page."""
