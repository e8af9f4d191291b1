"""
Callfloor: a contact centre in Python.
"""

__version__ = "0.1.0"
