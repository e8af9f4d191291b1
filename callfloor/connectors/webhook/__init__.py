"""
Other systems are told of what happens, and say something themselves; both by signed webhooks.

    kinds       what may be told, each with the fields that go out
    signing     Standard Webhooks signatures, both ways
    client      one request to an address that somebody has typed, and to no other
    hooks       who is told: made, switched off, listed
    deliveries  what is to be told to whom, and how far it is
    connector   sends what is due
    sources     who may say something: made, switched off, listed
    incoming    what comes of it
    pages       both lists, for whoever may change them

Refuses: personal values in what goes out. Ids do; whoever needs more asks the API with a token.
"""
