"""Import: the archive that a person brings becomes a site, and a report tells what became of everything in it."""
