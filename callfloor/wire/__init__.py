"""
Protocols as bytes: SIP, SDP, RTP, G.711, DTMF, ng, link. Pure: bytes in, values out, and back.

Pure: bytes in, typed values out, and back.

Refuses: a socket, a clock, a decision about a contact.
"""
