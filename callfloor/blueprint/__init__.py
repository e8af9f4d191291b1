"""
A centre as a file: schema, reading, findings with line and hint, compiling, applying to records.

Refuses: half an application: a file is taken whole or not at all.
"""
