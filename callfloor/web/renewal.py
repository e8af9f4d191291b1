"""
A certificate that was renewed on the disk is used for new connections, without a restart.

Refuses: to renew anything; `app.serve` or the administrator's own tool does.
"""

import logging
import ssl
import threading
import time
from pathlib import Path

POLL_SECONDS = 30.0  # Whoever renews does it days before the end.

log = logging.getLogger("callfloor.web")


class Renewal:
    """One certificate that is looked at now and then."""

    def __init__(self, context: ssl.SSLContext, *, certificate: Path, key: Path) -> None:
        self._context = context
        self._certificate = certificate
        self._key = key
        self._seen = self._stamp()

    def look(self) -> bool:
        """Take the files if they have changed; say whether a new certificate holds."""
        stamp = self._stamp()
        if stamp is None or stamp == self._seen:
            return False
        try:
            self._context.load_cert_chain(self._certificate, self._key)
        except OSError as error:  # Half written, or they do not belong together: look again.
            log.warning("web.certificate_not_taken: %s", error)
            return False
        self._seen = stamp
        log.info("web.certificate_renewed")
        return True

    def _stamp(self) -> tuple[int, int] | None:
        try:
            return self._certificate.stat().st_mtime_ns, self._key.stat().st_mtime_ns
        except OSError:
            return None


def watch(context: ssl.SSLContext, *, certificate: Path, key: Path) -> None:
    """Look at the files for as long as the process lives."""
    renewal = Renewal(context, certificate=certificate, key=key)

    def run() -> None:
        while True:
            time.sleep(POLL_SECONDS)
            renewal.look()

    threading.Thread(target=run, name="certificate", daemon=True).start()
