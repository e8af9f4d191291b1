"""The addresses of callbacks and appointments."""

from django.urls import path

from callfloor.desk.promises import pages

routes = [
    path("promises", pages.listing, name="promises"),
    path("promises/new", pages.new, name="promise_new"),
    path("promises/<str:appointment_id>/cancel", pages.cancel, name="promise_cancel"),
]
