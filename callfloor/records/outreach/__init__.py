"""Promises to customers: calls at a time that was agreed on, and what became of them."""
