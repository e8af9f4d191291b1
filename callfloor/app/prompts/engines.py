"""
Who speaks: the espeak-ng program, its library in a child process, or a melody.

Each engine takes jobs and gives samples; a job that it cannot do is left out, and the next engine
is asked.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Protocol

from callfloor.app.prompts import sound, tunes
from callfloor.app.prompts.jobs import WORDS_A_MINUTE, Job

# Our language tags are espeak-ng's too. The library knows no `en-gb` by name, so no regions here.
JOB_SECONDS_MAX = 20  # A prompt of 900 characters takes a tenth of a second.
WAV_HEAD_BYTES = 44
WORKERS = max(1, min(4, os.cpu_count() or 1))

Spoken = tuple[Job, sound.Samples]


class Engine(Protocol):
    """Something that turns jobs into sound."""

    name: str

    def speak(self, jobs: list[Job]) -> Iterator[Spoken]:
        """Give the sound of each job that could be done."""


def engines() -> list[Engine]:
    """Return the engines of this machine, the best first; the last one can do everything."""
    found: list[Engine] = []
    program = shutil.which("espeak-ng")
    if program is not None:
        found.append(Program(program))
    if importlib.util.find_spec("espeakng_loader") is not None:
        found.append(Library())
    return [*found, Melody()]


class Program:
    """The program espeak-ng, one process for each prompt, as many at once as there are cores."""

    name = "espeak-ng"

    def __init__(self, path: str) -> None:
        self._path = path

    def speak(self, jobs: list[Job]) -> Iterator[Spoken]:
        """Give the sound of each job that could be done."""
        with ThreadPoolExecutor(WORKERS) as pool:
            for job, samples in zip(jobs, pool.map(self._one, jobs), strict=True):
                if samples is not None:
                    yield job, samples

    def _one(self, job: Job) -> sound.Samples | None:
        command = [self._path, "-v", job.language, "-s", str(WORDS_A_MINUTE)]
        try:
            done = subprocess.run(
                [*command, "--stdin", "--stdout"],  # Never as an argument: it might begin with -.
                input=job.text.encode(),
                capture_output=True,
                timeout=JOB_SECONDS_MAX,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        if done.returncode != 0 or len(done.stdout) <= WAV_HEAD_BYTES:
            return None
        rate = int.from_bytes(done.stdout[24:28], "little")
        return sound.finish(sound.from_pcm(done.stdout[WAV_HEAD_BYTES:]), rate=rate)


class Library:
    """espeak-ng's library from the extra `speech`; it is one global, so each child has its own."""

    name = "espeak-ng library"

    def speak(self, jobs: list[Job]) -> Iterator[Spoken]:
        """Give the sound of each job that could be done."""
        with ThreadPoolExecutor(WORKERS) as pool:
            for part in pool.map(self._part, _split(jobs, WORKERS)):
                yield from part

    def _part(self, jobs: list[Job]) -> list[Spoken]:
        wanted = [{"voice": job.language, "text": job.text} for job in jobs]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "callfloor.app.prompts.library"],
                input=json.dumps({"speed": WORDS_A_MINUTE, "jobs": wanted}).encode(),
                capture_output=True,
                timeout=JOB_SECONDS_MAX + len(jobs),
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return []
        return list(_unpack(jobs, done.stdout))


def _unpack(jobs: list[Job], raw: bytes) -> Iterator[Spoken]:
    """Read rate, then for each job its length and samples; a child that died gave fewer."""
    rate = int.from_bytes(raw[:4], "little")
    at = 4
    for job in jobs:
        size = int.from_bytes(raw[at : at + 4], "little")
        at += 4
        if at + size > len(raw):
            return
        if size:
            yield job, sound.finish(sound.from_pcm(raw[at : at + size]), rate=rate)
        at += size


def _split(jobs: list[Job], parts: int) -> list[list[Job]]:
    edges = [len(jobs) * part // parts for part in range(parts + 1)]
    return [jobs[one:other] for one, other in pairwise(edges) if other > one]


class Melody:
    """A few notes instead of words."""

    name = "melody"

    def speak(self, jobs: list[Job]) -> Iterator[Spoken]:
        """Give the sound of each job."""
        for job in jobs:
            yield job, tunes.melody(job.text)
