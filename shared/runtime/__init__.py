"""How a daemon lives: settings, sockets, HTTP, journal, metrics, shutdown."""
