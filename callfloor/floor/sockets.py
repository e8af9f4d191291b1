"""
Sockets that asyncio does not make as we need them: UDP for bursts, TCP accepted one by one.

Refuses: to send or receive; that is asyncio's.
"""

import socket

RECEIVE_BYTES = 4 * 1024 * 1024  # VOICE.md; the kernel gives what net.core.rmem_max allows of it.


def datagram(address: tuple[str, int]) -> socket.socket:
    """Bind a socket that holds a second of a flood while the loop is late."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
    bound.setblocking(False)
    bound.bind(address)
    return bound


def listener(address: tuple[str, int], *, backlog: int) -> socket.socket:
    """Listen for connections that a loop accepts."""
    bound = socket.create_server(address, backlog=backlog)
    bound.setblocking(False)
    return bound
