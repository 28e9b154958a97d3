"""From a question to a ranking of what the guides can answer."""
