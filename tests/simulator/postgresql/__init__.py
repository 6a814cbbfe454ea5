"""Django's PostgreSQL, which tells of each commit as the simulator's SQLite does. Knows nothing of stories."""
