"""Who is asking, what they may see, and what they have done."""
