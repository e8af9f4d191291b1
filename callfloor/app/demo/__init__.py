"""
The demo: made-up customers who call over real SIP, made-up agents who answer, and a day of history.

Refuses: to be anything but a guest. It speaks SIP, RTP and the link as any telephone and any page
does, and nothing in the rest of the house knows that it is there.
"""
