"""
Decisions in time: routing, presence, flows, calls. Pure: events in, actions and facts out, `now` as an argument.

Refuses: a clock, a socket, a random number, a log line, a framework.
"""
