"""The records side from the floor's journal to what people read."""
