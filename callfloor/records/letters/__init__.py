"""
Letters: mails as they came and as they went, whole, beside the messages that people read.

The original of a message stays under its customer's key; what must be sent stands here until it
is known what became of it. Refuses: to speak with any server, and to send anything twice.
"""
