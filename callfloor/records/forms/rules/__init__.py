"""
What a form is, whether one can be gone through, and what of it is owed. Pure.

    shape    nodes and branches, read from what somebody wrote, with what is wrong in it
    walking  the way through a form, and the sentences that a disposition needs
    counting where runs stall: time and drop-off by node
"""

KINDS = ("script", "guide")
"""script: words that lead a call of a queue; guide: steps that find a fault."""
REASONS = ("left", "refused", "known", "unfit")
"""Why a sentence was not said: the customer left, would not hear it, knows it, needs it not."""
