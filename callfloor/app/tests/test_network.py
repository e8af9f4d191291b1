"""Nothing listens in public by accident, and what cannot work is told before anything runs."""

import argparse
import dataclasses
from pathlib import Path

import pytest

from callfloor.app import cli, network, options, processes, tls
from callfloor.app.network import Network
from tests.small_centre import free_ports

pytestmark = pytest.mark.wire

OURS = tls.Pair(certificate=Path("self.crt"), key=Path("self.key"), is_self_made=True)


@pytest.fixture
def usual() -> Network:
    """Give a network of this machine whose ports are free."""
    http, sip = free_ports(2)
    return Network(http=http, sip=sip)


def why(bad: Network) -> str:
    with pytest.raises(network.Unusable) as caught:
        network.check(bad)
    return str(caught.value)


def test_this_machine_needs_no_tls(usual: Network):
    """On 127.0.0.1 nobody listens in between."""
    network.check(usual)


def test_public_address_without_tls_is_refused(usual: Network, monkeypatch: pytest.MonkeyPatch):
    """Passwords never travel in clear unless somebody says that they may; the way out is told."""
    monkeypatch.delenv("CALLFLOOR_HTTPS", raising=False)
    public = dataclasses.replace(usual, host="192.0.2.10")
    said = why(public)
    assert "--tls self" in said
    assert "--insecure" in said
    # With TLS, or with the risk taken, it goes on to the next check: 192.0.2.10 is not here.
    assert "cannot be used" in why(dataclasses.replace(public, pair=OURS))
    assert "cannot be used" in why(dataclasses.replace(public, is_insecure=True))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": "0.0.0.0"}, "where to send their audio"),
        ({"host": "localhost"}, "no IP address"),
        ({"advertise": "centre.example"}, "--name"),
        ({"names": ("-x",)}, "no name of a host"),
        ({"media_ports": (20000, 20050)}, "at least 100"),
        ({"media_ports": (80, 9000)}, "between 1024"),
        ({"sip": 25000}, "range of the audio"),
    ],
)
def test_what_cannot_work_is_told(usual: Network, change: dict, said: str):
    """Each mistake brings its own sentence."""
    assert said in why(dataclasses.replace(usual, **change))


def test_taken_port_is_told(usual: Network):
    """The option that would help is named."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", usual.sip))
        assert "--sip PORT" in why(usual)


def asked(*words: str) -> argparse.Namespace:
    return cli.parser().parse_args(words)


def test_tls_takes_a_pair_or_the_word_self(capsys: pytest.CaptureFixture[str]):
    """`--tls self` or `--tls CERT KEY`; one file alone is no pair."""
    assert asked("serve", "--tls", "self").tls == ["self"]
    assert asked("serve", "--tls", "a.crt", "a.key").tls == ["a.crt", "a.key"]
    with pytest.raises(SystemExit):
        asked("serve", "--tls", "a.crt")
    assert "CERT KEY" in capsys.readouterr().err


def test_processes_are_told_where_they_are(tmp_path: Path):
    """The advertised address, the audio's ports and the names of the pages reach who needs them."""
    words = ("--host", "10.0.0.5", "--advertise", "203.0.113.7", "--name", "desk.example")
    more = ("--tls", "self", "--media-ports", "30000-30999", "--sip-tls", "5071")
    found = options.options_of(
        asked("serve", "--data", str(tmp_path), *words, *more), starter=Path("s"), demo=Path("d")
    )
    specs = {spec.name: spec for spec in processes.specs(found, control=1, ng=2)}
    media, floor, web = (" ".join(specs[name].arguments) for name in ("media", "floor", "web"))
    assert "--address 10.0.0.5 --ice-address 10.0.0.5 --ports 30000-30999" in media
    assert "--advertise 203.0.113.7" in media
    assert "--advertise 203.0.113.7" in floor
    assert f"--sip-tls 10.0.0.5:5071 --tls-cert {tmp_path}/tls/self.crt" in floor
    assert f"--tls-key {tmp_path}/tls/self.key" in web
    environment = specs["web"].environment
    assert environment["CALLFLOOR_HOSTS"] == "desk.example,203.0.113.7,10.0.0.5"
    assert environment["CALLFLOOR_HTTPS"] == "self"
    assert found.network.page == "https://desk.example:8080/"
