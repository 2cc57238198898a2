"""How the whole system is, for operators: it is looked at when parts are down, so every part may be."""
