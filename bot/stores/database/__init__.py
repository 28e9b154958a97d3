"""Stores in SQLite or PostgreSQL. Tables, addresses and the engine stand beside them."""
