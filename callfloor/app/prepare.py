"""
What is done before a centre runs, each part in a process of its own that ends when it is done.

    python -m callfloor.app.prepare centre  FILE DATA [--demo]   prompts, free seats
    python -m callfloor.app.prepare records FILE DATA [--demo]   tables, people, queues, plan.json
    python -m callfloor.app.prepare history FILE DATA [--seed N] a day made by the twin
    python -m callfloor.app.prepare certificate FILE DATA --name NAME…   DATA/tls

So the supervisor never holds Django, pydantic or numpy. What a person should read is printed to
stdout; a blueprint with findings ends with status 2. Refuses: to run twice on one folder at a time
(the supervisor holds it).
"""

import argparse
import json
import secrets
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from callfloor.app import applying, manifests, passwords
from callfloor.app.folder import CENTRE_FILE, SUMMARY_FILE, write_whole
from callfloor.blueprint.check import check
from callfloor.blueprint.schema import Blueprint

STATUS_REFUSED = 2
PASSWORD_BYTES = 12  # 96 bits, sixteen characters: more than anybody guesses, still typed once.
SEATS_FILE = "seats.json"
FIRST_ROLES = frozenset({"manager", "it_support"})
FIRST_SIGN_INS_MAX = 50  # What can be handed out by hand; others get theirs at later starts.


def load(path: Path) -> Blueprint:
    """
    Read and check a blueprint.

    Ends the process with its findings if it has any.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"{path} cannot be read: {error}")
        sys.exit(STATUS_REFUSED)
    manifests.read()
    checked = check(text, file=str(path), near=path.parent)
    if checked.blueprint is None:
        print("\n".join(str(finding) for finding in checked.findings))
        sys.exit(STATUS_REFUSED)
    return checked.blueprint


def centre(*, file: Path, data: Path, is_demo: bool, sip: str) -> None:
    """Write what media, sign-in page and supervisor read: prompts, free seats, a summary."""
    from callfloor.app.prompts import render

    blueprint = load(file)
    if is_demo and blueprint.demo is None:
        print(f"{file} has no `demo` section, so nobody is there to simulate. Use `serve` for it.")
        sys.exit(STATUS_REFUSED)
    _summarize(blueprint, data, demo_sip=sip if is_demo else None)
    done = render(blueprint, recorded=_recorded(file, data), data=data)
    print(done)
    for complaint in done.complaints:
        print(complaint)
    if done.made.get("melody"):
        print("prompts are melodies: nothing here can speak. apt-get install espeak-ng")
    (data / SEATS_FILE).unlink(missing_ok=True)  # A folder that was a demo's shows no seats now.
    if is_demo:
        _voices(blueprint, data)
        write_whole(data / SEATS_FILE, json.dumps(_seats(blueprint)))


def _recorded(file: Path, data: Path) -> Path:
    """Give the folder of recorded prompts; what the records export has that of the file before."""
    is_export = file == data / CENTRE_FILE
    return applying.recorded_of(data) if is_export else file.parent / "prompts"


def _summarize(blueprint: Blueprint, data: Path, *, demo_sip: str | None) -> None:
    """Note what the supervisor must know beside the plan; the demo's telephones get passwords."""
    is_demo = demo_sip is not None
    demo = blueprint.demo.people if is_demo and blueprint.demo else {}
    given = {
        user: (key, demo[key].phone_password)
        for key, person in blueprint.people.items()
        for user in person.phones
        if key in demo and demo[key].phone_password is not None
    }
    telephones = [{"user": u, "person": p, "password": secret} for u, (p, secret) in given.items()]
    users = [user for person in blueprint.people.values() for user in person.phones]
    for trunk in blueprint.trunks.values():
        users += filter(None, [trunk.digest_user, trunk.user])
    for mailbox in blueprint.mail.values():
        users += [server.user for server in (mailbox.incoming, mailbox.outgoing)
                  if server is not None and server.user]  # fmt: skip
    summary = {
        "country": blueprint.centre.country,
        "users": users,
        "telephones": telephones,
        "provider": _provider_of(blueprint) if is_demo else {},
        "probe": blueprint.probe.model_dump() if blueprint.probe else None,
        "demo_sip": demo_sip,
    }
    write_whole(data / SUMMARY_FILE, json.dumps(summary))
    if given:
        # Whatever telephone a newcomer has, it knows MD5; a real centre asks for better.
        known: dict[str, passwords.Kept] = {
            user: {"password": secret, "md5": True}
            for user, (_, secret) in given.items()
            if secret is not None
        }
        passwords.write_all(passwords.place(data), known)


def _provider_of(blueprint: Blueprint) -> dict[str, list[str]]:
    """Return which numbers the demo's provider knows, by what becomes of them."""
    provider = blueprint.demo.provider if blueprint.demo else None
    return {} if provider is None else {k: v for k, v in provider.model_dump().items() if v}


