"""
A changed value of a queue, a calendar or a flow in words; what is not one of these is left alone.

Refuses: to judge it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callfloor.desk import centre
from callfloor.desk.shaping import queue_form, reading
from callfloor.kernel.names import pick
from callfloor.kernel.ports import Keys
from callfloor.records.people import queries as people
from callfloor.ui import formats

NOTHING = "–"
Said = tuple[str, str, str]
"""What differs, what stood there, what shall stand there."""


def said(path: Keys, before: Any, after: Any) -> Said | None:
    """Say a changed value in words; None if it is no part of what these pages change."""
    write = _WRITERS.get(path[0]) if len(path) > 2 else None
    return write(path, before, after) if write else None


def ways(kind: str, language: str = "") -> str:
    """Say when a way out of a step is taken; `language` for a way of kind `language`."""
    if kind == "language":
        return str(people.language_name(language))
    return {
        "next": _("then"),
        "open": _("while open"),
        "closed": _("while closed"),
        "otherwise": _("after wrong answers or silence"),
        "other_language": _("in any other language"),
    }[kind]


def kind_of(said: Mapping[str, Any], place: str) -> str:
    """Give the kind of a way out, by the step and where it stands in it."""
    return "other_language" if (said.get("do"), place) == ("language", "otherwise") else place


def too_long() -> str:
    """Say when a line is left by itself."""
    return _("when the wait is too long")


def does(said: Mapping[str, Any]) -> str:
    """Say in two words what a step does."""
    return {
        "say": _("Says"),
        "notice": _("Announces the recording"),
        "hours": _("Looks at the hours"),
        "menu": _("Asks for a key"),
        "ask": _("Asks for digits"),
        "speak": _("Sets the language"),
        "language": _("Looks at the language"),
        "queue": _("Waits in line"),
        "message": _("Takes a message"),
        "callback": _("Notes a callback"),
        "end": _("Ends the call"),
    }.get(str(said["do"]), str(said["do"]))


def called(section: str, key: str) -> str:
    """Give the name of something of the centre's file, in the reader's language."""
    name = (centre.section(section).get(key) or {}).get("name", key)
    return name if isinstance(name, str) else pick(name, key=key)


def hours(texts: Iterable[str] | None) -> str:
    """Write the hours of a day."""
    if texts is None:
        return NOTHING
    found = [formats.digits(text.replace("-", "–"), language=_language()) for text in texts]
    return formats.listed(found, language=_language()) or _("closed")


def days(key: str) -> str:
    """Write the file's `mon-fri`."""
    span = reading.span(key)
    if span is None:
        return key
    first, last = (formats.weekday(day, language=_language()) for day in span)
    if span[0] == span[1]:
        return first
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _queue(path: Keys, before: Any, after: Any) -> Said:
    name = called("queues", path[1])
    field = next((each for each in queue_form.FIELDS if each.path == path[2:]), None)
    if field is not None:
        return f"{name} › {field.label}", _number(before, field), _number(after, field)
    if path[2:] == ("choose",):
        standard = str(queue_form.STANDARD["choose"])
        texts = [str(queue_form.CHOOSE.get(each or standard, "")) for each in (before, after)]
        return f"{name} › {_('Who is chosen')}", texts[0], texts[1]
    if path[2:] == ("tiers",):
        label = _("Who may take it, and from when")
        return f"{name} › {label}", _tiers(before), _tiers(after)
    return f"{name} › {' › '.join(path[2:])}", _plain(before), _plain(after)


def _number(value: Any, field: queue_form.Field) -> str:
    value = queue_form.STANDARD[field.name] if value is None else value
    if not isinstance(value, int | float):
        return NOTHING
    if field.unit == "%":
        return formats.percent(value, language=_language(), places=_places(value * 100))
    return formats.number(value, language=_language(), places=_places(value))


def _places(value: float) -> int:
    return 0 if round(value, 6) == round(value) else 1


def _tiers(tiers: Any) -> str:
    texts = []
    for tier in tiers or ():
        after = formats.duration(tier.get("after_seconds", 0), language=_language())
        needs = [
            _("%(name)s from level %(level)s")
            % {
                "name": called("skills", skill),
                "level": formats.number(level, language=_language()),
            }
            for skill, level in tier["requires"].items()
        ]
        texts.append(f"{after} {formats.listed(needs, language=_language())}")
    return "; ".join(texts) or NOTHING


def _calendar(path: Keys, before: Any, after: Any) -> Said:
    name = path[1]
    match path[2:]:
        case ("weekly", key):
            return f"{name} › {days(key)}", hours(before), hours(after)
        case ("exceptions", text):
            day = _day(text)
            usual = _("as every week")
            texts = [usual if each is None else hours(each) for each in (before, after)]
            return f"{name} › {day}", texts[0], texts[1]
    return " › ".join(path), _plain(before), _plain(after)


def _day(text: str) -> str:
    try:
        return formats.long_day(dt.date.fromisoformat(text), language=_language())
    except ValueError:
        return text


def _flow(path: Keys, before: Any, after: Any) -> Said:
    match path[2:]:
        case ("version",):
            return f"{path[1]} › {_('Version')}", _plain(before or 1), _plain(after or 1)
        case ("steps", step, ("choices" | "leave")):
            return f"{path[1]} › {step} › {_('Keys')}", _keys(before), _keys(after)
        case ("steps", step, "ways", language):
            what = f"{path[1]} › {step} › {ways('language', language)}"
            return what, _plain(before), _plain(after)
        case ("steps", step, ("next" | "open" | "closed" | "otherwise") as kind):
            held = ((centre.section("flows").get(path[1]) or {}).get("steps") or {}).get(step) or {}
            what = f"{path[1]} › {step} › {ways(kind_of(held, kind))}"
            return what, _plain(before), _plain(after)
    return " › ".join(path), _plain(before), _plain(after)


def _keys(choices: Any) -> str:
    texts = (f"{each['key']} {each['name']} › {each['next']}" for each in choices or ())
    return "; ".join(texts) or NOTHING


def _prompt(path: Keys, before: Any, after: Any) -> Said:
    what = f"{_('Text')} {path[1]} › {people.language_name(path[2])}"
    return what, _plain(before), _plain(after)


def _plain(value: Any) -> str:
    if value is None:
        return NOTHING
    return formats.digits(value, language=_language()) if isinstance(value, int) else str(value)


def _language() -> str:
    return (get_language() or "en").partition("-")[0]


_WRITERS: dict[str, Callable[[Keys, Any, Any], Said]] = {
    "queues": _queue,
    "calendars": _calendar,
    "flows": _flow,
    "prompts": _prompt,
}
