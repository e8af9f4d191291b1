"""Shortcuts, definitions of figures, the glossary."""
