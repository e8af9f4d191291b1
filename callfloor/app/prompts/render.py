"""
Bringing a centre's prompt folder up to date: what is there and right is not made again.

`DATA/prompts/index.json` says of each file what it was made from; sounds lie in a cache by that
stamp, so that a text that comes back needs no engine.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from callfloor.app.prompts.jobs import RECIPE, Job, jobs_of
from callfloor.blueprint import standard
from callfloor.blueprint.schema import Blueprint

if TYPE_CHECKING:
    from callfloor.app.prompts.engines import Engine

INDEX = "index.json"


@dataclass(slots=True)
class Rendered:
    """What was done for the prompts."""

    kept: int = 0
    made: Counter[str] = field(default_factory=Counter)
    """How many by each engine, by `recorded` and by `cache`."""
    complaints: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        made = ", ".join(f"{count} by {name}" for name, count in sorted(self.made.items()))
        return f"{self.kept} prompts kept" + (f", {made}" if made else "")


def render(
    blueprint: Blueprint,
    *,
    recorded: Path,
    data: Path,
    engines: list[Engine] | None = None,
    keys: frozenset[str] | None = None,
) -> Rendered:
    """
    Make every prompt of a centre below `data/prompts`, or those with some keys.

    `recorded` is the folder with recorded prompts, `LANGUAGE/KEY.wav`. Without `engines` those
    of this machine are used.
    """
    rendering = _Rendering(
        recorded=recorded, folder=data / "prompts", cache=_cache(data), engines=engines
    )
    rendering.sounds()
    jobs = jobs_of(blueprint)
    return rendering.run([job for job in jobs if keys is None or job.key in keys])


def render_voices(jobs: list[Job], *, recorded: Path, folder: Path, data: Path) -> Rendered:
    """Make other speech than a centre's prompts, such as what the demo's callers say."""
    rendering = _Rendering(recorded=recorded, folder=folder, cache=_cache(data), engines=None)
    return rendering.run(jobs)


def _cache(data: Path) -> Path:
    return data / "cache" / "prompts"


class _Rendering:
    def __init__(
        self, *, recorded: Path, folder: Path, cache: Path, engines: list[Engine] | None
    ) -> None:
        self._recorded = recorded
        self._prompts = folder
        self._cache = cache
        self._engines = engines
        self._index: dict[str, str] = _read_index(self._prompts / INDEX)
        self._done = Rendered()

    def run(self, jobs: list[Job]) -> Rendered:
        """Make every job's file and return what was done, the sounds included."""
        self._speak([job for job in jobs if not self._is_recorded(job)])
        if self._done.made:
            self._prompts.mkdir(parents=True, exist_ok=True)
            half = self._prompts / f".{INDEX}"
            half.write_text(json.dumps(self._index, indent=0, sort_keys=True), encoding="utf-8")
            half.replace(self._prompts / INDEX)
        return self._done

    def _is_fresh(self, name: str, stamp: str) -> bool:
        fresh = self._index.get(name) == stamp and self._file(name).is_file()
        self._done.kept += fresh
        return fresh

    def _file(self, name: str) -> Path:
        return self._prompts / f"{name}.wav"

    def _is_recorded(self, job: Job) -> bool:
        path = self._recorded / f"{job.name}.wav"
        return path.is_file() and self._take_recorded(job.name, path)

    def _take_recorded(self, name: str, path: Path) -> bool:
        stamp = f"recorded:{hashlib.sha256(path.read_bytes()).hexdigest()[:24]}"
        if self._is_fresh(name, stamp):
            return True
        from callfloor.app.prompts import sound

        try:
            samples, rate = sound.read(path)
        except sound.BadSound as error:
            self._done.complaints.append(f"{error}; it is spoken instead")
            return False
        sound.write(self._file(name), sound.resample(samples, rate=rate))
        self._note(name, stamp, "recorded")
        return True

    def sounds(self) -> None:
        """Make what has no language."""
        for key in standard.SOUNDS:
            name = f"any/{key}"
            path = self._recorded / f"{name}.wav"
            if path.is_file() and self._take_recorded(name, path):
                continue
            if not self._is_fresh(name, f"tune:{RECIPE}"):
                from callfloor.app.prompts import sound, tunes

                sound.write(self._file(name), tunes.SOUNDS[key]())
                self._note(name, f"tune:{RECIPE}", "callfloor")

    def _speak(self, jobs: list[Job]) -> None:
        from callfloor.app.prompts import engines as all_engines

        engines = all_engines.engines() if self._engines is None else self._engines
        left = [job for job in jobs if not self._is_spoken(job, engines)]
        for engine in engines:
            if left:
                spoken = self._ask(engine, left)
                left = [job for job in left if job not in spoken]
        assert not left, f"no engine could do {left[0].name}"

    def _is_spoken(self, job: Job, engines: list[Engine]) -> bool:
        """Say whether the prompt is there by the best engine that can be asked, or in the cache."""
        best = job.stamp(engines[0].name)
        if self._is_fresh(job.name, best):
            return True
        cached = self._cache / f"{best}.wav"
        if not cached.is_file():
            return False
        self._file(job.name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(cached, self._file(job.name))
        self._note(job.name, best, "cache")
        return True

    def _ask(self, engine: Engine, jobs: list[Job]) -> set[Job]:
        from callfloor.app.prompts import sound, tunes

        spoken = set()
        for job, speech in engine.speak(jobs):
            samples = tunes.with_beep(speech) if job.ends_with_tone else speech
            stamp = job.stamp(engine.name)
            sound.write(self._cache / f"{stamp}.wav", samples)
            sound.write(self._file(job.name), samples)
            self._note(job.name, stamp, engine.name)
            spoken.add(job)
        return spoken

    def _note(self, name: str, stamp: str, by: str) -> None:
        self._index[name] = stamp
        self._done.made[by] += 1


def _read_index(path: Path) -> dict[str, str]:
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # It only saves work: without it everything is made again.
    return index if isinstance(index, dict) else {}
