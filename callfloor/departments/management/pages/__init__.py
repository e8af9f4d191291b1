"""
Pages of management.

    privacy   one customer's personal data: who saw it, all of it in a file, erasing, holding
"""

from django.urls import path

from callfloor.departments.management.pages import privacy

routes = [
    path("customers/<str:customer_id>/privacy", privacy.privacy, name="customer_privacy"),
    path("customers/<str:customer_id>/everything.zip", privacy.everything, name="customer_zip"),
]
