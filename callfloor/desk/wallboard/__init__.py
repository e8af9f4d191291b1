"""Four numbers and one chart, readable from ten metres."""
