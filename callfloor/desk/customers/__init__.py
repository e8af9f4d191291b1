"""Who has called: a list, one customer with the story."""
