"""
The worker with one reaction more, to be killed within it: `python -m tests.faults.worker`.

No department reacts to anything yet. This reaction leaves a trace per interaction in the same
transaction as its event's mark, so that one which ran twice would be seen.
"""

import os
import sys

import django

MARK = "faults.reacted"


def join() -> None:
    """Join the reaction; `django.setup()` must have gone before."""
    from callfloor.kernel import audit, events
    from callfloor.records.interactions.events import InteractionClosed

    def leave_a_trace(event: InteractionClosed) -> None:
        audit.note(by="test", action=MARK, about=event.interaction_id, now=event.closed_at)

    events.join([events.on(InteractionClosed, leave_a_trace)])


def main() -> None:
    """Make the tables, join the reaction and work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callfloor.app.settings")
    django.setup()
    from callfloor.app import database
    from callfloor.worker import main as worker

    database.prepare()
    if "--only-prepare" in sys.argv:
        return
    join()
    worker.main()


if __name__ == "__main__":
    main()
