"""A centre whose file says who answers for what and where it is going, for tests of pages."""

import dataclasses
import hashlib
from collections.abc import Mapping

from callfloor.kernel.organisation import Organisation, Part, Place
from callfloor.records.people.services import PersonData, ProofData
from callfloor.records.routing import services as routing
from tests.records import scenes

BODY = """\
centre:
  name: Sample centre
direction:
  mission: {en: Every caller is served, fa: به هر تماس‌گیرنده‌ای خدمت می‌شود}
  vision: {en: The first call is the last}
  values:
    own_it: {name: {en: Own it}, quality: {en: Says what happens next}}
    smile: {name: {en: Smile}}
  years:
    "2025":
      objectives: {old: {name: Last year, kpi: service_level, target: 0.7, drivers: [staffing]}}
      drivers: {staffing: {name: Old staffing, kpis: [service_level]}}
    "2026":
      objectives:
        be_there:
          name: Be there when people call
          kpi: service_level
          target: 0.8
          drivers: [staffing]
      drivers:
        lonely: {name: Lonely driver, kpis: [service_level]}
        staffing: {name: Staffing follows demand, kpis: [service_level]}
      targets:
      - {kpi: service_level, value: 0.8, role: agent}
      - {kpi: service_level, value: 0.81, team: day}
      - {kpi: service_level, value: 0.82, person: bela}
      - {kpi: service_level, value: 0.83, person: zoe}
      - {kpi: service_level, value: 0.84, queue: billing}
      - {kpi: service_level, value: 0.85, queue: zeta_help}
prompts:
  hello: {en: Hello}
teams:
  day: {name: Day, department: inbound}
"""
NOBODYS = "quality.listen_to_contacts"
"""A duty of a department that nobody of this centre has."""


def organisation() -> Organisation:
    """Give two departments and roles that are no standard ones beside those that are."""
    return Organisation(
        places=(
            Place(key="management", duties=("management.run_centre",), head="mara"),
            Place(
                key="inbound",
                names={"en": "Front line", "fa": "خط مقدم"},
                host="management",
                supervised_by="marketing",
                merges=("outbound",),
                duties=("inbound.take_calls", "inbound.lead_team"),
            ),
            Place(key="marketing", host="management", duties=(NOBODYS,)),
        ),
        parts=(
            Part(key="agent", department="inbound", duties=("inbound.take_calls",)),
            Part(
                key="team_leader",
                department="inbound",
                duties=("inbound.take_calls", "inbound.lead_team"),
            ),
            Part(key="manager", department="management", duties=("management.run_centre",)),
            Part(key="it_support", duties=("it_support.keep_running",)),
            Part(key="guest", names={"en": "Guest"}, duties=()),
        ),
    )


def apply(*, proofs: Mapping[str, tuple[ProofData, ...]] | None = None) -> None:
    """
    Bring the records to the plan of the scene with an organisation and its file.

    `proofs` are those of people's skills, by person.
    """
    told = proofs or {}
    guest = PersonData(key="gala", name="Gala Gray", roles=("guest",), clients=("acme",))
    routing.apply_centre(
        plan=scenes.plan(),
        people=[
            dataclasses.replace(each, proofs=told.get(each.key, ()))
            for each in (*scenes.people(), guest)
        ],
        names=scenes.NAMES,
        dispositions=scenes.DISPOSITIONS,
        now=scenes.NOW,
        organisation=organisation(),
        file=routing.FileData(version=hashlib.sha256(BODY.encode()).hexdigest()[:12], body=BODY),
    )
