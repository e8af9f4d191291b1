"""
A file becomes the centre while callers are there, and a leader closes it while they call.

The whole centre runs with all its processes; `callfloor apply` is one more, as a manager starts it.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from callfloor.app import supervisor
from tests import phones
from tests.journeys import caller
from tests.journeys import stack as stacks
from tests.journeys.waiting import until, wait_until

pytestmark = pytest.mark.journey

SECONDS = 60.0  # One more interpreter with Django on a machine that is busy.
EMERGENCY = "closed_today"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stacks.Stack]:
    """Run a centre of this module alone: its plan changes."""
    folder = tmp_path_factory.mktemp("applying")
    made = stacks.Stack(folder / "data")
    try:
        made.start("demo", str(stacks.blueprint(folder / "centre.yaml")), "--quiet-floor")
        yield made
    finally:
        made.stop()


def command(centre: stacks.Stack, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of `callfloor` on the centre's data."""
    return subprocess.run(
        [sys.executable, "-m", "callfloor.app.cli", *words, "--data", str(centre.data)],
        env=supervisor.environment({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def edited(path: Path, edit: Any) -> Path:
    """Change a file as its author would."""
    yaml = YAML()
    values = yaml.load(path.read_text(encoding="utf-8"))
    edit(values)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(values, file)
    return path


def exported(centre: stacks.Stack) -> Path:
    """Write what the records hold beside the data."""
    path = centre.data.parent / "exported.yaml"
    done = command(centre, "export", "-o", str(path))
    assert done.returncode == 0, done.stderr
    return path


def other_digits(values: dict[str, Any]) -> None:
    """Lead 905 to an end instead of a question, and let 907 wait by another rule."""
    values["flows"]["halden_digits"] = {
        "version": 2,
        "first": "bye",
        "steps": {"bye": {"do": "end", "prompt": "type"}},
    }
    values["queues"]["waiting"]["choose"] = "best_skilled"


def steps(centre: stacks.Stack, item: str) -> list[str]:
    """Name the steps that a call has entered."""
    return [fact["step"] for fact in centre.facts("StepEntered") if fact["item"] == item]


async def arrived(centre: stacks.Stack, *, after: int) -> str:
    """Give the item of the call that has come after a row."""
    found = await until(lambda: centre.facts("Arrived", after=after))
    item: str = found[0]["item"]
    return item


async def test_a_file_is_applied_while_callers_are_there(centre):
    """One asks his way, one waits, one talks; none of them notices, and the next caller does."""
    agent = await phones.Agent.sit_down(centre, "served_0", talk_seconds=None)
    sip, seq = centre.sip, centre.seq()
    async with caller.calling(sip, "906") as talks, caller.calling(sip, "907") as waits:
        await until(lambda: centre.facts("Bridged", after=seq))
        await until(lambda: len(centre.facts("Queued", after=seq)) == 2)
        old_seq = centre.seq()
        async with caller.calling(sip, "905") as asks:
            old = await arrived(centre, after=old_seq)
            file = edited(await asyncio.to_thread(exported, centre), other_digits)
            changed_seq = centre.seq()
            done = await asyncio.to_thread(command, centre, "apply", str(file), "--yes")
            assert done.returncode == 0, done.stderr
            assert "the floor runs by it now" in done.stderr
            assert "flows.halden_digits.first: notice -> bye" in done.stdout
            assert len(centre.facts("PlanApplied", after=changed_seq)) == 1
            assert centre.facts("Closed", after=seq) == []
            new_seq = centre.seq()
            async with caller.calling(sip, "905"):
                new = await arrived(centre, after=new_seq)
                await until(lambda: steps(centre, new) == ["bye"])
            await until(lambda: "billing" in steps(centre, old))
            assert not asks.ended.is_set()
        board = await centre.board()
        assert len(board["queues"]["waiting"]["waiting"]) == 1
        assert board["agents"]["served_0"]["state"] == "talking"
        assert not talks.ended.is_set()
        assert not waits.ended.is_set()
    await agent.stand_up()


def test_an_older_file_is_refused_with_both_differences(centre):
    """It was exported before the change, so it would undo it."""
    file = centre.data.parent / "centre.yaml"
    current = exported(centre)
    old = current.read_text(encoding="utf-8")
    command(
        centre, "apply", str(edited(current, lambda v: v.update(lost_agent_seconds=7))), "--yes"
    )
    current.write_text(old.replace("best_skilled", "least_occupied"), encoding="utf-8")
    refused = command(centre, "apply", str(current), "--yes")
    assert refused.returncode == 1
    assert "~ queues.waiting.choose: best_skilled -> least_occupied" in refused.stderr
    assert "+ lost_agent_seconds: 7.0" in refused.stderr
    merged = command(centre, "apply", str(current), "--merge")
    assert (merged.returncode, "--yes" in merged.stderr) == (2, True)
    merged = command(centre, "apply", str(current), "--merge", "--yes")
    assert merged.returncode == 0, merged.stderr
    again = exported(centre).read_text(encoding="utf-8")
    assert "lost_agent_seconds: 7" in again
    assert "least_occupied" in again
    start = (sys.executable, "-m", "callfloor.app.prepare", "records", str(file), str(centre.data))
    refused_start = subprocess.run(
        start, env=supervisor.environment({}), capture_output=True, text=True, timeout=SECONDS,
        check=False,
    )  # fmt: skip
    assert refused_start.returncode == 2
    assert "+ lost_agent_seconds: 7.0" in refused_start.stdout
    same = command(centre, "diff", str(exported(centre)))
    assert (same.returncode, same.stdout) == (0, "")


async def test_a_leader_closes_the_centre_and_a_killed_floor_remembers(centre):
    """The call after his click hears it, the one after a restart as well, until he opens again."""
    manager = stacks.Visitor.signed_in(centre, "manager")
    assert manager.post(f"/emergency/{EMERGENCY}", on="1")[0] == 302
    await _hears(centre, f"@{EMERGENCY}")
    old = centre.kill("floor")
    await until(lambda: centre.pids()["floor"] != old and centre.is_well())
    await _hears(centre, f"@{EMERGENCY}")
    manager = stacks.Visitor.signed_in(centre, "manager")
    assert manager.post(f"/emergency/{EMERGENCY}", on="0")[0] == 302
    await _hears(centre, "bye")


async def _hears(centre: stacks.Stack, step: str) -> None:
    seq = centre.seq()
    async with caller.calling(centre.sip, "905"):
        item = await arrived(centre, after=seq)
        await until(lambda: steps(centre, item))
    assert steps(centre, item)[0] == step


def test_a_start_keeps_what_was_applied_since_its_file(centre):
    """Whoever starts the centre with the file of the first day does not undo the others."""
    file = centre.data.parent / "centre.yaml"
    before = exported(centre).read_text(encoding="utf-8")
    centre.stop()
    centre.start("demo", str(file), "--quiet-floor")
    wait_until(centre.is_well)
    assert "is older than the records; they are kept" in centre.printed()
    assert exported(centre).read_text(encoding="utf-8") == before
