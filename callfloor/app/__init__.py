"""
The composition root: settings, wiring, supervisor, command line. The only place that knows all.
"""
