"""What a leader switches on when something has happened."""
