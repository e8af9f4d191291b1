"""
The Session Initiation Protocol (RFC 3261) without sockets: bytes, rules, transactions, dialogs.

Read from below: `uri`, `headers` and `message` turn bytes into values, `validate` names the status
that a bad request is owed, `machines` and `transaction` repeat and match, `dialog` remembers a
call, `session_timer` and `auth` are the two negotiations that ride on it.

What a whole side of a call needs stands on top: `calling` (an INVITE of ours), `reoffer` (changing
a call that stands), `registration` (ours at a provider), `registrar` (theirs here), `refer` (moving
a call), `credentials` (our passwords), `stream` (connections). What these want done is `asking`.

Refuses: a socket, a clock, a name look-up, a decision about a call.
"""
