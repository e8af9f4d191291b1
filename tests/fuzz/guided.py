"""
Coverage-guided fuzzing of one parser: `python -m tests.fuzz.guided sip_message --seconds 600`.

With atheris (libFuzzer; not among the product's locks, install it where you fuzz) at some ten
thousand inputs a second; without it by our own mutations, which keep every input that runs a line
that no input before it ran. Prints one JSON object; ends with 1 and the input if there is a
finding.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from tests.fuzz import mutate

ROOT = Path(__file__).resolve().parents[2]
WATCHED = (str(ROOT / "callfloor" / "wire"), str(ROOT / "callfloor" / "media"))
CORPUS_MAX = 5_000  # Kept inputs of our own guide; lines to be found are fewer.

Line = tuple[CodeType, int]
Try = Callable[[bytes], None]


class Guide:
    """Remembers which lines of the parsers ran, and the inputs that ran them first."""

    def __init__(self, attempt: Try, seeds: tuple[bytes, ...], words: tuple[bytes, ...]) -> None:
        self._attempt = attempt
        self._words = words
        self._lines: set[Line] = set()
        self._new = False
        self.corpus: list[bytes] = list(seeds)
        self.executions = 0

    @property
    def line_count(self) -> int:
        """Count the lines that ran."""
        return len(self._lines)

    def run(self, *, seconds: float, seed: int) -> None:
        """
        Try mutations for so many seconds of the processor's time.

        An exception is the finding, with its input as a note.
        """
        chance = random.Random(seed)
        for data in list(self.corpus):
            self._look(data)
        end = time.process_time() + seconds
        while time.process_time() < end:
            self._look(mutate.mutated(chance, self.corpus[-CORPUS_MAX:], self._words))

    def _look(self, data: bytes) -> None:
        self._new = False
        sys.settrace(self._enter)
        try:
            self._attempt(data)
        except Exception as error:
            error.add_note(f"input: {data!r}")
            raise
        finally:
            sys.settrace(None)
        self.executions += 1
        if self._new:
            self.corpus.append(data)

    def _enter(self, frame: FrameType, _event: str, _value: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(WATCHED) else None

    def _line(self, frame: FrameType, event: str, _value: Any) -> Any:
        line = (frame.f_code, frame.f_lineno)
        if event == "line" and line not in self._lines:
            self._lines.add(line)
            self._new = True
        return self._line


def with_ours(name: str, seconds: float, seed: int) -> dict[str, Any]:
    """Fuzz by our own guide."""
    from tests.fuzz import targets

    target = targets.TARGETS[name]
    guide = Guide(lambda data: targets.try_one(name, data), target.seeds, target.words)
    finding = None
    try:
        guide.run(seconds=seconds, seed=seed)
    except Exception as error:
        finding = "".join(traceback.format_exception(error))
    return {
        "parser": name,
        "engine": "ours",
        "executions": guide.executions,
        "lines": guide.line_count,
        "corpus": len(guide.corpus),
        "finding": finding,
    }


def with_atheris(name: str, seconds: float, seed: int) -> dict[str, Any]:
    """Fuzz by libFuzzer in a process of its own, for it ends its process itself."""
    with tempfile.TemporaryDirectory(prefix="callfloor-fuzz-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.guided", name, "--inside", folder,
             "--seconds", str(seconds), "--seed", str(seed)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        last = re.findall(r"#(\d+)\s+\w+\s+cov: (\d+) .*?corp: (\d+)", done.stderr)
        total = re.findall(r"stat::number_of_executed_units: (\d+)", done.stderr)
    executions, lines, corpus = (int(part) for part in last[-1]) if last else (0, 0, 0)
    return {
        "parser": name,
        "engine": "atheris",
        "executions": int(total[-1]) if total else executions,
        "lines": lines,
        "corpus": corpus,
        "finding": done.stderr[-6_000:] if done.returncode else None,
    }


def _inside_atheris(name: str, folder: str, seconds: float, seed: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["callfloor.wire", "callfloor.media"]):
        from tests.fuzz import targets
    target = targets.TARGETS[name]
    corpus = Path(folder) / "corpus"
    corpus.mkdir()
    for number, data in enumerate(target.seeds):
        (corpus / f"{number}").write_bytes(data)
    words = Path(folder) / "words"
    # libFuzzer takes no empty dictionary; what every binary format has will do.
    known = target.words or (b"\x00\x00", b"\xff\xff")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in known))
    atheris.Setup(
        [
            sys.argv[0], str(corpus), f"-dict={words}", f"-max_total_time={int(seconds)}",
            f"-seed={seed}", "-max_len=4096", "-print_final_stats=1", "-rss_limit_mb=1024",
            f"-artifact_prefix={folder}/",
        ],
        lambda data: targets.try_one(name, data),
    )  # fmt: skip
    atheris.Fuzz()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def fuzz(name: str, *, seconds: float, seed: int = 1) -> dict[str, Any]:
    """Fuzz one parser by the best guide there is; give the figures and the finding, if any."""
    try:
        import atheris  # noqa: F401
    except ImportError:
        return with_ours(name, seconds, seed)
    return with_atheris(name, seconds, seed)


def main() -> int:
    """Fuzz one parser and print what was done."""
    parser = argparse.ArgumentParser()
    parser.add_argument("parser")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        _inside_atheris(options.parser, options.inside, options.seconds, options.seed)
        return 0
    done = fuzz(options.parser, seconds=options.seconds, seed=options.seed)
    print(json.dumps(done))
    return 1 if done["finding"] else 0


if __name__ == "__main__":
    sys.exit(main())
