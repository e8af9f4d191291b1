"""
Bringing a data folder to a centre's file: the records, the plan, and the floor that runs.

Prompts are rendered before, so that nothing is named before it is there. The records are one
transaction, and `DATA/centre.yaml` is what they export, for whoever starts the folder without a
file. A floor that is not reached now gets the same plan at its next start, or from the worker.
Refuses: to decide whether a file may be applied (`blueprint.standing`).
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from callfloor.app.folder import (
    CENTRE_FILE,
    FILE_NOTE,
    SUMMARY_FILE,
    hash_of,
    provider_of,
    write_whole,
)
from callfloor.blueprint.compile import compile_plan
from callfloor.blueprint.schema import Blueprint
from callfloor.core import codec
from callfloor.core.plan import FloorPlan

PLAN_FILE = "plan.json"
YEARS_AHEAD = 2  # Holidays are put in for this year and so many more; each start looks again.
SOURCE_LENGTH = 12
LOOPBACK = "127.0.0.1"
FLOOR_SECONDS = 2.0  # A floor that runs welcomes within milliseconds; else it is not there.


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of it."""

    version: str
    """Of the centre's file."""
    plan: FloorPlan


def open_records(data: Path) -> None:
    """Make keys and tables of a folder ready, and set Django up on it."""
    import django

    from callfloor.kernel.keys import files

    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.create(data=data)
    os.environ["CALLFLOOR_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callfloor.app.settings")
    django.setup()
    from callfloor.app import database

    database.prepare()


def source_of(file: Path) -> str:
    """Give the short hash of an author's own text, by which a start knows it again."""
    return hash_of([file.read_bytes()])[:SOURCE_LENGTH]


def plan_of(blueprint: Blueprint, *, sip: str | None, now: datetime) -> FloorPlan:
    """
    Compile a blueprint with the holidays of this year and the next ones.

    `sip` is where a demo's telephones reach us, HOST:PORT; its trunks are made to fit.
    """
    years = range(now.year, now.year + YEARS_AHEAD + 1)
    return compile_plan(_with_provider(blueprint, sip=sip) if sip else blueprint, years=years)


def demo_sip(data: Path) -> str | None:
    """Give where the demo of this folder is reached by SIP; None if it is no demo's."""
    with contextlib.suppress(OSError, ValueError):
        summary = json.loads((data / SUMMARY_FILE).read_text(encoding="utf-8"))
        return summary.get("demo_sip")
    return None


def recorded_of(data: Path) -> Path:
    """Give the folder of recorded prompts: beside the file that the folder was started with."""
    with contextlib.suppress(OSError):
        return Path((data / FILE_NOTE).read_text(encoding="utf-8").strip()).parent / "prompts"
    return data / "recorded"


def take(
    blueprint: Blueprint,
    *,
    data: Path,
    sip: str | None,
    passwords: Mapping[str, str],
    now: datetime,
    by: str = "system",
    by_page: bool = False,
    on: str | None = None,
    source: str | None = None,
) -> Taken:
    """
    Apply a blueprint that may be applied; safe to do again.

    `on` is the version that must hold still. Raises records.routing.services.Overtaken.
    """
    from callfloor.blueprint import canonical
    from callfloor.blueprint.apply import apply

    floor_plan = plan_of(blueprint, sip=sip, now=now)
    version = apply(
        blueprint,
        floor_plan=floor_plan,
        passwords=passwords,
        is_demo=sip is not None,
        now=now,
        by=by,
        by_page=by_page,
        on=on,
        source=source,
    )
    write_whole(data / PLAN_FILE, codec.dumps(floor_plan))
    write_whole(data / CENTRE_FILE, canonical.text(blueprint, from_version=version))
    return Taken(version=version, plan=floor_plan)


def tell_floor(data: Path, floor_plan: FloorPlan) -> bool:
    """Hand a plan to the floor that runs on this folder; say whether it holds there now."""
    return _told(data, {"type": "plan", "plan": codec.to_plain(floor_plan)})


def tell_passwords(data: Path) -> bool:
    """Let the floor that runs on this folder read its passwords again; say whether they hold."""
    return _told(data, {"type": "passwords"})


def _told(data: Path, message: dict[str, Any]) -> bool:
    if not (data / "floor.sock").exists():
        return False
    return asyncio.run(_tell_floor(data, message))


async def _tell_floor(data: Path, message: dict[str, Any]) -> bool:
    from callfloor.kernel import link

    client = link.LinkClient(path=data / "floor.sock", role="apply", handlers=link.Handlers())
    talking = asyncio.create_task(client.run())
    try:
        await client.wait_connected(FLOOR_SECONDS)
        await client.request(message)
    except (link.FloorAway, link.FloorRefused):
        return False
    finally:
        talking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await talking
    return True


def _with_provider(blueprint: Blueprint, *, sip: str) -> Blueprint:
    """
    Fit the trunks to where the demo runs: its callers and its provider are on our own address.

    Trunks that lead out end at the provider, one port above our SIP.
    """
    host, port = provider_of(sip)
    has_provider = blueprint.demo is not None and blueprint.demo.provider is not None
    trunks = {}
    for key, trunk in blueprint.trunks.items():
        changes: dict[str, Any] = {}
        if LOOPBACK in trunk.addresses and host != LOOPBACK:
            changes["addresses"] = [*trunk.addresses, host]
        if trunk.uri is not None and has_provider:
            changes["uri"] = f"sip:{host}:{port}"
        trunks[key] = trunk.model_copy(update=changes)
    return blueprint.model_copy(update={"trunks": trunks})
