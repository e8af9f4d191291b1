"""The locks pin exactly what pyproject.toml asks for, with hashes, and name no index."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture import sources

pytestmark = pytest.mark.pure

PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?:\s*;\s*(?P<marker>[^\\]+))?", re.M)


def pins(lock: str) -> dict[str, str]:
    """Return what a lock installs on this machine: versions by name."""
    return {
        canonicalize_name(pin["name"]): pin["version"]
        for pin in PIN.finditer(lock)
        if not pin["marker"] or Marker(pin["marker"]).evaluate()
    }


def without_hash(lock: str) -> list[str]:
    """Return the pins that have no hash."""
    blocks = re.split(r"^(?=[\w.-]+==)", lock, flags=re.M)
    return [b.split("==")[0] for b in blocks if "==" in b and "--hash=sha256:" not in b]


def unmet(*, wanted: Iterable[str], pinned: dict[str, str]) -> Iterator[str]:
    """Yield the requirements that a lock does not meet."""
    for line in wanted:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        version = pinned.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            yield f"{line}, not {version}"


def superfluous(*, wanted: Iterable[str], pinned: dict[str, str]) -> set[str]:
    """Return the pins that nothing asks for, directly or through another package."""
    needed: set[str] = set()
    open_ends = [Requirement(line) for line in wanted]
    while open_ends:
        requirement = open_ends.pop()
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if f"{name}[{extra}]" not in needed:
                needed |= {name, f"{name}[{extra}]"}
                open_ends += _asked_by(name, extra)
    return set(pinned) - needed


def _asked_by(name: str, extra: str) -> Iterator[Requirement]:
    for line in _requires(name):
        requirement = Requirement(line)
        if not requirement.marker or requirement.marker.evaluate({"extra": extra}):
            yield requirement


@cache
def _requires(name: str) -> tuple[str, ...]:
    try:
        return tuple(metadata.requires(name) or ())
    except metadata.PackageNotFoundError:
        return ()  # Not installed here, so nothing of it can be missing here.


@cache
def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((sources.ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def wanted_by(lock: str) -> list[str]:
    """Return what a lock is made from."""
    base = list(project()["project"]["dependencies"])
    extras = project()["dependency-groups"]["dev"] if "dev" in lock else []
    return base + list(extras)


def read(lock: str) -> str:
    """Return a lock's text."""
    return (sources.ROOT / lock).read_text(encoding="utf-8")


LOCKS = ["requirements.lock", "requirements-dev.lock"]


class TestRules:
    def test_reads_the_pins_of_this_machine(self):
        lock = "a==1 \\\n    --hash=sha256:0\nb==2 ; sys_platform == 'none' \\\n    --hash=sha256:1"
        assert pins(lock) == {"a": "1"}

    def test_sees_a_pin_without_a_hash(self):
        assert without_hash("a==1 \\\n    --hash=sha256:0\nb==2\n") == ["b"]

    def test_sees_what_a_lock_does_not_meet(self):
        assert list(unmet(wanted=["a>=2", "b"], pinned={"a": "1", "b": "1"})) == ["a>=2, not 1"]

    def test_sees_what_nobody_asks_for(self):
        pinned = {"pytest": "9", "pluggy": "1", "left-over": "1"}
        assert superfluous(wanted=["pytest"], pinned=pinned) == {"left-over"}


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_what_the_project_asks_for(lock):
    assert list(unmet(wanted=wanted_by(lock), pinned=pins(read(lock)))) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_nothing_else(lock):
    assert superfluous(wanted=wanted_by(lock), pinned=pins(read(lock))) == set()


@pytest.mark.parametrize("lock", [*LOCKS, "bench/requirements.lock"])
def test_every_pin_has_a_hash(lock):
    assert without_hash(read(lock)) == []


def test_the_dev_lock_holds_the_base_lock():
    """So that ./run test also makes ./run demo ready."""
    base, dev = pins(read("requirements.lock")), pins(read("requirements-dev.lock"))
    assert {name: dev.get(name) for name in base} == base


def test_versions_are_versions():
    assert all(Version(version) for version in pins(read("requirements-dev.lock")).values())
