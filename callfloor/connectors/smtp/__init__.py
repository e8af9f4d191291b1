"""
Mail that goes out: one message after the other is handed to a server, each at most once.

    client    one connection by which mail is handed in
    outgoing  what a message of an interaction is as a mail
    connector sends what is to be sent

Refuses: to send what may have left already.
"""
