"""Ways to talk to the bot: Telegram, the terminal, and lines of JSON."""
