"""
Passwords of telephones, trunks and the TURN server: one file that is nobody else's to read.

They stand in no blueprint. DATA/keys/passwords.json (or `--passwords FILE`) holds one JSON object,
user name to password, mode 0600; `callfloor password NAME` writes it. A telephone that knows no
SHA-256 has `{"password": …, "md5": true}`. Standard library
only.
"""

import json
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

GENERATED_BYTES = 15  # 120 bits, twenty characters; a telephone is told it once.
OTHERS = stat.S_IRWXG | stat.S_IRWXO

Kept = str | dict[str, str | bool]
"""A password, or one with what else is to be known of it."""


class Unreadable(Exception):
    """The file cannot be used; the text says why and what to do."""


def place(data: Path) -> Path:
    """Return where the file lies unless it is said otherwise."""
    return data / "keys" / "passwords.json"


def _read(path: Path) -> dict[str, Kept]:
    try:
        text = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error
    if mode & OTHERS:
        raise Unreadable(
            f"{path} holds passwords, and others on this machine may read it. chmod 600 {path}"
        )
    return _parse(path, text)


def read(path: Path) -> dict[str, str]:
    """
    Return passwords by user name; none if there is no file.

    Raises Unreadable if others may read the file, or if it is not what it should be.
    """
    kept = _read(path)
    return {name: v if isinstance(v, str) else str(v["password"]) for name, v in kept.items()}


def _parse(path: Path, text: str) -> dict[str, Kept]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"{path} is not JSON: {error}") from error
    if not isinstance(found, dict) or not all(map(_is_password, found.values())):
        raise Unreadable(f'{path} should be one object: {{"user name": "password"}}')
    return found


def _is_password(value: object) -> bool:
    if isinstance(value, dict):
        return value.keys() == {"password", "md5"} and _is_password(value["password"])
    return isinstance(value, str) and bool(value)


def write(path: Path, *, name: str, password: str, md5: bool = False) -> None:
    """
    Keep one password beside the others; `md5` for a telephone that knows nothing better.

    Raises Unreadable as `read` does.
    """
    write_all(path, {name: {"password": password, "md5": True} if md5 else password})


def write_all(path: Path, new: Mapping[str, Kept]) -> None:
    """
    Keep some passwords beside the others.

    Raises Unreadable as `read` does.
    """
    known = {**_read(path), **new}
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(known, file, indent=1, sort_keys=True)
    half.replace(path)


def draw() -> str:
    """Return a new password that nobody guesses."""
    return secrets.token_urlsafe(GENERATED_BYTES)
