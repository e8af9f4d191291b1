"""
What changes promises.

    booking   a customer gets a time, or gives it back
    asking    a customer asks for it himself, from his case or from a chat
    handing   at its time it goes to the floor, and what came of it is written down
"""
