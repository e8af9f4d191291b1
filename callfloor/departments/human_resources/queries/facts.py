"""
What descriptions are made of: roles from the records, duties from the manifests, the centre's file.

Refuses: a figure of its own. A target is the file's, or there is none.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from callfloor.departments.human_resources import rules
from callfloor.desk import centre as file
from callfloor.kernel import department
from callfloor.kernel.department import Duty
from callfloor.kernel.names import pick
from callfloor.kernel.organisation import Part
from callfloor.records.people import queries as people

Names = Mapping[str, str]

SIDES = {
    **dict.fromkeys(
        (
            "inbound.take_calls",
            "inbound.keep_promises",
            "customer_service.answer_questions",
            "customer_service.solve_problems",
            "customer_service.handle_complaints",
            "technical_support.solve_faults",
            "sales.take_orders",
            "account_management.handle_billing",
            "escalations.take_over",
        ),
        "inbound",
    ),
    **dict.fromkeys(
        (
            "outbound.call_out",
            "outbound.ask_surveys",
            "outbound.collect_debts",
            "sales.sell",
        ),
        "outbound",
    ),
}
"""Duties that are done with customers on the line, and who begins the talk."""
CORE = ("inbound.take_calls", "outbound.call_out", "sales.sell")
"""Those with which a role begins on a side where it has not been; the others are chosen."""
HOURS_MAX = 7  # A line for each day of the week; more than that nobody reads.


def works() -> tuple[rules.Work, ...]:
    """Give every duty of this version."""
    return tuple(_work(key, duty) for key, (_, duty) in department.duties().items())


def roles() -> tuple[rules.Role, ...]:
    """Give the roles of this centre with their duties, as its records have them."""
    known = {work.key: work for work in works()}
    organisation = people.organisation()
    places = {place.key: place.names for place in organisation.places}
    return tuple(_role(part, known, places) for part in organisation.parts)


def centre() -> rules.Centre:
    """Give what the file in force says of everybody's work."""
    direction = file.section("direction")
    year = _year(direction)
    return rules.Centre(
        mission=names(direction.get("mission")),
        values=tuple(
            rules.Value(
                key=key, names=names(said.get("name")), question=names(said.get("interview"))
            )
            for key, said in direction.get("values", {}).items()
        ),
        objectives=tuple(_objectives(direction, year)),
        languages=tuple(_languages()),
        levels=tuple(_levels()),
        hours=tuple(_hours())[:HOURS_MAX],
        targets=_targets(direction, year),
        articles={key: names(said.get("name")) for key, said in file.section("articles").items()},
    )


def objective_names() -> dict[str, str]:
    """Give what the objectives of the latest year are called, in the language in force."""
    direction = file.section("direction")
    found = _objectives(direction, _year(direction))
    return {each.key: pick(each.names, key=each.key) for each in found}


def _work(key: str, duty: Duty) -> rules.Work:
    return rules.Work(
        key=key,
        skills=duty.skills,
        lessons=duty.lessons,
        articles=duty.articles,
        kpis=duty.kpis,
        side=SIDES.get(key),
        is_core=key in CORE,
        apart_from=duty.apart_from,
    )


def _role(part: Part, known: Mapping[str, rules.Work], places: Mapping[str, Names]) -> rules.Role:
    return rules.Role(
        key=part.key,
        department=part.department,
        place_names=places.get(part.department or "", {}),
        environment=part.environment,
        works=tuple(known[key] for key in known if key in part.duties),
    )


def _year(direction: Mapping[str, Any]) -> str | None:
    """Give the latest year of which the file speaks."""
    return max(direction.get("years", {}), default=None)


def _objectives(direction: Mapping[str, Any], year: str | None) -> Iterator[rules.Objective]:
    if year is None:
        return
    said = direction["years"][year]
    for key, objective in said["objectives"].items():
        drivers = (said["drivers"].get(driver, {}) for driver in objective["drivers"])
        kpis = (objective["kpi"], *(kpi for driver in drivers for kpi in driver.get("kpis", ())))
        yield rules.Objective(key=key, year=year, names=names(objective["name"]), kpis=kpis)


def _targets(direction: Mapping[str, Any], year: str | None) -> dict[tuple[str, str | None], float]:
    """Give what is to be reached: by roles, and by everybody where an objective says so."""
    if year is None:
        return {}
    said = direction["years"][year]
    found: dict[tuple[str, str | None], float] = {
        (objective["kpi"], None): float(objective["target"])
        for objective in said["objectives"].values()
    }
    found |= {
        (target["kpi"], target["role"]): float(target["value"])
        for target in said.get("targets", ())
        if target.get("role")
    }
    return found


def _languages() -> list[str]:
    """Give the languages of all clients, in the order in which the file names them."""
    clients = file.section("clients").values()
    return list(dict.fromkeys(code for client in clients for code in client["languages"]))


def _levels() -> Iterator[rules.Level]:
    """Give the lowest level of each skill with which a contact of its kind is given."""
    lowest: dict[str, int] = {}
    for queue in file.section("queues").values():
        for tier in queue["tiers"]:
            for skill, level in tier["requires"].items():
                lowest[skill] = min(level, lowest.get(skill, level))
    skills = file.section("skills")
    for skill, level in lowest.items():
        yield rules.Level(skill=skill, names=names(skills[skill]["name"]), level=level)


def _hours() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the days of all calendars with their hours, each once."""
    found: dict[str, list[str]] = {}
    for calendar in file.section("calendars").values():
        for days, periods in calendar["weekly"].items():
            known = found.setdefault(days, [])
            known += [period for period in periods if period not in known]
    yield from ((days, tuple(sorted(periods))) for days, periods in found.items() if periods)


def names(text: Any) -> dict[str, str]:
    """Give a text of the file by language; one that is for everybody stands as English."""
    if not text:
        return {}
    return {"en": text} if isinstance(text, str) else {str(key): str(text[key]) for key in text}
