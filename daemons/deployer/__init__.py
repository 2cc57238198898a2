"""Makes the symlinks of one web host equal to what storage says should be live."""
