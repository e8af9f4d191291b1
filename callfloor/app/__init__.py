"""
The composition root: settings, addresses, wiring, supervisor, command line. The only place that knows everybody.
"""
