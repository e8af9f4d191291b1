"""
The data folder of a centre: whose it is, which version made it, what need not be done again.

Standard library only: the supervisor keeps this in memory for months.
"""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

FORMAT = 1
"""Raise it when an older Callfloor could no longer read what this one writes."""
SUMMARY_FILE = "centre.json"
"""What the supervisor needs to know of a centre beside its plan; written by `prepare`."""
CENTRE_FILE = "centre.yaml"
"""What the records export, written after each change of the centre."""
FILE_NOTE = "file"
"""Names the file that the folder was last started with."""
_FORMAT_FILE = "callfloor.json"
_STAMPS_FILE = "stamps.json"
_LOCK_FILE = "lock"


class Unusable(Exception):
    """The folder cannot be used; the text says why and what to do."""


class Folder:
    """A data folder that this process holds alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None

    def take(self, *, version: str) -> None:
        """
        Make the folder if needed and hold it.

        Raises Unusable if another process holds it, or a newer Callfloor wrote it.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = (self.path / _LOCK_FILE).open("a+", encoding="ascii")
        except OSError as error:
            raise Unusable(f"{self.path} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise Unusable(
                f"{self.path} is in use by process {holder}. Stop that one, or give another --data."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock
        self._check_format(version)

    def release(self) -> None:
        """Let others have the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _check_format(self, version: str) -> None:
        path = self.path / _FORMAT_FILE
        known = _read(path)
        found = known.get("format", FORMAT)
        if not isinstance(found, int) or found > FORMAT:
            by = known.get("version", "a newer version")
            raise Unusable(
                f"{self.path} was written by Callfloor {by}, which this one ({version}) cannot "
                "read. Start that version, or give another --data."
            )
        if known.get("version") != version:
            write_whole(path, json.dumps({"format": FORMAT, "version": version}))

    def stamp(self, name: str) -> str | None:
        """Return what was noted when this part was last made."""
        stamp = _read(self.path / _STAMPS_FILE).get(name)
        return stamp if isinstance(stamp, str) else None

    def note(self, name: str, stamp: str) -> None:
        """Note that a part is made."""
        stamps = _read(self.path / _STAMPS_FILE)
        write_whole(self.path / _STAMPS_FILE, json.dumps({**stamps, name: stamp}))


def _read(path: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        value = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(value, dict):
            return value
    return {}


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never half."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def provider_of(sip: str) -> tuple[str, int]:
    """Return where the demo's provider listens: one port above the centre's SIP (HOST:PORT)."""
    host, _, port = sip.rpartition(":")
    return host, int(port) + 1


def hash_of(parts: Iterable[bytes]) -> str:
    """Return a short hash of all parts in their order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:24]
