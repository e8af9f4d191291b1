"""
Management: running the centre as a whole, and answering for its data.

Refuses: figures of its own.
"""
