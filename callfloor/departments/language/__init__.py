"""Language support."""
