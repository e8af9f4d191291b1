"""
`callfloor pool FILE --queues A,B`: what two queues gain from people who can do both.

A curve from nobody to everybody, with fewer heads if asked for, each point with its limits from the
twin on the same callers; where pooling stops helping, and how few heads keep both goals. Refuses:
to look at today's date, and to change anything.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callfloor.app.commands import DONE, REFUSED, WRONG_USE, Commands, simulate

if TYPE_CHECKING:
    from callfloor.blueprint.schema import Blueprint
    from callfloor.twin.intervals import Interval
    from callfloor.twin.pooling import Point, Tried

SHARES = (0, 20, 40, 60, 80, 100)
FEWER_MAX = 50  # Whoever could spare more of one pair of queues asks again with another file.
DIGITS = 6

EPILOG = """\
examples:
  callfloor pool centre.yaml --queues billing,orders
  callfloor pool centre.yaml --queues billing,orders --shares 0,10,20,100 --fewer 3 --days 20

exit status: 0 done, 1 a file has an error or says nothing of who calls, 2 wrong use"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the parser."""
    parser = commands.add_parser(
        "pool",
        help="what two queues gain from people who can do both",
        description="Cross-train a growing share of two queues' people in the twin, with all heads "
        "and with fewer: service level and occupancy with their limits, where it stops helping.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the blueprint, with a `demand` section")
    parser.add_argument("--queues", type=_pair, required=True, metavar="A,B", help="two queues")
    parser.add_argument(
        "--shares", type=_shares, default=SHARES, metavar="PERCENT,…",
        help="shares of people who can do both (default 0,20,40,60,80,100)",
    )  # fmt: skip
    parser.add_argument(
        "--fewer", type=_fewer, default=0, metavar="N", help="also with 1 to N heads fewer"
    )
    parser.add_argument("--days", type=simulate._days, default=simulate.DAYS, help="how many days")
    parser.add_argument("--seed", default="1", help="another number makes other people (default 1)")
    parser.add_argument(
        "--from", dest="first", type=simulate._date, default=simulate.FIRST_DAY, metavar="DATE",
        help=f"the first of consecutive days (default {simulate.FIRST_DAY})",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one document for programs, on stdout")
    parser.add_argument(
        "--progress-json", action="store_true",
        help='lines as {"done": 3, "of": 20} on stderr, for programs that wait',
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Try every point, and print the curve."""
    from callfloor.blueprint import demand, whatif

    file = simulate._blueprint(options.file)
    if isinstance(file, int):
        return file
    try:
        document = curve(
            file,
            queues=options.queues,
            shares=[share / 100 for share in options.shares],
            fewer=options.fewer,
            days=demand.working_days(file, first=options.first, many=options.days),
            seed=options.seed,
            progress=simulate._progress(options),
        )
    except demand.NoDemand as error:
        print(f"callfloor: {options.file}: {error} {error.hint}", file=sys.stderr)
        return REFUSED
    except whatif.Impossible as error:
        print(f"callfloor: {error}", file=sys.stderr)
        return WRONG_USE
    print(json.dumps(document, indent=1) if options.json else _table(document))
    return DONE


def curve(
    file: Blueprint,
    *,
    queues: tuple[str, str],
    shares: Sequence[float],
    fewer: int,
    days: Sequence[date],
    seed: str,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """
    Try every share with every number of heads; give the points as plain values.

    Raises NoDemand, whatif.Impossible.
    """
    from callfloor.twin import pooling

    goals = {key: file.queues[key].goal.share for key in queues if key in file.queues}
    rows, many = [], len(shares) * (fewer + 1)
    for count in range(fewer + 1):
        tried = [
            _tried(file, queues, share, count, days, seed, _part(progress, place, many))
            for place, share in enumerate(shares, start=count * len(shares))
        ]
        points = [pooling.point(each, goals=goals) for each in tried]
        rows.append((points, pooling.enough(tried, queues=queues)))
    return {
        "queues": list(queues),
        "days": len(days),
        "curves": [
            {
                "heads": points[0].heads,
                "enough_share": stops,
                "keeps_from_share": next((p.share for p in points if p.keeps), None),
                "points": [_plain(each) for each in points],
            }
            for points, stops in rows
        ],
    }


def _tried(
    file: Blueprint,
    queues: tuple[str, str],
    share: float,
    fewer: int,
    days: Sequence[date],
    seed: str,
    progress: Callable[[int, int], None] | None,
) -> Tried:
    from callfloor.blueprint import demand, whatif
    from callfloor.twin import experiment, pooling

    changed = whatif.cross_train(
        whatif.fewer(file, queues=queues, count=fewer), queues=queues, share=share
    )
    variant = demand.variant(changed, days=days)
    (found,) = experiment.run_days(variants=[variant], days=days, seed=seed, progress=progress)
    return pooling.Tried(share=share, people=whatif.pool(changed, queues=queues), days=found)


def _part(
    progress: Callable[[int, int], None] | None, place: int, many: int
) -> Callable[[int, int], None] | None:
    """Give what tells the progress of one of many points as a part of the whole."""
    if progress is None:
        return None

    def tell(done: int, of: int) -> None:
        progress(place * of + done, many * of)

    return tell


def _plain(point: Point) -> dict[str, Any]:
    return {
        "share": point.share,
        "service_level": _interval(point.service_level),
        "occupancy": _interval(point.occupancy),
        "queues": {key: _interval(each) for key, each in point.queues.items()},
        "keeps_goals": point.keeps,
    }


def _interval(found: Interval | None) -> dict[str, float | None]:
    if found is None:
        return {"mean": None, "low": None, "high": None}
    values = dataclasses.asdict(found)
    return {
        key: None if values[key] is None else round(values[key], DIGITS)
        for key in ("mean", "low", "high")
    }


def _table(document: dict[str, Any]) -> str:
    lines = [f"{' and '.join(document['queues'])}, {document['days']} days"]
    for each in document["curves"]:
        lines += ["", f"{each['heads']} heads   who can do both   service level        occupancy"]
        lines += [_line(point) for point in each["points"]]
        lines.append(_ends(each))
    return "\n".join(lines)


def _line(point: dict[str, Any]) -> str:
    share = f"{100 * point['share']:.0f} %"
    mark = "  both goals kept" if point["keeps_goals"] else ""
    level, busy = (_shown(point[key]) for key in ("service_level", "occupancy"))
    return f"{share:>24}   {level:<18}   {busy:<18}{mark}".rstrip()


def _shown(found: dict[str, float | None]) -> str:
    if found["mean"] is None:
        return "nobody came"
    if found["low"] is None or found["high"] is None:
        return f"{100 * found['mean']:.1f} %"
    return f"{100 * found['mean']:.1f} % ({100 * found['low']:.1f}-{100 * found['high']:.1f})"


def _ends(each: dict[str, Any]) -> str:
    if each["enough_share"] is None:
        return "Pooling helps to the end."
    return f"From {100 * each['enough_share']:.0f} % on no more of it is clearly better."


def _pair(text: str) -> tuple[str, str]:
    first, comma, second = text.partition(",")
    if not comma or not first or not second or "," in second:
        raise argparse.ArgumentTypeError(f"{text} are not two queues, as billing,orders")
    return first, second


def _shares(text: str) -> tuple[int, ...]:
    found = text.split(",")
    if not all(each.isdecimal() and int(each) <= 100 for each in found):
        raise argparse.ArgumentTypeError(f"{text} are no percentages from 0 to 100, as 0,20,100")
    return tuple(sorted({int(each) for each in found}))


def _fewer(text: str) -> int:
    if not text.isdecimal() or int(text) > FEWER_MAX:
        raise argparse.ArgumentTypeError(f"{text} is no number from 0 to {FEWER_MAX}")
    return int(text)
