"""
Workforce: how much work will come, who is there for it, and what a change would do.

Refuses: to decide in time, and to change the centre. What is tried here stays in the twin.
"""
