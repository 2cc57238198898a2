"""The SQL database: its tables, its migrations, and a dump of all that is in it."""
