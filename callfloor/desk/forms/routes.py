"""The addresses of scripts and guides."""

from django.urls import path

from callfloor.desk.forms import pages, script_pages

routes = [
    path("desk/script/<str:item>", script_pages.start, name="script_start"),
    path("desk/script/run/<str:run>", script_pages.answer, name="script_answer"),
    path("forms", pages.listing, name="forms"),
    path("forms/run/<str:run_id>", script_pages.run, name="form_run"),
    path("forms/<str:key>", pages.detail, name="form"),
    path("forms/<str:key>/write", pages.write, name="form_write"),
    path("forms/<str:key>/publish", pages.publish, name="form_publish"),
]
