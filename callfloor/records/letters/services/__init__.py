"""
What changes letters.

    keep       the original of a message
    sending    a message that goes out, each step on disk before the next
    answering  whom a machine may answer
"""
