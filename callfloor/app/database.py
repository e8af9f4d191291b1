"""
Where the records lie, and how they are made ready at a start.

Refuses: Django at import, because the settings import this.
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

BUSY_SECONDS = 20  # Far longer than any write of ours; whoever waits this long has met a fault.
OTHER_VERSION = (
    "The records were made by another version of Callfloor (they have {what}, which this one does"
    " not know). Start that version, or begin with a new data folder."
)
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384; "


def databases(*, url: str, data: Path) -> dict[str, Any]:
    """Give Django's DATABASES; the keys of subjects lie apart, in their own file or schema."""
    if url:
        server = _postgres(url)
        keys = {**server, "NAME": f"{server['NAME']}_keys", "TEST": {"NAME": None}}
        return {"default": server, "keys": keys}
    # What is erased must not stay in a free page, though nobody has its key any more.
    pragmas = "PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
    records = _sqlite(data / "records.db", pragmas=pragmas)
    # A key that is lost makes values unreadable that were written with it, so it is on the disk
    # first; and a key that is destroyed must not stay in a free page.
    keys = _sqlite(data / "keys.db", pragmas="PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;")
    return {"default": records, "keys": keys}


def _sqlite(path: Path, *, pragmas: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,  # A file needs no reconnecting; the pragmas cost a millisecond.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": BUSY_SECONDS,
            "init_command": PRAGMAS + pragmas,
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": False},
    }


def prepare() -> None:
    """
    Bring both databases to this version's tables; quick when there is nothing to do.

    `django.setup()` must have gone before. Ends the process with a word, and nothing changed, if
    they were made by a version that this one does not follow.
    """
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    # The keys' file has tables of the kernel only; to run the others there as well, which then make
    # nothing, would double the time of a first start.
    for alias, app in (("keys", "kernel"), ("default", None)):
        executor = MigrationExecutor(connections[alias])
        strange = executor.loader.applied_migrations.keys() - executor.loader.disk_migrations.keys()
        if strange:
            raise SystemExit(OTHER_VERSION.format(what=".".join(min(strange))))
        if executor.migration_plan(executor.loader.graph.leaf_nodes(app)):
            named = [app] if app else []
            call_command("migrate", *named, database=alias, verbosity=0, interactive=False)
        if connections[alias].vendor == "sqlite":
            Path(connections[alias].settings_dict["NAME"]).chmod(0o600)
