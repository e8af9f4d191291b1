"""
The web process: python -m callfloor.web.main --data DIR --host 127.0.0.1 --http PORT.

With --tls-cert and --tls-key it speaks TLS, and takes a renewed certificate by itself.

Refuses: to start without the keys and tables of a centre; the command line makes them.
"""

import argparse
import os
import ssl
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from callfloor.web import renewal

SETTINGS = "callfloor.app.settings"
SHUTDOWN_SECONDS = 2  # Streams never end by themselves; the supervisor waits five.


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to stop."""
    asked = _parser().parse_args(arguments)
    os.environ["CALLFLOOR_DATA"] = str(Path(asked.data).resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    config = uvicorn.Config(
        "callfloor.web.main:application",
        factory=True,
        host=asked.host,
        port=asked.http,
        loop="auto",
        http="httptools",
        ws="auto",
        lifespan="on",
        log_level="warning",
        access_log=False,  # Addresses and query strings are personal values.
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        ws_max_size=128 * 1024,
        ssl_certfile=asked.tls_cert,
        ssl_keyfile=asked.tls_key,
    )
    config.load()
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2  # TRUST.md section 4.
        renewal.watch(config.ssl, certificate=Path(asked.tls_cert), key=Path(asked.tls_key))
    uvicorn.Server(config).run()


def application() -> object:
    """Return the ASGI application; Django is set up first, because the live part asks it too."""
    from django.core.wsgi import get_wsgi_application

    pages = get_wsgi_application()
    from callfloor.web.shell import Shell

    return Shell(data=Path(os.environ["CALLFLOOR_DATA"]), pages=pages)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Serve the pages of a centre.")
    parser.add_argument("--data", required=True, help="the centre's folder")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--http", type=int, default=8000, help="the port to listen on")
    parser.add_argument("--tls-cert", help="certificate (PEM); pages are then HTTPS only")
    parser.add_argument("--tls-key", help="its key (PEM)")
    return parser


if __name__ == "__main__":
    main()
