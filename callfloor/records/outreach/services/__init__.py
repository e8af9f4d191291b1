"""
What changes promises.

    booking   a customer gets a time, or gives it back
    handing   at its time it goes to the floor, and what came of it is written down
"""
