"""
The file of a flow's tests: its shape, its names, and the instants that it means.

A case is turned into what `twin.flowtest` tries, with the place of every line kept, so that a
deviation is told where it was written. Refuses: to try anything.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, ValidationError, model_validator

from callfloor.blueprint import read, standard
from callfloor.blueprint.check import wording
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.schema.parts import Digit, Key, Language, Part, Words
from callfloor.twin import flowtest

Path = tuple[str, ...]
CASES_MAX = 2_000  # A file of more is read by nobody.
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9*]{1,40}#?$")]
Outcome = Literal[
    "message",
    "callback",
    "closed_hours",
    "self_served",
    "diverted",
    "left_in_flow",
    "abandoned_in_queue",
    "refused_no_capacity",
]
_OUTCOMES = {"message": "message_left", "callback": "callback_asked"}


class Step(Part):
    """One thing that the caller does; exactly one key."""

    hears: Key | None = None
    press: Digit | None = None
    types: Digits | None = None
    silence: Annotated[float, Field(gt=0, le=7_200)] | None = None
    waits: Key | None = None
    says: Annotated[float, Field(gt=0, le=600)] | None = None
    hang_up: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _word(cls, values: Any) -> Any:
        return {"hang_up": True} if values == "hang_up" else values

    @model_validator(mode="after")
    def _one(self) -> "Step":
        if len(self.model_fields_set) != 1:
            raise ValueError(f"write exactly one of {', '.join(type(self).model_fields)}")
        return self


class InQueue(Part):
    """The call waits at the end."""

    queue: Key


class CaseFile(Part):
    """One call: who, when, what he does, what must come of it."""

    case: Words
    call: str
    at: str
    calendar: Key | None = None
    caller: Literal["known", "unknown"] = "unknown"
    speaks: Language | None = None
    emergencies: list[Key] = []
    steps: list[Step] = []
    ends: Outcome | InQueue | None = None
    language: Language | None = None
    recorded: bool | None = None
    choices: list[Key] | None = None
    reason: Literal["wrong_input", "silence"] | None = None
    typed: dict[Key, int] | None = None


class TestFile(Part):
    """A whole file."""

    flow_tests: Annotated[list[CaseFile], Field(min_length=1, max_length=CASES_MAX)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with a test file."""

    file: str
    line: int
    column: int
    wrong: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.wrong}"


class Unreadable(Exception):
    """A test file cannot be used; `faults` say why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(*(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A case with where it was written."""

    file: str
    name: str
    index: int
    year: int
    """The local year of the call, whose holidays count."""
    case: flowtest.Case
    source: read.Source

    def place(self, deviation: flowtest.Deviation) -> tuple[int, int]:
        """Give line and column, from 1, of what was not as written."""
        path: Path = ("flow_tests", str(self.index))
        if deviation.move is not None:
            path = (*path, "steps", str(deviation.move))
        else:
            path = (*path, deviation.about)
        return _place(self.source, path)


def read_all(files: Mapping[str, str], *, blueprint: Blueprint) -> list[Written]:
    """
    Read test files, by name and text, for one centre.

    Raises Unreadable with everything that is wrong with any of them.
    """
    cases: list[Written] = []
    faults: list[Fault] = []
    for file, text in files.items():
        try:
            cases += _read(text, file=file, blueprint=blueprint)
        except Unreadable as error:
            faults += error.faults
    if faults:
        raise Unreadable(faults)
    return cases


def _read(text: str, *, file: str, blueprint: Blueprint) -> list[Written]:
    try:
        source = read.read(text, file=file)
    except read.Unreadable as error:
        raise Unreadable(
            [
                Fault(file=f.file, line=f.line, column=f.column, wrong=f.wrong)
                for f in error.findings
            ]
        ) from error
    try:
        whole = TestFile.model_validate(source.values)
    except ValidationError as error:
        raise Unreadable([_shape(source, each) for each in _errors(error)]) from error
    faults = [
        _fault(source, ("flow_tests", str(index), *path), wrong)
        for index, case in enumerate(whole.flow_tests)
        for path, wrong in _unknown(case, blueprint)
    ]
    if faults:
        raise Unreadable(faults)
    return [_written(case, index, source, blueprint) for index, case in enumerate(whole.flow_tests)]


# --- what is wrong with it ------------------------------------------------------------------------


def _errors(error: ValidationError) -> list[Any]:
    """Keep one error for each place; a union complains once for each member."""
    found: dict[tuple[str, ...], Any] = {}
    for each in error.errors(include_url=False):
        found.setdefault(tuple(str(part) for part in each["loc"][:5]), each)
    return list(found.values())


