"""The chat as customers meet it: the script for other sites, its page, what is sent as a file."""
