"""A process for the supervisor's tests: reports its pid to a UDP port, then waits to be ended."""

import os
import signal
import socket
import sys


def main(port: str, manner: str) -> None:
    """Report and wait; the manner `stubborn` ignores SIGTERM, `brief` ends at once."""
    if manner == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(f"{manner} is up", flush=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as report:
        report.sendto(f"{manner} {os.getpid()}".encode(), ("127.0.0.1", int(port)))
    if manner != "brief":
        signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
