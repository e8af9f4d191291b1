"""The addresses of queues' forms, opening hours, flows, and of what was changed."""

from django.urls import path

from callfloor.desk.shaping.pages import flows, history, hours, queues

routes = [
    path("queues/<str:key>/change", queues.change, name="queue_change"),
    path("hours", hours.listing, name="hours"),
    path("hours/<str:key>", hours.detail, name="hours_one"),
    path("hours/<str:key>/change", hours.change, name="hours_change"),
    path("flows", flows.listing, name="flows"),
    path("flows/<str:key>", flows.detail, name="flow"),
    path("flows/<str:key>/change", flows.change, name="flow_change"),
    path("organisation/history", history.history, name="centre_history"),
    path("organisation/history/<str:version>", history.version, name="centre_version"),
]
