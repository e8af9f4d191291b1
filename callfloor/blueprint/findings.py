"""
What may be wrong with a blueprint: one id for each fault, and how a fault is told to its author.

Refuses: to look at a blueprint. `read`, `schema` and `check` find; here the ids are kept together,
so that no id is given twice and `docs/reference/blueprint.md` lists them all.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

FAULTS = {
    "E001": "The file cannot be read as YAML.",
    "E002": "A key is unknown, missing, or holds a value of the wrong kind.",
    "E003": "The same key stands twice in one place; only one of them could count.",
    "E004": "The file is too large.",
    "E005": "A preset is named that Callfloor does not have.",
    "E006": "A file is included that cannot be, or says what only the first file may say.",
    "E010": "A client is named that the file does not have.",
    "E011": "A queue is named that the file does not have.",
    "E012": "A calendar is named that the file does not have.",
    "E013": "A flow is named that the file does not have.",
    "E014": "A step is named that its flow does not have.",
    "E015": "A prompt is named that neither the file nor Callfloor has.",
    "E016": "A skill is named that the file does not have.",
    "E017": "A team is named that the file does not have.",
    "E018": "A disposition is named that the file does not have.",
    "E019": "A person is named that the file does not have.",
    "E020": "A step has no exit: nothing says what follows it.",
    "E021": "A step can never be reached.",
    "E022": "After wrong answers a menu leads neither to a queue nor to a message or callback.",
    "E023": "A caller can be caught here for ever: no way leads to an end.",
    "E024": "Two answers of one step have the same key.",
    "E025": "A queue's overflow names a step that a flow using the queue does not have.",
    "E026": "A number leads to the queue of another client.",
    "E027": "A queue has a longest wait without an overflow step, or the other way round.",
    "E030": "A prompt has no text in a language in which it may be said.",
    "E031": "A language is not spoken by the client.",
    "E032": "A number is neither E.164 nor a short number.",
    "E033": "The number that a client shows is not E.164.",
    "E034": "An extension stands twice, or is a number that means something else.",
    "E035": "The same user name stands twice; both would share one password.",
    "E036": "A number that is dialed in need is not written in digits.",
    "E040": "The tiers of a queue do not follow one another in time, beginning at 0.",
    "E041": "Nobody can serve a queue.",
    "E042": "A queue has no disposition that an agent could give.",
    "E050": "A time zone is not known.",
    "E051": "Days or hours are not written as they must be.",
    "E052": "Hours of one day overlap.",
    "E053": "The holidays of a country are not known.",
    "E054": "A country is not known.",
    "E060": "A trunk lets nobody in, or an address is not an IP address.",
    "E061": "A trunk is named that the file does not have.",
    "E062": "A zone is named that the file does not have.",
    "E063": "The beginning of a zone's numbers is not E.164, or stands in another zone too.",
    "E064": "An amount of money is finer than its currency.",
    "E065": "A currency is not known.",
    "E066": "A client may call numbers, but none of its trunks leads out.",
    "E067": "A trunk's address for calls out cannot be used.",
    "E068": "A trunk shall register, but does not say where or as whom.",
    "E070": "A person of the demo has no name or cannot sit where he is put.",
    "E071": "The number that the probe calls is not in the file.",
    "E072": "The probe presses a key that its first menu does not have.",
    "E073": "The probe would be put through to an agent.",
}
"""Each id with what it means; an id is never used again for another fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A fault found in the values, by the path to the value."""

    id: str
    """A key of FAULTS."""
    path: tuple[str, ...]
    """The keys and indices from the top of the file."""
    wrong: str
    """What is wrong, as a sentence."""
    hint: str
    """What to do about it, as a sentence."""

    def __post_init__(self) -> None:
        assert self.id in FAULTS, f"{self.id} is not a known fault"

    @property
    def severity(self) -> Severity:
        """Say whether the file is refused for it."""
        return severity_of(self.id)


def severity_of(fault: str) -> Severity:
    """Say how bad a fault is: ids that begin with W are warnings, those with E errors."""
    return "warning" if fault.startswith("W") else "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault with its place in the file."""

    id: str
    """The full id, as `blueprint.E014`."""
    file: str
    line: int
    """Counted from 1."""
    column: int
    """Counted from 1."""
    path: str
    """The place as the author thinks of it, as `flows.main.steps.menu`."""
    wrong: str
    hint: str
    severity: Severity = "error"
    """An error refuses the file; with warnings alone it is taken."""

    def __str__(self) -> str:
        where = f" (at {self.path})" if self.path else ""
        place = f"{self.file}:{self.line}:{self.column}"
        word = "" if self.severity == "error" else f"{self.severity}: "
        return f"{place}: {self.id}: {word}{self.wrong}{where}\n    {self.hint}"
