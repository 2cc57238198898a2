"""Publishing a version, and seeing what the web hosts show."""
