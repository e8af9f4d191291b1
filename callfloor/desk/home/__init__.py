"""Where a person lands after signing in, and the way in itself."""
