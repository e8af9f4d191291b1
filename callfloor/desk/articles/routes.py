"""The addresses of articles."""

from django.urls import path

from callfloor.desk.articles import canned_pages, lookup_pages, pages, writing_pages

routes = [
    path("desk/canned/<str:interaction_id>", canned_pages.canned, name="canned"),
    path("desk/lookup/<str:item>", lookup_pages.lookup, name="lookup"),
    path("articles", pages.listing, name="articles"),
    path("articles/new", writing_pages.begin, name="article_begin"),
    path("articles/read/<str:version>", pages.acknowledge, name="article_acknowledge"),
    path("articles/decide/<str:version>", writing_pages.decide, name="article_decide"),
    path("articles/<str:key>", pages.detail, name="article"),
    path("articles/<str:key>/review", writing_pages.review, name="article_review"),
    path("articles/<str:key>/fact", writing_pages.fact, name="article_fact"),
    path("articles/<str:key>/write/<str:language>", writing_pages.write, name="article_write"),
]
