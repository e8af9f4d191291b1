"""
The plan as people read it: queues, flows, numbers, dispositions, and every version that held.

Refuses: to route. That is the exchange's.
"""
