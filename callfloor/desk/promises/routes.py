"""The addresses of callbacks and appointments."""

from django.urls import path

from callfloor.desk.promises import pages, public_pages

routes = [
    path("promises", pages.listing, name="promises"),
    path("promises/new", pages.new, name="promise_new"),
    path("promises/<str:appointment_id>/cancel", pages.cancel, name="promise_cancel"),
    path("case/<str:token>/call", public_pages.of_case, name="case_call"),
    path("chat/<str:key>/call", public_pages.of_chat, name="chat_ask_call"),
]
