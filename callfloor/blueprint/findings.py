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
    "E028": "A queue cannot keep the appointments that it offers.",
    "E030": "A prompt has no text in a language in which it may be said.",
    "E031": "A language is not spoken by the client.",
    "E032": "A number is neither E.164 nor a short number.",
    "E033": "The number that a client shows is not E.164.",
    "E034": "An extension stands twice, or is a number that means something else.",
    "E035": "The same user name stands twice; both would share one password.",
    "E036": "A number that is dialed in need is not written in digits.",
    "E037": "What an emergency says has no text in a language of its callers.",
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
    "E080": "A duty is named that there is not.",
    "E081": "A department is named that this centre does not have.",
    "E082": "A role is named that is neither standard nor in the file.",
    "E083": "A measure is named that there is not.",
    "E084": "A site is named that the file does not have.",
    "E085": "Departments sit in one another's line in a circle.",
    "E086": "Two departments would answer for a duty.",
    "E087": "A department answers for a duty that nobody has.",
    "E088": "One person has two duties that must be apart.",
    "E089": "Only one person may decide something, so nobody could decide about him.",
    "E090": "No driver of an objective is seen in the objective's measure.",
    "E091": "A driver is named that the year does not have.",
    "E092": "A target is nobody's, or more than one's.",
    "E093": "A target is in a measure of no driver.",
    "E094": "A share is not between 0 and 1.",
    "E097": "A day of review is no day.",
    "E098": "What shall enforce an article is not in the file.",
    "E099": "An objective is named that the file does not have.",
    "E100": "A number is named that the file does not have.",
    "E101": "An answer is named that its step does not have.",
    "E102": "A break does not lie within its shift.",
    "E103": "A shift is longer than the rules of labour allow.",
    "E104": "A long shift has too little break.",
    "E105": "Somebody has two shifts at the same time.",
    "E106": "Somebody's shifts are more hours a week than the rules of labour allow.",
    "E107": "Somebody's shifts leave too little rest between two days.",
    "E109": "A department or role of the centre's own has no name.",
    "E110": "A department or role of the centre's own has no duty.",
    "E111": "A day has two factors.",
    "E115": "A mailbox neither receives nor sends.",
    "E116": "An address of a mailbox is none that mail can be fetched for.",
    "E117": "An address of a mailbox leads nowhere: it is not in the numbers.",
    "E118": "An address stands in two mailboxes.",
    "E119": "The addresses of a mailbox belong to several clients.",
    "E120": "A number or address leads to a queue of another channel.",
    "E121": "What is written to an address may end where nobody answers it.",
    "E130": "The stages of a kind of case do not lead from new to closed.",
    "E131": "A kind of case leaves out a stage to which a step of its own leads.",
    "E132": "A mailbox opens cases of a kind that is not used.",
    "E133": "A more urgent case is given more time than a less urgent one.",
    "E134": "A case is to be solved before it is answered.",
    "E135": "A proof is of a skill that the person does not have.",
    "E136": "Somebody vouches for himself.",
    "E137": "A day of a proof is no day, or it ends before it begins.",
    "E138": "A queue asks for a proof that nobody has who can serve it.",
    "W095": "A value is seen nowhere: it is a slogan.",
    "W096": "A driver is moved by nobody: no target is in its measures.",
    "W108": "Nobody who can serve a queue has a shift.",
    "W139": "A proof is over, or ends within 30 days.",
    "W140": "A queue asks for a proof, and of those who can serve it nobody has one that holds.",
    "W112": "A client speaks a language that is a skill, and none of its agents has it.",
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
