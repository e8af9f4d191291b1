"""
IT support: keeping the processes, lines and plans of the centre in order.

Refuses: anything about a customer.
"""
