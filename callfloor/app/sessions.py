"""
Sessions in Django's own table, read by one short statement at each request.

Refuses: to keep a session in memory. One that was ended elsewhere has ended here too.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from callfloor.kernel import quick


class SessionStore(db.SessionStore):
    """Django's sessions in the database, but for the way in which one is read."""

    def _get_session_from_db(self) -> Any:
        found = quick.first(self.model, "WHERE session_key = %s", [self.session_key])
        if found is not None and found.expire_date > timezone.now():
            return found
        self._session_key = None
        return None
