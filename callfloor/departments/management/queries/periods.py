"""How long what is kept: as the centre's file says, else as this version's standard does."""

from typing import Any

from callfloor.departments.management import rules
from callfloor.desk import centre as file
from callfloor.kernel import ports

PATH = "rules.privacy"


def kept() -> rules.Kept:
    """Give the days of each class."""
    said: Any = file.section("rules").get("privacy") or {}
    return rules.Kept(
        recordings_days=_days(said, "recordings_days"),
        messages_days=_days(said, "messages_days"),
        interactions_days=_days(said, "interactions_days"),
        notices_days=_days(said, "notices_days"),
    )


def _days(said: Any, name: str) -> int:
    value = said.get(name)
    return int(value if value is not None else ports.standard(f"{PATH}.{name}"))
