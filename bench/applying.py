"""
How long a file of six hundred people takes to become the centre, and to become it again.

The bank of the presets with as many more agents, applied as `callfloor apply` does: checked,
compared with the records, written in one transaction on SQLite files. Refuses: to speak the
prompts; what is said depends on the file's words and not on its people.
"""

import json
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PEOPLE = 600
TARGET_SECONDS = 20.0
PRESET = Path(__file__).resolve().parents[1] / "blueprints" / "bank.yaml"


def main() -> None:
    """Print the figures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder))))


def measure(data: Path) -> dict[str, object]:
    """Apply twice, then a change, and give what each took."""
    from callfloor.app import applying

    applying.open_records(data)
    first = _apply(data, text_of(PEOPLE))
    again = _apply(data, text_of(PEOPLE))
    changed = _apply(data, text_of(PEOPLE, missed_away_after=3))
    from callfloor.records.people.models import Person

    return {
        "bench": "applying",
        "people": Person.objects.filter(is_active=True).count(),
        "seconds": round(first, 1),
        "again_seconds": round(again, 1),
        "change_seconds": round(changed, 1),
        "target_seconds": TARGET_SECONDS,
        "load_average": round(os.getloadavg()[0], 1),
        "meets_target": first < TARGET_SECONDS,
    }


def text_of(people: int, **changes: Any) -> str:
    """Give the preset's text with as many more agents as it lacks, and what else shall differ."""
    from callfloor.blueprint import canonical
    from callfloor.blueprint.check import check

    source = check(PRESET.read_text(encoding="utf-8"), file=str(PRESET)).blueprint
    assert source is not None, "a preset has no faults"
    names = [f"more_{n}" for n in range(people - len(source.people))]
    agent = source.people["agent"].model_copy(update={"phones": [], "extension": None})
    all_people = {**source.people, **dict.fromkeys(names, agent)}
    demo = source.demo
    if demo is not None:
        unnamed = next(iter(demo.people.values())).model_copy(
            update={"password": None, "phone_password": None}
        )
        called = {**demo.people, **dict.fromkeys(names, unnamed)}
        demo = demo.model_copy(update={"people": called})
    return canonical.text(source.model_copy(update={"people": all_people, "demo": demo, **changes}))


def _apply(data: Path, text: str) -> float:
    from callfloor.app import applying
    from callfloor.blueprint import standing
    from callfloor.blueprint.check import check

    began = time.perf_counter()
    checked = check(text, file="bench.yaml")
    assert checked.blueprint is not None, [str(each) for each in checked.findings[:3]]
    found = standing.of(checked.blueprint)
    nothing: dict[str, Any] = {"sip": None, "passwords": {}}
    assert found.blueprint is not None, "nobody else changes the centre of a bench"
    applying.take(found.blueprint, data=data, now=datetime.now(UTC), **nothing)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
