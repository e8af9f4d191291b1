"""
Reading a question from what was typed, and keeping what was typed if it cannot be tried.

Refuses: to know what the centre has (services do).
"""

import json
from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from callfloor.departments.workforce import rules
from callfloor.desk.shaping.pages import changing

NUMBERS: dict[str, tuple[str, ...]] = {
    "sick": ("count",),
    "tier": ("after_seconds", "level"),
    "queue": ("goal_seconds", "goal_share", "ring_seconds", "wrap_up_seconds"),
    "more": ("percent",),
}
"""Which fields of a kind are numbers."""
KEYS: dict[str, tuple[str, ...]] = {
    "sick": ("team",),
    "merge": ("into", "merged"),
    "tier": ("queue", "skill"),
    "queue": ("queue",),
}
"""Which fields of a kind name something."""
PERCENT = frozenset({"goal_share"})
"""What is typed in percent and asked as a share."""
SIGNED_SECONDS = 24 * 3_600
"""So long a change that a page has shown may be tried; then the centre is another one."""
BYTES_MAX = 4 * rules.FILE_CHARACTERS_MAX  # A character of UTF-8 has up to four.


class Illegible(Exception):
    """What was typed is no number, or no text; `field` says where."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def number(text: str, *, field: str) -> float | None:
    """
    Read a number as people of six languages type it; None for nothing.

    Raises Illegible for what is no number.
    """
    plain = "".join(text.split()).replace("٫", ".").replace(",", ".")
    plain = plain.replace("−", "-").removesuffix("%").removesuffix("٪")
    if not plain:
        return None
    try:
        return float(plain)
    except ValueError as error:
        raise Illegible(field) from error


def whole(text: str, *, field: str) -> int:
    """Read a whole number; raises Illegible for anything else, and for nothing."""
    found = number(text, field=field)
    if found is None or found != int(found):
        raise Illegible(field)
    return int(found)


def question(kind: str, typed: Mapping[str, Any], *, people: list[str]) -> dict[str, Any]:
    """Make a question of a kind of what was typed; raises Illegible."""
    asked: dict[str, Any] = {"kind": kind}
    for field in KEYS.get(kind, ()):
        asked[field] = typed.get(field) or None
    for field in NUMBERS.get(kind, ()):
        found = number(typed.get(field, ""), field=field)
        asked[field] = found / 100 if found is not None and field in PERCENT else found
    if kind == "sick":
        asked["people"] = people
    return asked


def page(token: str) -> tuple[dict[str, Any], str]:
    """
    Give the question and the edits of a change that a page has shown and signed.

    Raises Illegible if it is none, or older than a day.
    """
    try:
        said = signing.loads(token, salt=changing.TRY_SALT, max_age=SIGNED_SECONDS)
    except signing.BadSignature as error:
        raise Illegible("page") from error
    edits = json.dumps(said.pop("edits"), ensure_ascii=False)
    return {"kind": "page", **said}, edits


def file(uploaded: UploadedFile | None) -> tuple[str, str]:
    """Give name and text of an uploaded file; raises Illegible if it is none that can be read."""
    if uploaded is None or not 0 < (uploaded.size or 0) <= BYTES_MAX:
        raise Illegible("file")
    try:
        return uploaded.name or "", uploaded.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Illegible("file") from error
