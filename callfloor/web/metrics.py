"""
`/metrics` for Prometheus: the figures of the engine room without a single personal value.

Told to this machine, and to whoever brings the password of `metrics` as a bearer token. The format
is the text format 0.0.4 of Prometheus. Refuses: names, numbers and agents; a label is a key of the
blueprint or a process.
"""

import hmac
import ipaddress
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from callfloor import __version__
from callfloor.core.plan import PROBE_TRUNK
from callfloor.kernel import machine
from callfloor.web import health
from callfloor.web.feed import Feed

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
TOKEN_NAME = "metrics"
BEARER = "Bearer "
MOS_POOR = 3.6  # ITU-T G.107, table B.1: below it many users are dissatisfied.

Plain = dict[str, Any]
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """A family of figures, as `docs/reference/metrics.md` lists them."""

    name: str
    kind: str
    """gauge or counter."""
    help: str


METRICS = {
    metric.name: metric
    for metric in (
        Metric("callfloor_info", "gauge", "Versions of web and floor; always 1."),
        Metric("callfloor_up", "gauge", "1 if the process answers."),
        Metric("callfloor_process_restarts_total", "counter", "Restarts since the start."),
        Metric("callfloor_calls", "gauge", "Customers on the line."),
        Metric("callfloor_floor_lag_seconds", "gauge", "Longest delay of the loop in a second."),
        Metric("callfloor_journal_commit_seconds", "gauge", "Last group commit of the journal."),
        Metric("callfloor_journal_stuck", "gauge", "1 if the journal cannot be written."),
        Metric("callfloor_media_legs", "gauge", "Audio connections."),
        Metric("callfloor_media_lag_seconds", "gauge", "Delay of the audio's clock."),
        Metric("callfloor_media_legs_heard", "gauge", "Connections with a report of quality."),
        Metric("callfloor_media_legs_poor", "gauge", "Of these, those with a MOS below 3.6."),
        Metric("callfloor_media_mos_min", "gauge", "The worst of their opinion scores."),
        Metric("callfloor_media_loss_ratio", "gauge", "Share of packets lost, all together."),
        Metric("callfloor_media_jitter_seconds_max", "gauge", "The worst jitter."),
        Metric("callfloor_trunk_up", "gauge", "1 if the trunk is up or registered."),
        Metric("callfloor_trunk_calls", "gauge", "Calls on the trunk."),
        Metric("callfloor_trunk_registered_until_seconds", "gauge", "UTC, of the registration."),
        Metric("callfloor_phones_registered", "gauge", "Telephones that are registered."),
        Metric("callfloor_agents", "gauge", "Agents by state."),
        Metric("callfloor_queue_waiting", "gauge", "Waiting work by queue."),
        Metric("callfloor_alarms", "gauge", "Alarms that the floor remembers, by name."),
        Metric("callfloor_disk_free_bytes", "gauge", "Free on the disk of the data."),
        Metric("callfloor_disk_size_bytes", "gauge", "Size of the disk of the data."),
        Metric("callfloor_certificate_ends_seconds", "gauge", "UTC, when the certificate ends."),
        Metric("callfloor_probe_calls_total", "counter", "Test calls since the start."),
        Metric("callfloor_probe_failed_total", "counter", "Test calls that failed."),
        Metric("callfloor_probe_ok", "gauge", "1 if the last test call found nothing wrong."),
        Metric("callfloor_probe_delay_seconds", "gauge", "From answer to first sound."),
    )
}

Sample = tuple[str, Labels, float]


def render(samples: Iterable[Sample]) -> str:
    """Write samples as Prometheus reads them, each family under its heading."""
    families: dict[str, list[str]] = {}
    for name, labels, value in samples:
        written = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
        line = f"{name}{{{written}}} {value:.10g}" if written else f"{name} {value:.10g}"
        families.setdefault(name, []).append(line)
    lines: list[str] = []
    for name, rows in families.items():
        metric = METRICS[name]
        lines += [f"# HELP {name} {metric.help}", f"# TYPE {name} {metric.kind}", *rows]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def samples(
    *, said: Plain, board: Plain, up: dict[str, str], floor_version: str, house: "House"
) -> Iterator[Sample]:
    """Give every figure that is known now; what is not known is left out."""
    yield "callfloor_info", (("web", __version__), ("floor", floor_version)), 1
    for name, state in up.items():
        yield "callfloor_up", (("process", name),), float(state == "up")
    yield from _floor(said)
    yield from _legs(said.get("legs", []))
    yield from _trunks(said.get("trunks", []))
    yield from _board(board)
    yield from _machine(house)


def _floor(said: Plain) -> Iterator[Sample]:
    media = said.get("media") or {}
    for name, value, scale in (
        ("callfloor_calls", said.get("calls"), 1),
        ("callfloor_floor_lag_seconds", said.get("lag_ms"), 1000),
        ("callfloor_journal_commit_seconds", said.get("commit_ms"), 1000),
        ("callfloor_journal_stuck", said.get("journal_stuck"), 1),
        ("callfloor_media_legs", media.get("legs"), 1),
        ("callfloor_media_lag_seconds", media.get("lag_ms"), 1000),
    ):
        if value is not None:
            yield name, (), float(value) / scale
    if "phones" in said:
        yield "callfloor_phones_registered", (), len(said["phones"])


