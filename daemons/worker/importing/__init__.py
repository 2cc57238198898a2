"""Import: makes a site from a person's archive, and a report that says what became of everything in it."""
