"""Cases as people work on them, and as their customers see them."""
