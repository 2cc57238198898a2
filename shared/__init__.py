"""What two or more daemons share; it imports nothing from the daemons or the web UI."""
