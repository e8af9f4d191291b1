"""
Protocols as bytes: SIP, SDP, RTP, G.711, DTMF, ng, the link.

Pure: bytes in, typed values out, and back.

Refuses: a socket, a clock, a decision about a contact.
"""
