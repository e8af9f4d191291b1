"""What happened: a list, one interaction with its reasons, its recording."""
