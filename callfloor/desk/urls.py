"""The addresses of the shared workplaces."""

from django.urls import path
from django.views.generic import TemplateView

from callfloor.desk import customers
from callfloor.desk.articles.routes import routes as articles
from callfloor.desk.cases.routes import routes as cases
from callfloor.desk.chat import pages as chat
from callfloor.desk.direction import pages as direction
from callfloor.desk.emergency import pages as emergency
from callfloor.desk.floor import pages as floor
from callfloor.desk.floor.pages import orders, pushing
from callfloor.desk.forms.routes import routes as forms
from callfloor.desk.help import pages as help_
from callfloor.desk.home import pages as home
from callfloor.desk.interactions import pages as interactions
from callfloor.desk.letters.routes import routes as letters
from callfloor.desk.messages import pages as messages
from callfloor.desk.organisation import missing as gaps
from callfloor.desk.organisation import pages as organisation
from callfloor.desk.people import pages as people
from callfloor.desk.people.pages import editing
from callfloor.desk.promises.routes import routes as promises
from callfloor.desk.queues import pages as queues
from callfloor.desk.shaping.routes import routes as shaping
from callfloor.desk.softphone import pages as softphone
from callfloor.desk.tokens.routes import routes as tokens
from callfloor.desk.wallboard import pages as wallboard

urlpatterns = [
    path("", home.home, name="home"),
    path("desk", softphone.desk, name="desk"),
    path("desk/item/<str:item>", softphone.item, name="desk_item"),
    path("desk/panels/<str:item>", softphone.panels, name="desk_panels"),
    path("desk/note/<str:item>", softphone.note, name="desk_note"),
    path("chat/widget.js", chat.widget, name="chat_widget"),
    path("chat/file", chat.send_file, name="chat_send_file"),
    path("chat/file/<int:number>", chat.file, name="chat_file"),
    path("chat/try/<str:key>", chat.try_it, name="chat_try"),
    path("chat/<str:key>", chat.frame, name="chat"),
    path("desk/file/<str:interaction_id>", chat.attach, name="desk_file"),
    path("floor", floor.floor, name="floor"),
    path("floor/people/<str:key>", orders.person, name="floor_person"),
    path("floor/people/<str:key>/push", pushing.push, name="floor_push"),
    path("floor/teams/<str:key>", orders.team, name="floor_team"),
    *tokens,
    *letters,
    *articles,
    *forms,
    path("messages", messages.messages, name="messages"),
    path("messages/unread", messages.unread, name="messages_unread"),
    path("messages/<str:notice>/read", messages.read, name="message_read"),
    path("wallboard", wallboard.wallboard, name="wallboard"),
    path("interactions", interactions.listing, name="interactions"),
    path("interactions.csv", interactions.export, name="interactions_csv"),
    path("interactions/<str:interaction_id>", interactions.detail, name="interaction"),
    path(
        "interactions/<str:interaction_id>/files/<int:number>",
        chat.interaction_file,
        name="interaction_file",
    ),
    path("recordings/<str:recording_id>.wav", interactions.recording, name="recording"),
    *customers.routes,
    *cases,
    *promises,
    path("people", people.listing, name="people"),
    path("people.csv", people.export, name="people_csv"),
    path("people/<str:key>", people.detail, name="person"),
    path("people/<str:key>/change", editing.change, name="person_change"),
    path("queues", queues.listing, name="queues"),
    path("queues.csv", queues.export, name="queues_csv"),
    path("queues/<str:key>", queues.detail, name="queue"),
    *shaping,
    path("organisation", organisation.organisation, name="organisation"),
    path("organisation/matrix", organisation.rights, name="rights"),
    path("organisation/matrix.csv", organisation.rights_csv, name="rights_csv"),
    path("organisation/gaps", gaps.missing, name="gaps"),
    path("direction", direction.direction, name="direction"),
    path("direction/mine", direction.mine, name="targets"),
    path("direction/up/<str:kind>/<str:key>", direction.up, name="targets_up"),
    path("emergency", emergency.emergencies, name="emergency"),
    path("emergency/<str:key>", emergency.emergency, name="emergency_one"),
    path("help", help_.help_page, name="help"),
    path("help/definitions", help_.definitions, name="definitions"),
    path("help/glossary", help_.glossary, name="glossary"),
    path("call", softphone.call_us, name="call"),
    path("style", TemplateView.as_view(template_name="ui/style.html"), name="style"),
]
