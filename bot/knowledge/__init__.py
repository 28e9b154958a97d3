"""What the bot knows: guides, answers, sources, and the bot's own words, all read from YAML."""
