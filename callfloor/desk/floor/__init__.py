"""Who does what now, and how long callers wait."""
