"""What an edit must not change of a text file: its encoding, byte order mark, line ends and final newline."""
