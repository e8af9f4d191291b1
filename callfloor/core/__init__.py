"""
Decisions in time: routing, presence, flows, calls. Pure: events in, actions and facts out.

Refuses: a clock, a socket, a random number, a log line, a framework.
"""
