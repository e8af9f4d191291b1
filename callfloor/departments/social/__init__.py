"""Social media support."""
