"""Performance management."""
