"""The api daemon: the JSON API and its services; the only writer of the SQL database."""
