"""The addresses of cases: for people who work here, and for customers."""

from django.urls import path

from callfloor.desk.cases import beside_pages, file_pages, pages, public_pages

routes = [
    path("cases", pages.listing, name="cases"),
    path("cases.csv", pages.export, name="cases_csv"),
    path("cases/new", pages.new, name="case_new"),
    path("cases/incident", pages.incident, name="incident_new"),
    path("cases/<str:case_id>", pages.detail, name="case"),
    path("desk/cases/<str:item>", beside_pages.attach, name="desk_cases"),
    path("cases/<str:case_id>/files/<str:file_id>", file_pages.file, name="case_file"),
    path("case/<str:token>", public_pages.follow, name="case_public"),
    path("ask/<str:client>", public_pages.ask, name="case_ask"),
]
