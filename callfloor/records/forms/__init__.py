"""
Forms with branches in frozen versions, and their runs: scripts that lead an agent, and guides.

Refuses: texts without questions, which are `records.articles`.
"""
