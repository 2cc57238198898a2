"""What runs first inside a jail: this folder and the protocol are mounted there, and use the standard library alone."""
