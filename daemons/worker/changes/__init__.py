"""What changed for a person who looks at the pages: told from the blocks that a browser saw before and after; pure."""
