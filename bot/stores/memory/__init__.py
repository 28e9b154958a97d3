"""Stores in this process's memory, which forget when it ends."""

from bot.stores.memory.sessions import MemorySessionStore

__all__ = ["MemorySessionStore"]
