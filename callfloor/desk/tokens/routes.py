"""The addresses of tokens."""

from django.urls import path

from callfloor.desk.tokens import pages

routes = [
    path("tokens", pages.tokens, name="tokens"),
    path("tokens/<str:token_id>", pages.revoke, name="token_revoke"),
]
