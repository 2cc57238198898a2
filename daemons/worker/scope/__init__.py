"""What a request concerns, and which of the changes that were made it asked for; pure."""
