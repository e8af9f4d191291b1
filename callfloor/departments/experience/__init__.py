"""Customer experience."""
