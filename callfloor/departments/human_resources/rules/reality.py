"""
What somebody's job description says against what the records say he did. Pure.

The unit of chance is a day: contacts of one day are alike, so that days and not contacts say how
sure a share is. Below a few days and contacts nothing is said at all, for a share of little is
chance. Refuses: work that leaves no trace in the records (a talk, a plan, a lesson), and a
judgment of the person: it is the description that may be wrong.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

KINDS: dict[str, frozenset[str]] = {
    "calls_in": frozenset(
        {
            "inbound.take_calls",
            "customer_service.answer_questions",
            "customer_service.solve_problems",
            "customer_service.handle_complaints",
            "technical_support.solve_faults",
            "sales.take_orders",
            "account_management.handle_billing",
            "escalations.take_over",
        }
    ),
    "calls_out": frozenset(
        {
            "outbound.call_out",
            "outbound.ask_surveys",
            "outbound.collect_debts",
            "sales.sell",
        }
    ),
    "callbacks": frozenset({"inbound.keep_promises", "outbound.call_out"}),
    "texts": frozenset({"customer_service.write_to_customers", "social.answer_posts"}),
    "cases": frozenset(
        {
            "customer_service.register_cases",
            "customer_service.handle_complaints",
            "technical_support.solve_faults",
            "account_management.handle_billing",
            "escalations.take_over",
        }
    ),
    "helping": frozenset(
        {
            "escalations.take_over",
            "inbound.hear_into_calls",
            "inbound.lead_team",
            "technical_support.solve_faults",
        }
    ),
}
"""A kind of work that the records know, and the duties of which each covers it."""
DAYS_MIN = 10  # Two weeks of work; the standard error of fewer days is itself a guess.
PARTS_MIN = 30  # As many contacts as the central limit is usually trusted from.
NORMAL_95 = 1.96
SHARE_FLAGGED = 0.2  # A day of each week: so much is a job of its own.
SHARE_UNUSED = 0.02  # Less than ten minutes of a day; as good as nothing.


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done on one day: one kind of work in one language."""

    day: int
    kind: str
    language: str
    parts: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share of the time with its 95 % limits."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """A kind of work, or a language."""

    key: str
    parts: int
    seconds: float
    share: float
    said_by: tuple[str, ...]
    """Duties of the description that cover it; nothing if it does not stand there."""


@dataclass(frozen=True, kw_only=True)
class Reality:
    """A description against what was done."""

    days: int
    parts: int
    seconds: float
    kinds: tuple[Row, ...]
    languages: tuple[Row, ...]
    beside: Share | None
    """How much of the time went to what the description does not say; None if it is too little
    to say."""
    unused: tuple[str, ...]
    """Kinds of work that the description says and that was hardly done."""
    verdict: str
    """too_little, fits, beside (clearly), perhaps."""


def kind_of(*, channel: str, direction: str, role: str) -> str:
    """Say which kind of work a part of a contact was."""
    if role != "serves":
        return "helping"
    if channel in ("chat", "mail"):
        return "texts"
    if channel == "case":
        return "cases"
    if direction == "callback":
        return "callbacks"
    return "calls_out" if direction == "out" else "calls_in"


def compare(done: Iterable[Done], *, duties: Iterable[str], languages: Iterable[str]) -> Reality:
    """Hold what was done against the duties and languages of a description."""
    rows = list(done)
    said, spoken = frozenset(duties), tuple(languages)
    kinds = _rows(rows, "kind", {kind: _covering(kind, said) for kind in KINDS})
    days = len({row.day for row in rows})
    parts = sum(row.parts for row in rows)
    beside = None
    if days >= DAYS_MIN and parts >= PARTS_MIN:
        beside = _beside(rows, said)
    is_known = beside is not None
    return Reality(
        days=days,
        parts=parts,
        seconds=sum(row.seconds for row in rows),
        kinds=kinds,
        languages=_rows(rows, "language", {each: (each,) for each in spoken}),
        beside=beside,
        unused=tuple(_unused(kinds, said)) if is_known else (),
        verdict=_verdict(beside),
    )


def _covering(kind: str, duties: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(KINDS[kind] & duties))


def _rows(done: list[Done], of: str, said_by: Mapping[str, tuple[str, ...]]) -> tuple[Row, ...]:
    parts: dict[str, int] = {}
    seconds: dict[str, float] = {}
    for row in done:
        key = row.kind if of == "kind" else row.language
        parts[key] = parts.get(key, 0) + row.parts
        seconds[key] = seconds.get(key, 0.0) + row.seconds
    whole = sum(seconds.values())
    found = [
        Row(
            key=key,
            parts=parts[key],
            seconds=seconds[key],
            share=seconds[key] / whole if whole else 0.0,
            said_by=said_by.get(key, ()),
        )
        for key in parts
    ]
    return tuple(sorted(found, key=lambda row: (-row.seconds, row.key)))


def _beside(done: list[Done], duties: frozenset[str]) -> Share | None:
    """
    Estimate the share of time beside the description, with the limits of a ratio of sums.

    Days are the clusters: var R = n / (n - 1) * sum (b_d - R a_d)^2 / (sum a_d)^2 (Cochran,
    Sampling Techniques, 3rd edition, 6.4).
    """
    all_by_day: dict[int, float] = {}
    beside_by_day: dict[int, float] = {}
    for row in done:
        all_by_day[row.day] = all_by_day.get(row.day, 0.0) + row.seconds
        if not _covering(row.kind, duties):
            beside_by_day[row.day] = beside_by_day.get(row.day, 0.0) + row.seconds
    whole = sum(all_by_day.values())
    if not whole:
        return None
    ratio = sum(beside_by_day.values()) / whole
    squares = sum((beside_by_day.get(d, 0.0) - ratio * a) ** 2 for d, a in all_by_day.items())
    count = len(all_by_day)
    error = NORMAL_95 * math.sqrt(count / (count - 1) * squares) / whole
    return Share(mean=ratio, low=max(0.0, ratio - error), high=min(1.0, ratio + error))


def _unused(kinds: tuple[Row, ...], duties: frozenset[str]) -> Iterable[str]:
    shares = {row.key: row.share for row in kinds}
    for kind in KINDS:
        if _covering(kind, duties) and shares.get(kind, 0.0) < SHARE_UNUSED:
            yield kind


def _verdict(beside: Share | None) -> str:
    if beside is None:
        return "too_little"
    if beside.low >= SHARE_FLAGGED:
        return "beside"
    return "fits" if beside.high < SHARE_FLAGGED else "perhaps"
