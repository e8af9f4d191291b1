"""
The demo's process: `python -m callfloor.app.demo.main --data DIR --file FILE --sip HOST:PORT …`.

Sets Django up, for who writes is met in the records, and lets everybody simulated begin.
Refuses: to be anybody itself (`everybody` is).
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import django


async def _serve(options: argparse.Namespace) -> None:
    # Models can be imported only after django.setup(), which main() has called.
    from callfloor.app.demo.everybody import Demo

    host, _, port = options.sip.rpartition(":")
    demo = Demo(
        data=options.data,
        file=options.file,
        sip=(host, int(port)),
        page=options.page,
        seed=options.seed,
    )
    running = asyncio.create_task(demo.run_quiet() if options.quiet else demo.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; return the exit status."""
    parser = argparse.ArgumentParser(prog="callfloor.app.demo", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--sip", required=True, help="HOST:PORT of the trunk")
    parser.add_argument("--page", default="http://127.0.0.1:8080/", help="where chats are")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quiet", action="store_true", help="only the provider; nobody calls")
    options = parser.parse_args(arguments)
    os.environ["CALLFLOOR_DATA"] = str(options.data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callfloor.app.settings")
    django.setup()
    asyncio.run(_serve(options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
