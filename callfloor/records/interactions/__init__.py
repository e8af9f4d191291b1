"""
What happened: interactions with their queue entries, work, timeline, reasons and recordings.

Refuses: to decide. Everything here is projected from the floor's facts, but for the note.
"""
