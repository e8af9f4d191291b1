"""
The process that holds the exchange: SIP signalling, journal, feed and link on one asyncio loop.

Refuses: Django, RTP, and every decision that the core has not taken.
"""
