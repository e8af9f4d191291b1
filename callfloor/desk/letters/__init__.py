"""
The original of a mail: as it came, its HTML without anything that runs, its files.

Refuses: to show what a stranger wrote as a page of ours; each answer is a sandbox.
"""
