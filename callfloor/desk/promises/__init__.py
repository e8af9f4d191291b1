"""What customers were promised: callbacks that wait, and appointments."""
