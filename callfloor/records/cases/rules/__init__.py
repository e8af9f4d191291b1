"""
How a case goes on, and by when something is owed. Pure: events in, states and instants out.

    clock    an instant from marks, a target and a calendar
    kinds    the kinds of case: their stages, fields and what is promised for them
    state    how a case stands after its events, and its two clocks
    words    secrets and cards taken out of what is pasted
"""
