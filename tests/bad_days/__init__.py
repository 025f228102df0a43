"""Bad days: the real receiver, a real database, panels under load, and something that goes badly wrong."""
