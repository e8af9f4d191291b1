"""
What leaves.

    emptying    bytes of the erased, which nobody can read any more, are removed
    retention   what is older than the centre's rules allow is erased, in the night
"""
