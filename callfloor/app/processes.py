"""
The processes of a centre: which modules run, with which words and which environment.

Standard library only. Refuses: to start them (`supervisor` does).
"""

import os

from callfloor.app import child
from callfloor.app.network import Network
from callfloor.app.options import Options, summary_of
from callfloor.app.supervisor import Spec
from callfloor.core.plan import PROBE_ADDRESS

# At 450 callers on two busy cores the sound stood still for a fifth of the time while records were
# written; records may be a second late, a tick of 20 ms may not.
MEDIA_NICE, FLOOR_NICE, WORKER_NICE = "-10", "-5", "10"


def specs(options: Options, *, control: int, ng: int) -> list[Spec]:
    """Return the processes of a centre."""
    pair = options.network.pair
    known = {"CALLFLOOR_DATA": str(options.data)}
    if pair is not None:
        known["CALLFLOOR_CERTIFICATE"] = str(pair.certificate)
    guests = [_guests(options, known)] if options.is_demo else []
    worker = Spec(
        name="worker",
        module="callfloor.worker.main",
        environment={
            **known,
            "CALLFLOOR_PASSWORDS": str(options.passwords),
            child.NICE: WORKER_NICE,
        },
    )
    floor = _floor(options, control=control, ng=ng)
    media = _media(options, control=control, ng=ng)
    return [media, floor, _web(options, known), worker, *guests, *_probes(options)]


def _media(options: Options, *, control: int, ng: int) -> Spec:
    data, net = options.data, options.network
    first, last = net.media_ports
    advertised = ("--advertise", net.address) if net.address != net.host else ()
    return Spec(
        name="media",
        module="callfloor.media.main",
        arguments=(
            *("--control", f"127.0.0.1:{control}", "--floor", f"127.0.0.1:{ng}"),
            *("--prompts", f"{data}/prompts", "--recordings", f"{data}/recordings"),
            *("--address", net.host, "--ice-address", net.host, "--ports", f"{first}-{last}"),
            *advertised,
        ),
        environment={child.NICE: MEDIA_NICE},
    )


def _floor(options: Options, *, control: int, ng: int) -> Spec:
    net = options.network
    country = summary_of(options.data).get("country")
    return Spec(
        name="floor",
        module="callfloor.floor.main",
        arguments=(
            *("--data", str(options.data), "--sip", f"{net.host}:{net.sip}"),
            *("--media", f"127.0.0.1:{control}", "--ng", f"127.0.0.1:{ng}"),
            *("--trunk-secrets", str(options.passwords)),
            *(("--region", country) if country else ()),
            *(("--advertise", net.address) if net.address != net.host else ()),
            *_sip_tls(net),
        ),
        environment={child.NICE: FLOOR_NICE},
    )


def _sip_tls(net: Network) -> tuple[str, ...]:
    if net.sip_tls is None or net.pair is None:
        return ()
    pair = net.pair
    files = ("--tls-cert", str(pair.certificate), "--tls-key", str(pair.key))
    return ("--sip-tls", f"{net.host}:{net.sip_tls}", *files)


def _web(options: Options, known: dict[str, str]) -> Spec:
    net = options.network
    hosts = [*filter(None, [os.environ.get("CALLFLOOR_HOSTS")]), *net.known_as]
    turn = (
        {"CALLFLOOR_TURN_URL": net.turn.url, "CALLFLOOR_TURN_USER": net.turn.user}
        if net.turn
        else {}
    )
    pair = net.pair
    secure = {"CALLFLOOR_HTTPS": "self" if pair.is_self_made else "direct"} if pair else {}
    files = ("--tls-cert", str(pair.certificate), "--tls-key", str(pair.key)) if pair else ()
    return Spec(
        name="web",
        module="callfloor.web.main",
        arguments=(
            *("--data", str(options.data), "--host", net.host, "--http", str(net.http)),
            *files,
        ),
        environment={
            **known,
            **turn,
            **secure,
            "CALLFLOOR_HOSTS": ",".join(hosts),
            "CALLFLOOR_PASSWORDS": str(options.passwords),
        },
    )


def _probes(options: Options) -> list[Spec]:
    asked = summary_of(options.data).get("probe")
    if not asked:
        return []
    words = (
        *("--data", str(options.data), "--address", PROBE_ADDRESS),
        *("--sip", f"{options.network.host}:{options.network.sip}"),
        *("--number", asked["number"], "--every", str(asked["every_seconds"])),
        *(("--key", asked["key"]) if asked["key"] else ()),
    )
    return [Spec(name="probe", module="callfloor.app.probe.main", arguments=words)]


def _guests(options: Options, known: dict[str, str]) -> Spec:
    return Spec(
        name="demo",
        module="callfloor.app.demo.main",
        arguments=(
            *("--data", str(options.data), "--file", str(options.file)),
            *("--sip", f"{options.network.host}:{options.network.sip}"),
            *("--page", options.network.page, "--seed", str(options.seed)),
            *(("--quiet",) if options.is_quiet else ()),
        ),
        environment=known,
    )
