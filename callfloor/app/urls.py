"""
Every address of the web process that Django serves; `callfloor/web/shell.py` serves the live ones.
"""

from django.urls import include, path

from callfloor.app import turn
from callfloor.app.api import api
from callfloor.connectors.webhook import pages as webhook
from callfloor.departments.analytics import pages as analytics
from callfloor.departments.human_resources import pages as human_resources
from callfloor.departments.it_support import pages as it_support
from callfloor.departments.management import pages as management
from callfloor.departments.workforce import pages as workforce
from callfloor.desk import urls as desk
from callfloor.ui import errors

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("api/", api.urls),
    path("engine", it_support.engine, name="engine"),
    path("ice", turn.ice_servers, name="ice"),
    path("try", workforce.try_change, name="try"),
    path("try/<str:trial_id>", workforce.trial, name="trial"),
    path("try/<str:trial_id>/stop", workforce.stop, name="trial_stop"),
    path("try/<str:trial_id>/again", workforce.again, name="trial_again"),
    path("", include(webhook.routes)),
    path("", include(analytics.routes)),
    path("", include(human_resources.routes)),
    path("", include(management.routes)),
    path("", include(desk.urlpatterns)),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
