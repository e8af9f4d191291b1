"""
The type of a request whose sender has signed in.

Django's own says that anybody may be there; pages behind `login_required` know better.
"""

from typing import Any

from django.http import HttpRequest


class Request(HttpRequest):
    """A request of somebody with a key and rights (kernel.access.Someone)."""

    user: Any
