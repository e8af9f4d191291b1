"""
What a start was asked for, and what a data folder knows of its centre.

Standard library only. Refuses: to judge it; `network` and `serve` do.
"""

import argparse
import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callfloor.app import network, passwords
from callfloor.app.folder import CENTRE_FILE, FILE_NOTE, SUMMARY_FILE
from callfloor.app.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a start was asked for."""

    file: Path
    data: Path
    network: Network
    passwords: Path
    is_demo: bool
    is_quiet: bool
    seed: int


def options_of(asked: argparse.Namespace, *, starter: Path, demo: Path) -> Options:
    """Turn the command line into options; without a file the records' own, or a shipped one."""
    is_demo = asked.command == "demo"
    data = asked.data.resolve()
    return Options(
        file=(asked.file or (demo if is_demo else _last_file(data) or starter)).resolve(),
        data=data,
        network=_network(asked, data=data),
        passwords=(asked.passwords or passwords.place(data)).resolve(),
        is_demo=is_demo,
        is_quiet=is_demo and asked.quiet_floor,
        seed=asked.seed if is_demo else 0,
    )


def _network(asked: argparse.Namespace, *, data: Path) -> Network:
    return Network(
        host=asked.host,
        http=asked.http,
        sip=asked.sip,
        sip_tls=asked.sip_tls,
        advertise=asked.advertise,
        names=tuple(asked.name),
        pair=network.pair_of(asked.tls, data=data),
        media_ports=asked.media_ports,
        turn=network.Turn(url=asked.turn[0], user=asked.turn[1]) if asked.turn else None,
        is_insecure=asked.insecure,
    )


def _last_file(data: Path) -> Path | None:
    """Give what the records of a folder export, else the file that it was last started with."""
    if (data / CENTRE_FILE).is_file():
        return data / CENTRE_FILE
    with contextlib.suppress(OSError):
        path = Path((data / FILE_NOTE).read_text(encoding="utf-8").strip())
        return path if path.is_file() else None
    return None


def summary_of(data: Path) -> dict[str, Any]:
    """Return what `prepare` noted of the centre beside its plan."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads((data / SUMMARY_FILE).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    return {}
