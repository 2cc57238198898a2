"""What things are, and how they are written down; no input, no output."""
