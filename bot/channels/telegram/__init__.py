"""Telegram. The only room that imports `telegram`."""

import os

# How python-telegram-bot is told to give waits as timedeltas; without it, every 429 is a warning.
os.environ.setdefault("PTB_TIMEDELTA", "1")
