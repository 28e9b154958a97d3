"""Where things that outlive a message are kept: in memory, in SQLite or in PostgreSQL."""