def _shape(source: read.Source, error: Any) -> Fault:
    path = tuple(str(part) for part in error["loc"])
    name = path[-1] if path else "the file"
    match error["type"]:
        case "extra_forbidden":
            known = {*CaseFile.model_fields, *Step.model_fields}
            wrong = f"`{name}` is no key of this place. {wording.guess(name, known)}"
        case "missing":
            wrong = f"`{name}` is missing."
        case _:
            wrong = f"`{name}`: {error['msg']}."
    return _fault(source, path, wrong)


def _fault(source: read.Source, path: Path, wrong: str) -> Fault:
    line, column = _place(source, path)
    return Fault(file=source.file, line=line, column=column, wrong=wrong)


def _place(source: read.Source, path: Path) -> tuple[int, int]:
    while path not in source.places:
        path = path[:-1]
    line, column = source.places[path]
    return line + 1, column + 1


def _unknown(case: CaseFile, blueprint: Blueprint) -> Iterator[tuple[Path, str]]:
    """Find names that the centre does not have, and instants that there are not."""
    prompts = {*blueprint.prompts, *standard.PROMPTS}
    yield from _name("number", case.call, blueprint.numbers, ("call",))
    yield from _name("calendar", case.calendar, blueprint.calendars, ("calendar",))
    for index, key in enumerate(case.emergencies):
        place = ("emergencies", str(index))
        yield from _name("emergency", key, blueprint.emergencies, place)
    for index, step in enumerate(case.steps):
        yield from _name("prompt", step.hears, prompts, ("steps", str(index), "hears"))
        yield from _name("queue", step.waits, blueprint.queues, ("steps", str(index), "waits"))
    if isinstance(case.ends, InQueue):
        yield from _name("queue", case.ends.queue, blueprint.queues, ("ends", "queue"))
    if case.speaks is not None and case.caller == "unknown":
        yield ("speaks",), "Whose language is known is `caller: known`."
    try:
        instant(case.at, ZoneInfo(blueprint.centre.timezone))
    except ValueError as error:
        yield ("at",), str(error)


def _name(kind: str, name: str | None, known: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if name is not None and name not in known:
        yield path, f"There is no {kind} `{name}`. {wording.guess(name, known)}"


# --- what it means --------------------------------------------------------------------------------


def instant(text: str, zone: ZoneInfo) -> datetime.datetime:
    """
    Return the instant of `2026-12-24 12:29:59`, local, or with an offset as `+01:00`.

    Raises ValueError if there is no such time, or two of them: in the night when clocks go back an
    offset says which of both is meant.
    """
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"`{text}` is no time; write it as `2026-12-24 12:29:59`.") from error
    if found.tzinfo is not None:
        return found
    local = found.replace(tzinfo=zone)
    other = local.replace(fold=1)
    if local.utcoffset() == other.utcoffset():
        return local
    if local.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) != found:
        raise ValueError(f"There is no {text} in {zone.key}: clocks are put forward that night.")
    raise ValueError(f"There are two {text} in {zone.key}; add the offset, as `+01:00`.")


def _written(case: CaseFile, index: int, source: read.Source, blueprint: Blueprint) -> Written:
    calendar = blueprint.calendars.get(case.calendar or "")
    zone = (calendar.timezone if calendar is not None else None) or blueprint.centre.timezone
    at = instant(case.at, ZoneInfo(zone))
    return Written(
        file=source.file,
        name=case.case,
        index=index,
        year=at.year,
        case=flowtest.Case(
            number=case.call,
            at=at.timestamp(),
            known=case.caller == "known",
            speaks=case.speaks,
            emergencies=tuple(case.emergencies),
            moves=tuple(_move(step) for step in case.steps),
            wanted=_wanted(case),
        ),
        source=source,
    )


def _move(step: Step) -> flowtest.Move:
    if step.hears is not None:
        return flowtest.Hears(step.hears)
    if step.press is not None:
        return flowtest.Presses(step.press)
    if step.types is not None:
        return flowtest.Types(step.types)
    if step.silence is not None:
        return flowtest.Silence(step.silence)
    if step.waits is not None:
        return flowtest.Waits(step.waits)
    if step.says is not None:
        return flowtest.Says(step.says)
    return flowtest.HangsUp()


def _wanted(case: CaseFile) -> flowtest.Wanted:
    in_queue = isinstance(case.ends, InQueue)
    return flowtest.Wanted(
        queue=case.ends.queue if isinstance(case.ends, InQueue) else None,
        outcome=None if in_queue else _OUTCOMES.get(str(case.ends), case.ends),  # type: ignore[arg-type]
        language=case.language,
        recorded=case.recorded,
        choices=None if case.choices is None else tuple(case.choices),
        reason=case.reason,
        typed=None if case.typed is None else tuple(case.typed.items()),
    )
