"""
What a command that only reads a blueprint needs of Django: models that are never asked for rows.

Refuses: a data folder, a database, keys. Whatever works on records calls `django.setup()` with
`callfloor.app.settings` before, and this does nothing then.
"""

ROOMS = (
    "callfloor.kernel",
    "callfloor.records.people",
    "callfloor.records.customers",
    "callfloor.records.routing",
    "callfloor.records.interactions",
    "callfloor.records.letters",
    "callfloor.records.outreach",
    "callfloor.records.articles",
    "callfloor.records.forms",
    "callfloor.records.cases",
    "callfloor.records.metrics",
    "callfloor.connectors.imap",
    "callfloor.connectors.webhook",
    "callfloor.ui",
    "callfloor.desk",
    "callfloor.departments.analytics",
    "callfloor.departments.human_resources",
    "callfloor.departments.it_support",
    "callfloor.departments.management",
    "callfloor.departments.workforce",
)
"""Rooms with tables, tags or templates, in the order in which Django loads them."""


def read() -> None:
    """
    Join what manifests say, without what they lead to, where nothing else of Django is needed.

    A process that has set Django up, or wants to, joins the whole.
    """
    from django.conf import settings

    if settings.configured:
        join()
        return
    from callfloor.app import wiring
    from callfloor.kernel import department

    if not department.departments():
        settings.configure(USE_I18N=False)  # Names are said in English on a command line.
        wiring.read()


def join() -> None:
    """Join the departments, roles and duties of this version, once per process."""
    from django.apps import apps
    from django.conf import settings

    from callfloor.kernel import department

    # The rooms of pages prepare their translations when they load, which nobody reads here.
    tables = [room for room in ROOMS if room not in ("callfloor.ui", "callfloor.desk")]
    if not settings.configured:
        settings.configure(
            INSTALLED_APPS=("django.contrib.contenttypes", "django.contrib.auth", *tables),
            AUTH_USER_MODEL="people.Person",
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
        )
    if not apps.ready:
        import django

        django.setup()
    if not department.departments():
        from callfloor.app import wiring

        wiring.join()
