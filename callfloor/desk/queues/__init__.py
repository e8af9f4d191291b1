"""Where work waits, and by which rules it is given."""
