"""Telegram's POSTs, and what operators ask: an ASGI application that knows no Telegram library."""