def _voices(blueprint: Blueprint, data: Path) -> None:
    """Give the demo's callers and agents something to say."""
    from callfloor.app.demo import phrases
    from callfloor.app.prompts import render_voices

    languages = {each for client in blueprint.clients.values() for each in client.languages}
    folder = data / "voices"
    render_voices(phrases.jobs(languages), recorded=data / "recorded", folder=folder, data=data)


def _seats(blueprint: Blueprint) -> list[dict[str, str]]:
    assert blueprint.demo is not None
    return [
        {
            "key": key,
            "name": person.name,
            "password": person.password,
            "role": blueprint.people[key].roles[0],
        }
        for key, person in blueprint.demo.people.items()
        if person.password is not None
    ]


def records(*, file: Path, data: Path, is_demo: bool, sip: str, now: datetime) -> None:
    """
    Bring the tables to this version, and records and plan to what the blueprint says.

    A file that is older than what the records hold is refused; a demo goes on with the records.
    """
    applying.open_records(data)
    written = load(file)
    blueprint = _standing(written, file=file, data=data, is_demo=is_demo)
    if blueprint is not written:
        from callfloor.app.prompts import render

        render(blueprint, recorded=_recorded(file, data), data=data)
    first = _demo_passwords(blueprint) if is_demo else _first_passwords(blueprint)
    applying.take(
        blueprint,
        data=data,
        sip=sip if is_demo else None,
        passwords=first,
        now=now,
        source=applying.source_of(file) if blueprint is written else None,
    )
    if is_demo:
        from callfloor.app.demo import library

        library.take_in(blueprint, now=now)
    else:
        _tell_first(first)


def _standing(blueprint: Blueprint, *, file: Path, data: Path, is_demo: bool) -> Blueprint:
    """Give what is to be applied: the file, or what the records hold if that is asked for."""
    from callfloor.blueprint import export, standing

    is_export = file == data / CENTRE_FILE
    found = standing.of(blueprint, is_start=True, source=applying.source_of(file))
    if found.refusal is None:
        return found.blueprint or blueprint
    held = export.current()
    if held is not None and (is_demo or is_export):
        if not is_export:
            print(f"{file} is older than the records; they are kept (version {held.version})")
        return held.blueprint
    print(found.explanation())
    sys.exit(STATUS_REFUSED)


def _demo_passwords(blueprint: Blueprint) -> dict[str, str]:
    demo = blueprint.demo.people if blueprint.demo else {}
    return {key: person.password for key, person in demo.items() if person.password}


def _first_passwords(blueprint: Blueprint) -> dict[str, str]:
    """Make passwords for those who cannot sign in yet; those who run the centre come first."""
    from callfloor.records.people.models import Person

    known = {person.key for person in Person.objects.order_by("key") if _can_sign_in(person)}
    missing = [key for key in blueprint.people if key not in known]
    missing.sort(key=lambda key: not FIRST_ROLES.intersection(blueprint.people[key].roles))
    return {key: secrets.token_urlsafe(PASSWORD_BYTES) for key in missing[:FIRST_SIGN_INS_MAX]}


def _can_sign_in(person: Any) -> bool:
    return bool(person.password) and person.has_usable_password()


def _tell_first(first: Mapping[str, str]) -> None:
    for key, password in first.items():
        print(f"first sign-in: {key}  {password}  (shown only now)")


def certificate(*, data: Path, names: tuple[str, ...], now: datetime) -> None:
    """Make a certificate of our own for these names."""
    from callfloor.app import certificate as certificates

    pair = certificates.make(data=data, names=names, now=now)
    print(f"certificate of our own for {', '.join(names)}: {pair.certificate}")


def history(*, file: Path, data: Path, seed: int, now: datetime) -> None:
    """Let the twin make a day of contacts, so that no page is empty."""
    from callfloor.app.demo import history as demo_history

    blueprint = load(file)
    made = demo_history.write(
        data / "history.db",
        floor_plan=applying.plan_of(blueprint, sip=None, now=now),
        blueprint=blueprint,
        seed=seed,
        now=now,
    )
    print(f"{made} simulated contacts of yesterday and today")


def main(arguments: list[str]) -> None:
    """Do one part."""
    parser = argparse.ArgumentParser(prog="callfloor.app.prepare")
    parser.add_argument("part", choices=["centre", "records", "history", "certificate"])
    parser.add_argument("file", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sip", default="127.0.0.1:5070")
    parser.add_argument("--name", action="append", default=[])
    asked = parser.parse_args(arguments)
    data, now = asked.data.resolve(), datetime.now(UTC)
    match asked.part:
        case "centre":
            centre(file=asked.file, data=data, is_demo=asked.demo, sip=asked.sip)
        case "records":
            records(file=asked.file, data=data, is_demo=asked.demo, sip=asked.sip, now=now)
        case "history":
            history(file=asked.file, data=data, seed=asked.seed, now=now)
        case "certificate":
            certificate(data=data, names=tuple(asked.name), now=now)


if __name__ == "__main__":
    main(sys.argv[1:])
