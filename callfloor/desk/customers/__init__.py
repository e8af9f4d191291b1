"""Who is known outside: a list, one customer with the story, merging, files."""

from django.urls import path

from callfloor.desk.customers import files_pages as files
from callfloor.desk.customers import merging_pages as merging
from callfloor.desk.customers import pages

routes = [
    path("customers", pages.listing, name="customers"),
    path("customers.csv", pages.export, name="customers_csv"),
    path("customers-whole.csv", files.export, name="customers_whole_csv"),
    path("customers/import", files.choose, name="customers_import"),
    path("customers/import/<str:import_id>", files.one, name="customers_import_one"),
    path("customers/<str:customer_id>", pages.detail, name="customer"),
    path("customers/<str:customer_id>/merge", merging.merge, name="customer_merge"),
    path("customers/<str:customer_id>/join", merging.join, name="customer_join"),
]
