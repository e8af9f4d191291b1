"""A mailbox of the sample centre, for tests with and without records."""

from callfloor.records.letters.rules import Account, Server

HELP = "help@acme.example"
ACCOUNT = Account(
    key="help",
    client="acme",
    addresses=(HELP, "billing@acme.example"),
    name="Acme",
    language="en",
    incoming=Server(host="127.0.0.1", port=1, security="none"),
    outgoing=Server(host="127.0.0.1", port=2, security="none"),
    trusts="mx.acme.example",
)
