"""
The process that carries audio: RTP relay, prompts, digits, mixing, browser legs, recording.

Refuses: Django, and any decision about who hears whom.
"""
