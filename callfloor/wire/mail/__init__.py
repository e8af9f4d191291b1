"""
Mail as bytes and as values: what came is read, what goes out is written.

    headers   words, addresses, message ids, Authentication-Results
    bodies    text, HTML and files of a MIME tree
    html      HTML that may be shown, and the text in it
    verdict   who wrote: a human, a machine, a list, or a server that gives a mail back
    read      one mail as a frozen value
    write     the bytes of one mail that goes out

Refuses: the network, and to judge whether a customer is meant. Whatever cannot be read is a
PeerError and nothing else; the bytes are the driver's to keep before it asks.
"""
