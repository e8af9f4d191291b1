"""Mails as they come: of people, of machines that answer, of servers that give back."""

from email.message import Message


def plain(
    text: str = "My invoice is wrong.\n",
    *,
    sender: str = "Cora <cora@home.example>",
    to: str = "help@acme.example",
    subject: str = "Invoice",
    message_id: str | None = "m1@home.example",
    more: str = "",
    date: str = "Mon, 02 Mar 2026 10:00:00 +0100",
) -> bytes:
    """Write a plain mail with whatever headers a test wants besides."""
    head = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Date: {date}"]
    if message_id is not None:
        head.append(f"Message-ID: <{message_id}>")
    head += [*more.splitlines(), "Content-Type: text/plain; charset=utf-8"]
    body = text.replace("\n", "\r\n").encode()
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def out_of_office(*, to: str = "help@acme.example", answers: str = "x@acme.example") -> bytes:
    """An honest automatic answer."""
    return plain(
        "I am at the sea.\n",
        to=to,
        subject="Automatic reply: Invoice",
        message_id="ooo@home.example",
        more=f"Auto-Submitted: auto-replied\nIn-Reply-To: <{answers}>\nReturn-Path: <>",
    )


def given_back(original: str, *, recipient: str = "cora@home.example") -> bytes:
    """The kind of RFC 3464: a report with the head of the mail."""
    parts = [
        "Content-Type: text/plain\r\n\r\nIt could not be delivered.\r\n",
        "Content-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.home.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n",
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}>\r\nSubject: Re\r\n",
    ]
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n"
    head = (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.home.example\r\nTo: help@acme.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <dsn1@mx.home.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    )
    return (head + body).encode()


def given_back_by_qmail(original: str) -> bytes:
    """The kind of qmail: plain words, the mail below a line, a null sender and nothing else."""
    text = (
        "Hi. This is the qmail-send program. I'm afraid I wasn't able to deliver your message.\n"
        "<cora@home.example>: no mailbox here by that name.\n\n"
        "--- Below this line is a copy of the message.\n\n"
        f"From: help@acme.example\nMessage-ID: <{original}>\n\nGood day\n"
    )
    return plain(
        text,
        sender="MAILER-DAEMON@home.example",
        subject="failure notice",
        message_id="dsn2@home.example",
        more="Return-Path: <>",
    )


def given_back_by_exchange(original: str) -> bytes:
    """The kind of Exchange: no report, a header of its own, the mail named as answered."""
    return plain(
        "Your message couldn't be delivered.\n",
        sender="postmaster@office.example",
        subject="Undeliverable: Re: Invoice",
        message_id="dsn3@office.example",
        more=f"X-MS-Exchange-Message-Is-Ndr:\nIn-Reply-To: <{original}>",
    )


def with_file(name: str = "bill.pdf", content: str = "JVBERi0=") -> bytes:
    """A mail of text, HTML and a file."""
    body = (
        "--o\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n"
        "--i\r\nContent-Type: text/plain; charset=iso-8859-2\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\nSz=E1mla mell=E9kelve\r\n"
        "--i\r\nContent-Type: text/html\r\n\r\n<p onclick=x()>Hi<script>evil()</script>"
        "<img src=https://track.example/1.gif></p>\r\n--i--\r\n"
        f'--o\r\nContent-Type: application/pdf; name="{name}"\r\n'
        "Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{content}\r\n--o--\r\n"
    )
    head = (
        "From: cora@home.example\r\nTo: help@acme.example\r\nSubject: =?iso-8859-2?Q?Sz=E1mla?=\r\n"
        "Message-ID: <f1@home.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=o\r\n\r\n"
    )
    return (head + body).encode()


def nested(depth: int) -> bytes:
    """A mail in a mail in a mail."""
    opening = "".join(
        f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
        for level in range(depth)
    )
    return f"From: a@b.example\r\n{opening}text\r\n".encode()


def subject_of(message: Message) -> str:
    """Give the subject as another program decodes it."""
    from email.header import decode_header, make_header

    unfolded = str(message["subject"]).replace("\r\n", "")
    return str(make_header(decode_header(unfolded)))
