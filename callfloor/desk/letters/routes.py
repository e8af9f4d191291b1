"""The addresses of originals."""

from django.urls import path

from callfloor.desk.letters import pages

routes = [
    path("mail/<str:message_id>", pages.original, name="letter"),
    path("mail/<str:message_id>/formatted", pages.formatted, name="letter_formatted"),
    path("mail/<str:message_id>/files/<int:number>", pages.file, name="letter_file"),
    path("mail/<str:message_id>/again", pages.again, name="letter_again"),
]
