"""
What the records side leans on: duties, access, audit, outbox, refusals, ports, keys, fields.

Refuses: knowledge of any noun, department or page.
"""
