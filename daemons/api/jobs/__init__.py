"""Jobs: asked for, recorded in SQL, followed while they run."""
