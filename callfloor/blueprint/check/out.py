"""Calls out: what a client may call, by which trunks, what it costs and what it shows."""

import re
from collections.abc import Iterator

from callfloor.blueprint import money
from callfloor.blueprint.check.wording import unknown
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint, Client

Path = tuple[str, ...]
_E164 = re.compile(r"\+[1-9][0-9]{4,14}")
_BEGINNING = re.compile(r"\+[1-9]?[0-9]{0,14}")
_NEED = re.compile(r"[0-9]{2,6}")


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with zones, clients' calls out and money."""
    digits = money.digits(blueprint.centre.currency)
    if digits is None:
        wrong = f"`{blueprint.centre.currency}` is no currency."
        hint = "Write the three letters of ISO 4217, as `EUR`."
        yield Problem(id="E065", path=("centre", "currency"), wrong=wrong, hint=hint)
    yield from country(blueprint.centre.country, ("centre", "country"))
    yield from _zones(blueprint, digits)
    for key, client in blueprint.clients.items():
        yield from _client(blueprint, ("clients", key), client, digits)
    for index, number in enumerate(blueprint.emergency):
        if not _NEED.fullmatch(number):
            wrong = f"`{number}` is no number that is dialed in need."
            path = ("emergency", str(index))
            yield Problem(id="E036", path=path, wrong=wrong, hint='Write it as `"112"`.')


def country(name: str | None, path: Path) -> Iterator[Problem]:
    """Give a problem if there is no such country; without a name nothing is loaded for it."""
    if name is None:
        return
    from phonenumbers import SUPPORTED_REGIONS  # Takes 0.1 s to load.

    if name not in SUPPORTED_REGIONS:
        wrong = f"`{name}` is no country."
        hint = "Write the two letters of ISO 3166, as `HU`."
        yield Problem(id="E054", path=path, wrong=wrong, hint=hint)


def _zones(blueprint: Blueprint, digits: int | None) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for key, zone in blueprint.zones.items():
        for index, prefix in enumerate(zone.prefixes):
            path = ("zones", key, "prefixes", str(index))
            if not _BEGINNING.fullmatch(prefix):
                wrong = f"`{prefix}` is not how a number in E.164 begins."
                hint = 'Write it with + and the country, as `"+36"`; `"+"` is everything.'
                yield Problem(id="E063", path=path, wrong=wrong, hint=hint)
            elif prefix in seen:
                wrong = f"`{prefix}` stands in the zone `{seen[prefix]}` too."
                yield Problem(id="E063", path=path, wrong=wrong, hint="Keep one of them.")
            seen.setdefault(prefix, key)
        yield from _amount(zone.cost_minute, digits, ("zones", key, "cost_minute"))


def _client(
    blueprint: Blueprint, path: Path, client: Client, digits: int | None
) -> Iterator[Problem]:
    if client.caller_id is not None and not _E164.fullmatch(client.caller_id):
        wrong = f"`{client.caller_id}` cannot be shown to everybody who is called."
        hint = 'Write it with + and the country, as `"+36123456789"`.'
        yield Problem(id="E033", path=(*path, "caller_id"), wrong=wrong, hint=hint)
    for kind, fault, names, known in (
        ("trunk", "E061", client.trunks, blueprint.trunks.keys()),
        ("zone", "E062", client.zones, blueprint.zones.keys()),
    ):
        for index, name in enumerate(names):
            place = (*path, f"{kind}s", str(index))
            yield from unknown(fault=fault, kind=kind, name=name, known=known, path=place)
    yield from _way_out(blueprint, path, client)
    if client.cost_day_max is not None:
        yield from _amount(client.cost_day_max, digits, (*path, "cost_day_max"))


def _way_out(blueprint: Blueprint, path: Path, client: Client) -> Iterator[Problem]:
    known = [blueprint.trunks[name] for name in client.trunks if name in blueprint.trunks]
    if client.zones and len(known) == len(client.trunks) and not any(t.uri for t in known):
        wrong = "This client may call numbers, but no trunk of it leads out."
        hint = "Name a trunk that has a `uri:` under `trunks:`."
        yield Problem(id="E066", path=(*path, "zones"), wrong=wrong, hint=hint)


def _amount(text: str, digits: int | None, path: Path) -> Iterator[Problem]:
    if digits is not None and money.minor(text, digits=digits) is None:
        wrong = f"`{text}` is finer than the smallest coin."
        hint = f"Write it with at most {digits} digits after the point."
        yield Problem(id="E064", path=path, wrong=wrong, hint=hint)
