"""
Texts that people work by, in versions: knowledge, policies, procedures, products, ready answers.

Refuses: forms with branches, which are `records.forms`; and to say who may read what by itself.
"""
