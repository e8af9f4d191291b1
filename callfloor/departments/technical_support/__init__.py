"""Technical support."""
