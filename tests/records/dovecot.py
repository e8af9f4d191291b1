"""
A real IMAP server for a test: Debian's dovecot, with everything that it writes in one folder.

It runs as whoever runs the tests; its login process refuses to be root, so root runs it as nobody.
"""

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PASSWORD = "secret"
START_SECONDS = 60.0

CONFIG = """\
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


class Dovecot:
    """A server that runs."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    def client(self, user: str = "help") -> imaplib.IMAP4:
        """Give a connection of the standard library's, which is not the product's."""
        imap = imaplib.IMAP4("127.0.0.1", self.port)
        imap.login(user, PASSWORD)
        imap.select("INBOX")
        return imap

    def deliver(self, *raws: bytes, user: str = "help") -> None:
        """Put mails into a mailbox."""
        imap = self.client(user)
        for raw in raws:
            status, said = imap.append("INBOX", None, None, raw)
            assert status == "OK", said
        imap.logout()

    def renumber(self, user: str = "help") -> None:
        """Have the mailbox numbered anew, as after a backup was put back."""
        for path in (self.folder / "mail" / user).glob("dovecot*"):
            path.unlink()

    def log(self) -> str:
        """Give what it wrote."""
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""


@contextlib.contextmanager
def running(program: str) -> Iterator[Dovecot]:
    """Run a server as long as the block lasts."""
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    # Not below pytest's folder, which nobody else may enter.
    folder = Path(tempfile.mkdtemp(prefix="callfloor-dovecot-"))
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
    port = _free_port()
    names = {"user": user.pw_name, "group": grp.getgrgid(user.pw_gid).gr_name}
    config = folder / "dovecot.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, password=PASSWORD, **names))
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
    process = subprocess.Popen(
        [program, "-F", "-c", str(config)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        **as_user,
    )
    server = Dovecot(folder, port)
    try:
        _until_up(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _until_up(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            server.client().logout()
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    raise AssertionError(f"dovecot does not start:\n{server.log()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
