"""
The centre's own keys as files: made once, at the first start, readable by their owner only.

Refuses: Django, because the settings need Django's secret; and to make a key again that is there.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from callfloor.wire import seal

FOLDER = "keys"
KEY_BYTES = 32
SECRET_CHARACTERS = 64


@dataclass(frozen=True, kw_only=True)
class CentreKeys:
    """What a process of the records side holds."""

    private: bytes
    """X25519, opens what the floor and the media have sealed."""
    token: bytes
    """HMAC key of blind indexes and callers' tokens."""


def create(*, data: Path) -> None:
    """Make whatever key file is missing in a data folder; keep the others."""
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_once(folder / "centre.key", secrets.token_bytes(KEY_BYTES))
    private = (folder / "centre.key").read_bytes()
    _write_once(folder / "centre.pub", seal.public_key_of(private))
    _write_once(folder / "token.key", secrets.token_bytes(KEY_BYTES))
    _write_once(folder / "secret.key", secrets.token_urlsafe(SECRET_CHARACTERS).encode())


def read(*, data: Path) -> CentreKeys:
    """Read the keys that open personal values."""
    folder = data / FOLDER
    return CentreKeys(
        private=(folder / "centre.key").read_bytes(), token=(folder / "token.key").read_bytes()
    )


def secret(*, data: Path) -> str:
    """Give Django's secret, made together with the other keys if this is the first start."""
    path = data / FOLDER / "secret.key"
    if not path.exists():
        create(data=data)
    return path.read_text(encoding="ascii")


def _write_once(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: two processes may start at the same moment."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # Fails if somebody was faster; his key counts.
    except FileExistsError:
        pass
    finally:
        draft.unlink()
