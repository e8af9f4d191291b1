"""
Queues, opening hours and flows: shown, and changed after a look.

    changing  the frame of every such form: look, try, take
    queues    a queue's goal, times, limits and tiers
    hours     calendars: the list, one with its next days, its form
    history   what was changed in the file, by whom
    flows     flows: the list, one as a tree, its form
"""