def _legs(rows: list[Any]) -> Iterator[Sample]:
    yield "callfloor_media_legs_heard", (), len(rows)
    opinions = [mos / 100 for *_, mos in rows]
    yield "callfloor_media_legs_poor", (), sum(mos < MOS_POOR for mos in opinions)
    if rows:
        packets, lost = (sum(row[place] for row in rows) for place in (1, 2))
        yield "callfloor_media_mos_min", (), min(opinions)
        yield "callfloor_media_loss_ratio", (), lost / max(1, packets + lost)
        yield "callfloor_media_jitter_seconds_max", (), max(row[3] for row in rows) / 1e6


def _trunks(rows: list[Any]) -> Iterator[Sample]:
    for row in rows:
        if not isinstance(row, dict) or row["key"] == PROBE_TRUNK:
            continue
        label = (("trunk", str(row["key"])),)
        if row.get("state") not in (None, "unknown"):  # One that is never asked cannot be down.
            yield "callfloor_trunk_up", label, float(row["state"] in ("up", "registered"))
        if row.get("calls") is not None:
            yield "callfloor_trunk_calls", label, row["calls"]
        if row.get("until"):
            yield "callfloor_trunk_registered_until_seconds", label, row["until"]


def _board(board: Plain) -> Iterator[Sample]:
    states = Counter(row["state"] for row in board.get("agents", {}).values())
    for state, many in sorted(states.items()):
        yield "callfloor_agents", (("state", state),), many
    for key, row in sorted(board.get("queues", {}).items()):
        yield "callfloor_queue_waiting", (("queue", key),), len(row["waiting"])
    for name, many in sorted(Counter(row["name"] for row in board.get("alarms", [])).items()):
        yield "callfloor_alarms", (("name", name),), many


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the machine says of itself."""

    disk: machine.Disk
    certificate: machine.Certificate | None
    processes: list[machine.Process]
    probe: machine.Probe | None


def look(data: Path, certificate: Path | None) -> House:
    """Ask the machine (a thread's work)."""
    return House(
        disk=machine.disk(data),
        certificate=machine.certificate(certificate),
        processes=machine.processes(data),
        probe=machine.probe(data),
    )


def _machine(house: House) -> Iterator[Sample]:
    yield "callfloor_disk_free_bytes", (), house.disk.free
    yield "callfloor_disk_size_bytes", (), house.disk.total
    if house.certificate is not None:
        yield "callfloor_certificate_ends_seconds", (), house.certificate.ends_at.timestamp()
    for process in house.processes:
        yield "callfloor_process_restarts_total", (("process", process.name),), process.restarts
    probe = house.probe
    if probe is not None:
        yield "callfloor_probe_calls_total", (), probe.calls
        yield "callfloor_probe_failed_total", (), probe.failed
        yield "callfloor_probe_ok", (), float(probe.outcome == "ok")
        if probe.delay_ms is not None:
            yield "callfloor_probe_delay_seconds", (), probe.delay_ms / 1000


def may_read(*, client: str | None, headers: dict[bytes, bytes], passwords: Path) -> bool:
    """
    Say whether a request may read the figures (a thread's work).

    A request that a proxy has passed on comes from elsewhere, wherever the proxy stands.
    """
    authorization = headers.get(b"authorization", b"").decode("latin-1")
    if authorization.startswith(BEARER):
        token = _token(passwords)
        given = authorization.removeprefix(BEARER)
        return token is not None and hmac.compare_digest(given.encode(), token.encode())
    is_passed_on = b"x-forwarded-for" in headers or b"forwarded" in headers
    return not is_passed_on and client is not None and ipaddress.ip_address(client).is_loopback


def _token(passwords: Path) -> str | None:
    try:
        token = json.loads(passwords.read_text(encoding="utf-8")).get(TOKEN_NAME)
    except (OSError, ValueError, AttributeError):
        return None
    return token if isinstance(token, str) and token else None


async def answer(feed: Feed, scope: Plain, *, is_linked: bool) -> tuple[int, bytes]:
    """Return status and body for a request of `/metrics`."""
    client = scope.get("client")
    may = await feed.in_thread(
        lambda: may_read(
            client=client[0] if client else None,
            headers=dict(scope["headers"]),
            passwords=settings.PASSWORDS_FILE,
        )
    )
    if not may:
        return 403, b"from this machine, or with the password of `metrics` as a bearer token\n"
    house = await feed.in_thread(look, settings.DATA, settings.CERTIFICATE)
    _, well = await health.check(feed, is_linked=is_linked)
    told = samples(
        said=feed.health,
        board=feed.board.view if feed.board else {},
        up=well["processes"],
        floor_version=feed.version,
        house=house,
    )
    return 200, render(told).encode()
