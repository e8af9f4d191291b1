"""
What a job description says, what has changed in it, and which role fits. Pure: facts in, texts out.

A sentence here has no words, only what it speaks of and where that comes from; `queries/words.py`
says it in a language. Refuses: a sentence that comes from nowhere. What is said of a role traces to
a duty, a skill, a measure or a value.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Names = Mapping[str, str]
"""Language to name."""

SECTIONS = ("purpose", "duties", "bring", "measure", "learn", "work")
SOURCES = ("duty", "skill", "kpi", "value")
ENVIRONMENTS = ("inbound", "outbound", "hybrid")
INTERACTIONS = ("constant", "some", "none")
CONSTANT_SHARE = 0.5  # Whose duties are half with customers is with them for most of a day.


@dataclass(frozen=True, kw_only=True)
class Work:
    """A duty, as far as a description speaks of it."""

    key: str
    """`department.duty`."""
    skills: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    side: str | None = None
    """inbound or outbound if it is done with customers on the line, else None."""
    is_core: bool = False
    """Whether a role gets it as soon as it begins to work on its side."""
    apart_from: tuple[str, ...] = ()

    @property
    def department(self) -> str:
        """The department that answers for it."""
        return self.key.partition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role as it is in this centre, or as somebody wants it."""

    key: str
    department: str | None = None
    """Where it belongs; else where its first duty is."""
    place_names: Names = field(default_factory=dict)
    """What the centre calls that department; empty for the standard name."""
    environment: str | None = None
    """What the file says of it; else what its duties say."""
    works: tuple[Work, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its duties."""
        return tuple(work.key for work in self.works)

    @property
    def kpis(self) -> tuple[str, ...]:
        """What it is measured by, each once."""
        return _once(kpi for work in self.works for kpi in work.kpis)

    @property
    def skills(self) -> tuple[str, ...]:
        """What it asks of a person, each once."""
        return _once(skill for work in self.works for skill in work.skills)

    @property
    def surroundings(self) -> str | None:
        """inbound, outbound or hybrid; None for a role without customers on the line."""
        return self.environment or environment_of(self.works)

    @property
    def interaction(self) -> str:
        """How much of the work is with customers: constant, some or none."""
        return interaction_of(self.works)


@dataclass(frozen=True, kw_only=True)
class Value:
    """Something that the centre holds dear."""

    key: str
    names: Names
    question: Names = field(default_factory=dict)
    """What an applicant is asked about it; empty if nothing."""


@dataclass(frozen=True, kw_only=True)
class Objective:
    """What the centre wants to reach in a year."""

    key: str
    year: str
    names: Names
    kpis: tuple[str, ...]
    """Its own measure and those of its drivers."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """A skill that a queue asks for."""

    skill: str
    names: Names
    level: int


@dataclass(frozen=True, kw_only=True)
class Centre:
    """What holds for every role of the centre."""

    mission: Names = field(default_factory=dict)
    values: tuple[Value, ...] = ()
    objectives: tuple[Objective, ...] = ()
    languages: tuple[str, ...] = ()
    """Spoken to customers."""
    levels: tuple[Level, ...] = ()
    hours: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Days and their hours, as `mon-fri` and `08:00-12:30`, `13:00-18:00`."""
    targets: Mapping[tuple[str, str | None], float] = field(default_factory=dict)
    """By measure and role; the role is None for what everybody is to reach."""
    lessons: Mapping[str, Names] = field(default_factory=dict)
    articles: Mapping[str, Names] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence of a description, in no language."""

    section: str
    kind: str
    """Which words say it."""
    trace: str
    """Where it comes from: `duty:…`, `skill:…`, `kpi:…` or `value:…`."""
    about: str = ""
    """What else it names, such as a lesson, so that two of one trace are told apart."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What it says of that: plain values that JSON can hold."""
    proofs: tuple[str, ...] = ()
    """How it is seen that somebody has it: `question:…`, `test:…`, `lesson:…`, `article:…`."""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What stays the same when its values change."""
        return self.section, self.kind, self.trace, self.about


@dataclass(frozen=True, kw_only=True)
class Change:
    """How two descriptions differ."""

    added: tuple[Sentence, ...]
    removed: tuple[Sentence, ...]
    changed: tuple[tuple[Sentence, Sentence], ...]
    """As it was and as it is."""

    @property
    def is_none(self) -> bool:
        """Say whether both say the same."""
        return not (self.added or self.removed or self.changed)


def describe(role: Role, *, centre: Centre) -> tuple[Sentence, ...]:
    """Return what is to be said of a role, section by section."""
    if not role.works:
        return ()
    parts = (_purpose, _duties, _bring, _measure, _learn, _surroundings)
    return tuple(sentence for part in parts for sentence in part(role, centre))


def _purpose(role: Role, centre: Centre) -> Iterator[Sentence]:
    if centre.mission:
        yield Sentence(
            section="purpose",
            kind="mission",
            trace="value:mission",
            values={"names": dict(centre.mission)},
        )
    place = role.department or role.works[0].department
    its = next((w for w in role.works if w.department == place), role.works[0])
    yield Sentence(
        section="purpose",
        kind="place",
        trace=f"duty:{its.key}",
        values={"department": place, "names": dict(role.place_names)},
    )
    for objective in centre.objectives:
        shared = [kpi for kpi in objective.kpis if kpi in role.kpis]
        if shared:
            yield Sentence(
                section="purpose",
                kind="objective",
                trace=f"kpi:{shared[0]}",
                about=objective.key,
                values={"names": dict(objective.names), "year": objective.year},
            )


def _duties(role: Role, centre: Centre) -> Iterator[Sentence]:
    for work in role.works:
        proofs = (
            *_tagged("question", work.skills),
            *_tagged("lesson", work.lessons),
            *_tagged("article", work.articles),
        )
        yield Sentence(
            section="duties",
            kind="duty",
            trace=f"duty:{work.key}",
            values={"department": work.department},
            proofs=proofs,
        )


def _bring(role: Role, centre: Centre) -> Iterator[Sentence]:
    for skill in role.skills:
        yield Sentence(
            section="bring",
            kind="competence",
            trace=f"skill:{skill}",
            proofs=(f"question:{skill}",),
        )
    if role.interaction == "none":
        return
    for language in centre.languages:
        yield Sentence(
            section="bring",
            kind="language",
            trace=f"skill:{language}",
            proofs=("test:language",),
        )
    if any(work.side == "inbound" for work in role.works):
        yield from (_level(each) for each in centre.levels)


def _level(level: Level) -> Sentence:
    return Sentence(
        section="bring",
        kind="level",
        trace=f"skill:{level.skill}",
        about="queue",
        values={"names": dict(level.names), "level": level.level},
        proofs=("test:contact",),
    )


def _measure(role: Role, centre: Centre) -> Iterator[Sentence]:
    for kpi in role.kpis:
        target = centre.targets.get((kpi, role.key), centre.targets.get((kpi, None)))
        yield Sentence(section="measure", kind="kpi", trace=f"kpi:{kpi}", values={"target": target})


def _learn(role: Role, centre: Centre) -> Iterator[Sentence]:
    for kind, names in (("lesson", centre.lessons), ("article", centre.articles)):
        seen: set[str] = set()
        for work in role.works:
            for key in work.lessons if kind == "lesson" else work.articles:
                if key in seen:
                    continue
                seen.add(key)
                yield Sentence(
                    section="learn",
                    kind=kind,
                    trace=f"duty:{work.key}",
                    about=key,
                    values={"names": dict(names.get(key, {}))},
                )


def _surroundings(role: Role, centre: Centre) -> Iterator[Sentence]:
    first = next((work for work in role.works if work.side), role.works[0])
    trace = f"duty:{first.key}"
    for kind, said in (("environment", role.surroundings), ("interaction", role.interaction)):
        yield Sentence(
            section="work", kind=kind, trace=trace, values={"is": said or "off_the_line"}
        )
    if centre.hours and role.interaction != "none":
        hours = [[days, list(periods)] for days, periods in centre.hours]
        yield Sentence(section="work", kind="hours", trace=trace, values={"hours": hours})
    for value in centre.values:
        yield Sentence(
            section="work",
            kind="value",
            trace=f"value:{value.key}",
            values={"names": dict(value.names)},
            proofs=(f"question:value.{value.key}",) if value.question else (),
        )


def environment_of(works: Iterable[Work]) -> str | None:
    """Say what the duties make of a place of work; None without customers on the line."""
    sides = {work.side for work in works if work.side}
    return "hybrid" if len(sides) > 1 else next(iter(sides), None)


def interaction_of(works: Sequence[Work]) -> str:
    """Say how much of the duties is with customers."""
    share = sum(work.side is not None for work in works) / len(works) if works else 0.0
    if share == 0:
        return "none"
    return "constant" if share >= CONSTANT_SHARE else "some"


def changes(before: Sequence[Sentence], after: Sequence[Sentence]) -> Change:
    """
    Return which sentences a description has gained, lost, and says otherwise.

    Another question or lesson to see the same thing by is no change for whoever holds the role.
    """
    old = {sentence.identity: sentence for sentence in before}
    new = {sentence.identity: sentence for sentence in after}
    return Change(
        added=tuple(new[key] for key in new if key not in old),
        removed=tuple(old[key] for key in old if key not in new),
        changed=tuple(
            (old[key], new[key]) for key in new if key in old and old[key].values != new[key].values
        ),
    )


def without_proof(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Return what is asked of a person and seen by nothing: no question, test or lesson."""
    asked = ("duty", "competence", "language", "level", "value")
    return tuple(each for each in sentences if each.kind in asked and not each.proofs)


def without_target(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Return the measures for which nobody has said how much is enough."""
    return tuple(
        each for each in sentences if each.kind == "kpi" and each.values.get("target") is None
    )


def contradicts_itself(role: Role) -> bool:
    """Say whether the file calls the place of work something that the duties do not make it."""
    return role.environment is not None and role.environment != environment_of(role.works)


def apart(works: Sequence[Work]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of duties that one person may not have together."""
    keys = {work.key for work in works}
    pairs = {tuple(sorted((w.key, other))) for w in works for other in w.apart_from}
    return tuple(sorted((one, two) for one, two in pairs if one in keys and two in keys))


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a manager says of the post that he wants to fill; what is empty was not answered."""

    goals: tuple[str, ...] = ()
    """Departments whose work is to be done."""
    skills: tuple[str, ...] = ()
    environment: str | None = None
    interaction: str | None = None
    values: tuple[str, ...] = ()
    """Which of the centre's values count above all."""
    into: tuple[str, ...] = ()
    """Duties to be added."""
    out: tuple[str, ...] = ()
    """Duties to be left out."""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing has been said by which a role could be found."""
        return not (self.goals or self.skills or self.environment or self.interaction)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How well a role fits."""

    role: str
    points: Mapping[str, float]
    """By criterion, 0 to 1; only those that were answered."""

    @property
    def share(self) -> float:
        """The mean over what was answered."""
        return sum(self.points.values()) / len(self.points) if self.points else 0.0


def fits(answers: Answers, roles: Iterable[Role]) -> list[Fit]:
    """Return the roles, the best fitting first and by key among equals."""
    found = [Fit(role=role.key, points=_points(answers, role)) for role in roles if role.works]
    return sorted(found, key=lambda fit: (-fit.share, fit.role))


def _points(answers: Answers, role: Role) -> dict[str, float]:
    points = {}
    if answers.goals:
        points["goals"] = _dice(answers.goals, _once(work.department for work in role.works))
    if answers.skills:
        points["skills"] = _dice(answers.skills, role.skills)
    if answers.environment:
        points["environment"] = _near(answers.environment, role.surroundings)
    if answers.interaction:
        points["interaction"] = _near_interaction(answers.interaction, role.interaction)
    return points


def _dice(wanted: Sequence[str], has: Sequence[str]) -> float:
    """
    Return how much two sets agree, 0 to 1.

    The coefficient of L. R. Dice (1945): a role that does everything must not fit everything.
    """
    both = len(set(wanted) & set(has))
    return 2 * both / (len(set(wanted)) + len(set(has)))


def _near(wanted: str, has: str | None) -> float:
    """Half of a hybrid place is either side."""
    if wanted == has:
        return 1.0
    return 0.5 if has is not None and "hybrid" in (wanted, has) else 0.0


def _near_interaction(wanted: str, has: str) -> float:
    distance = abs(INTERACTIONS.index(wanted) - INTERACTIONS.index(has))
    return 1.0 - distance / (len(INTERACTIONS) - 1)


def tailor(role: Role, answers: Answers, *, works: Sequence[Work]) -> Role:
    """
    Return the role as the answers want it: duties in and out, and the place of work.

    `works` are all duties there are. A side of the line that is wanted and missing brings its
    core; one that is not wanted goes. What the manager names himself wins.
    """
    wanted = {work.key for work in role.works}
    if answers.environment:
        sides = set(ENVIRONMENTS[:2]) if answers.environment == "hybrid" else {answers.environment}
        wanted -= {work.key for work in role.works if work.side and work.side not in sides}
        for side in sides - {work.side for work in role.works}:
            wanted |= {work.key for work in works if work.is_core and work.side == side}
    if answers.interaction == "none":
        wanted -= {work.key for work in works if work.side}
    wanted = (wanted | set(answers.into)) - set(answers.out)
    chosen = tuple(work for work in works if work.key in wanted)
    return replace(role, works=chosen, environment=environment_of(chosen))


def above_all(centre: Centre, values: Sequence[str]) -> Centre:
    """Return the centre with only the values that count above all, or with all if none do."""
    kept = tuple(value for value in centre.values if value.key in values)
    return replace(centre, values=kept) if kept else centre


def _tagged(kind: str, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{kind}:{key}" for key in keys)


def _once(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(keys))


def lines_of_file(role: Role, tailored: Role) -> Iterator[str]:
    """Yield the lines of a centre's file that make the role what it was tailored to."""
    into = [key for key in tailored.keys if key not in role.keys]
    out = [key for key in role.keys if key not in tailored.keys]
    yield "roles:"
    yield f"  {role.key}:"
    if into:
        yield f"    duties: [{', '.join(into)}]"
    if out:
        yield f"    without: [{', '.join(out)}]"
    if tailored.environment:
        yield f"    environment: {tailored.environment}"
