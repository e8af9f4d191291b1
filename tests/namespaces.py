"""
Two hosts on one machine: network namespaces with a cable between them, made and removed by a test.

Only what is inside these namespaces is touched. Needs the right to make them (root); whoever lacks
it is told the command.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HINT = "two hosts need network namespaces: run as root, apt-get install iproute2"


@dataclass(frozen=True, slots=True)
class Host:
    """One namespace with its address."""

    name: str
    address: str

    def command(self, *words: str) -> list[str]:
        """Return the command line that runs something on this host."""
        return ["ip", "netns", "exec", self.name, *words]

    def plug(self, *, up: bool) -> None:
        """Pull the cable out of this host, or put it back."""
        _ip("-n", self.name, "link", "set", f"{self.name}0", "up" if up else "down")

    def program(self, path: Path, program: str) -> Path:
        """Write a script that runs a program on this host; return its path."""
        path.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {program} "$@"\n')
        path.chmod(0o755)
        return path


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=10)


@contextlib.contextmanager
def two_hosts() -> Iterator[tuple[Host, Host]]:
    """Give two hosts that reach one another and nobody else."""
    tag = f"cf{os.getpid() % 100_000}"
    hosts = Host(f"{tag}a", "10.77.0.1"), Host(f"{tag}b", "10.77.0.2")
    made: list[str] = []
    try:
        try:
            for host in hosts:
                _ip("netns", "add", host.name)
                made.append(host.name)
            _cable(*hosts)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip(HINT)
        yield hosts
    finally:
        for name in made:
            with contextlib.suppress(subprocess.CalledProcessError):
                _ip("netns", "delete", name)


def _cable(one: Host, other: Host) -> None:
    ends = f"{one.name}0", f"{other.name}0"
    _ip("link", "add", ends[0], "netns", one.name, "type", "veth", "peer", "name", ends[1],
        "netns", other.name)  # fmt: skip
    for host, end in zip((one, other), ends, strict=True):
        _ip("-n", host.name, "address", "add", f"{host.address}/24", "dev", end)
        _ip("-n", host.name, "link", "set", end, "up")
        _ip("-n", host.name, "link", "set", "lo", "up")


def found(program: str, package: str) -> str:
    """Return a program's path, or skip and say what installs it."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed: apt-get install {package}")
    return path
