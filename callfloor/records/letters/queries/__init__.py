"""
What is read of letters.

    threads    which contact a mail belongs to
    originals  the bytes of a mail, for whoever may read the contact
"""
