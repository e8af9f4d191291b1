"""The addresses of articles."""

from django.urls import path

from callfloor.desk.articles import pages, panel, writing

routes = [
    path("desk/lookup/<str:item>", panel.lookup, name="lookup"),
    path("articles", pages.listing, name="articles"),
    path("articles/new", writing.begin, name="article_begin"),
    path("articles/read/<str:version>", pages.acknowledge, name="article_acknowledge"),
    path("articles/decide/<str:version>", writing.decide, name="article_decide"),
    path("articles/<str:key>", pages.detail, name="article"),
    path("articles/<str:key>/review", writing.review, name="article_review"),
    path("articles/<str:key>/fact", writing.fact, name="article_fact"),
    path("articles/<str:key>/write/<str:language>", writing.write, name="article_write"),
]
