"""
The process that serves pages, the API, server-sent events and the softphone's socket.

Refuses: decisions in time.
"""
