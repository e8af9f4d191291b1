"""What was said to the reader by leaders and departments, and what became of what he said."""
