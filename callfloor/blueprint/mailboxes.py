"""
The mailboxes of a centre's file as the connectors take them.

Refuses: passwords, which stand in no file of a centre.
"""

from callfloor.blueprint import schema, texts
from callfloor.blueprint.schema import Blueprint
from callfloor.blueprint.schema import mail as written
from callfloor.records.letters.rules import Account, Server


def accounts(blueprint: Blueprint) -> list[Account]:
    """Give the accounts of a checked file, by key."""
    return [_account(blueprint, key, box) for key, box in sorted(blueprint.mail.items())]


def _account(blueprint: Blueprint, key: str, box: written.Mailbox) -> Account:
    entry: schema.Number = blueprint.numbers[box.addresses[0]]
    client = blueprint.clients[entry.client]
    incoming = box.incoming
    return Account(
        key=key,
        client=entry.client,
        addresses=tuple(box.addresses),
        name=_said(box.name or client.name, language=entry.language),
        language=entry.language,
        incoming=_server(incoming),
        outgoing=_server(box.outgoing),
        folder=incoming.folder if incoming is not None else "INBOX",
        trusts=incoming.trusts if incoming is not None else "",
        acknowledges=box.acknowledge,
        has_tags=box.tags,
        kind=box.kind,
    )


def _said(text: schema.Text, *, language: str) -> str:
    known = texts.texts(text)
    return known.get(language) or known.get("en") or next(iter(known.values()))


def _server(server: written.Incoming | written.Outgoing | None) -> Server | None:
    if server is None:
        return None
    return Server(
        host=server.host, port=server.port, security=server.security, user=server.user or ""
    )
