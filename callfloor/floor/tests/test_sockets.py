"""UDP sockets of the floor."""

import socket

import pytest

from callfloor.floor import sockets

pytestmark = pytest.mark.wire


def test_a_socket_holds_a_burst():
    with sockets.datagram(("127.0.0.1", 0)) as bound, sockets.datagram(("127.0.0.1", 0)) as other:
        usual = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        size = usual.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        usual.close()
        assert bound.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) >= size
        other.sendto(b"x", bound.getsockname())
        assert bound.getblocking() is False
