"""
What management knows of personal data.

    places    where something of a customer stands, in whatever table
    archive   everything about one customer in one file
    seen      who saw, heard or took out something of one customer
    periods   how long what is kept
"""
