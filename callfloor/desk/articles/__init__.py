"""What people look up, write, approve and acknowledge."""
