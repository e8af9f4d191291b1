"""Mailboxes: their addresses lead somewhere, all of them to one client, each from one mailbox."""

import re
from collections.abc import Iterator

from callfloor.blueprint.check.wording import guess
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.schema.mail import Mailbox

ADDRESS = re.compile(r"[A-Za-z0-9._%-]{1,64}@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+")
"""An address of our own; one with a plus could not be told from one with a tag."""
ADDRESS_MAX = 64  # As long as what a contact keeps of the number that was called.


def problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Find what is wrong with mailboxes."""
    seen: dict[str, str] = {}
    for key, mailbox in blueprint.mail.items():
        yield from _addresses(blueprint, key, mailbox, seen)
        yield from _client(blueprint, key, mailbox)
        if mailbox.incoming is None and mailbox.outgoing is None:
            wrong = f"The mailbox `{key}` neither receives nor sends."
            hint = "Say where its mail is: `incoming`, `outgoing`, or both."
            yield Problem(id="E115", path=("mail", key), wrong=wrong, hint=hint)


def _addresses(
    blueprint: Blueprint, key: str, mailbox: Mailbox, seen: dict[str, str]
) -> Iterator[Problem]:
    for place, address in enumerate(mailbox.addresses):
        path = ("mail", key, "addresses", str(place))
        if not ADDRESS.fullmatch(address) or len(address) > ADDRESS_MAX:
            wrong = f"`{address}` is no address that mail can be fetched for."
            hint = f"Write it as `help@acme.example`, at most {ADDRESS_MAX} characters, without +."
            yield Problem(id="E116", path=path, wrong=wrong, hint=hint)
        elif address not in blueprint.numbers:
            wrong = f"`{address}` leads nowhere: it does not stand in `numbers`."
            hint = guess(address, blueprint.numbers)
            yield Problem(id="E117", path=path, wrong=wrong, hint=hint)
        if address.lower() in seen:
            wrong = f"`{address}` stands in the mailbox `{seen[address.lower()]}` as well."
            hint = "Keep it where its mail lies."
            yield Problem(id="E118", path=path, wrong=wrong, hint=hint)
        seen[address.lower()] = key


def _client(blueprint: Blueprint, key: str, mailbox: Mailbox) -> Iterator[Problem]:
    entries = [blueprint.numbers[each] for each in mailbox.addresses if each in blueprint.numbers]
    if len({entry.client for entry in entries}) > 1:
        wrong = f"The addresses of the mailbox `{key}` belong to several clients."
        hint = "Give each client a mailbox of its own: nobody reads another's mail."
        yield Problem(id="E119", path=("mail", key, "addresses"), wrong=wrong, hint=hint)
