"""A centre with a direction and somebody in human resources, for the tests of this department."""

from callfloor.kernel.organisation import Organisation, Part, Place
from callfloor.records.people.services import PersonData
from callfloor.records.routing import services as routing
from tests.records import scenes

BODY = """\
centre:
  name: Sample centre
direction:
  mission: {en: Every caller is served, fa: به هر تماس‌گیرنده‌ای خدمت می‌شود}
  values:
    own_it: {name: {en: Own it, fa: کار را به سرانجام برسان}, interview: {en: When did you?}}
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
        staffing: {name: Staffing follows demand, kpis: [service_level]}
      targets:
      - {kpi: service_level, value: 0.85, role: agent}
articles:
  sop_calls: {name: {en: How a call is taken}, kind: sop, owner: team_leader, review: "2027-03-01"}
  refunds:
    name: {en: Refunds}
    kind: policy
    owner: manager
    review: "2026-01-31"
    supports: [be_there]
    enforced_by: [clients.acme.cost_day_max, rules.privacy.messages_days, rules.no.such]
  clean_desk: {name: {en: Clean desk}, kind: policy, owner: manager, review: "2027-06-30"}
clients:
  acme: {name: Acme, languages: [en, hu], cost_day_max: "50.00"}
  zeta: {name: Zeta, languages: [fa]}
calendars:
  office: {weekly: {mon-fri: ["08:00-18:00"]}}
skills:
  talk: {name: {en: Talking}}
queues:
  billing: {name: Billing, client: acme, tiers: [{requires: {talk: 2}}]}
"""
VERSION = "0123456789ab"
PLACES = (
    Place(key="management", duties=("management.run_centre",)),
    Place(
        key="inbound",
        names={"en": "Front line", "fa": "خط مقدم"},
        host="management",
        duties=("inbound.take_calls", "inbound.lead_team"),
    ),
    Place(key="human_resources", duties=("human_resources.write_job_descriptions",)),
)
AGENT = Part(key="agent", department="inbound", duties=("inbound.take_calls",))
PARTS = (
    AGENT,
    Part(
        key="team_leader",
        department="inbound",
        duties=("inbound.take_calls", "inbound.lead_team"),
    ),
    Part(key="manager", department="management", duties=("management.run_centre",)),
    Part(
        key="hr_partner",
        department="human_resources",
        duties=("human_resources.write_job_descriptions",),
    ),
    Part(key="it_support", duties=("it_support.keep_running",)),
    Part(key="guest", names={"en": "Guest"}, duties=()),
)
WIDER = (
    Part(
        key="agent",
        department="inbound",
        duties=("inbound.take_calls", "inbound.lead_team"),
    ),
    *PARTS[1:],
)
"""The same, when agents have begun to lead."""


def apply(*, body: str = BODY, version: str = VERSION, parts: tuple[Part, ...] = PARTS) -> None:
    """Bring the records to the plan of the scene with this organisation and file."""
    more = (
        PersonData(key="hana", name="Hana Hegyi", roles=("hr_partner",), clients=("acme",)),
        PersonData(key="gala", name="Gala Gray", roles=("guest",), clients=("acme",)),
    )
    routing.apply_centre(
        plan=scenes.plan(),
        people=[*scenes.people(), *more],
        names=scenes.NAMES,
        dispositions=scenes.DISPOSITIONS,
        now=scenes.NOW,
        organisation=Organisation(places=PLACES, parts=parts),
        file=routing.FileData(version=version, body=body),
    )
