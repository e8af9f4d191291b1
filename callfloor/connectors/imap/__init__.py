"""
Mail that comes in: fetched by IMAP, kept raw, then made a contact.

    client     one connection, by UID only
    connector  fetches what is new and waits for more
    spool      mails that were fetched, encrypted, until they are contacts
    intake     what becomes of a mail
    answers    what the centre writes by itself

Refuses: to parse a mail that is not on the disk yet, and to lose one that cannot be parsed.
"""
