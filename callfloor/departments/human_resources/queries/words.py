"""
What a job description says, in the language in force: each sentence, its proofs, its headings.

Refuses: to know who holds a role or what has been issued. A name that a centre's file gives comes
with the sentence, in all its languages; the others are looked up by their keys.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from babel import Locale, dates
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from callfloor.departments.human_resources.rules import Sentence
from callfloor.kernel import department
from callfloor.kernel.competences import COMPETENCES
from callfloor.kernel.kpis import KPIS, Kpi
from callfloor.kernel.learning import ARTICLES, LESSONS
from callfloor.kernel.names import pick
from callfloor.ui import formats

SECTIONS: dict[str, Any] = {
    "purpose": gettext_lazy("What the post is for"),
    "duties": gettext_lazy("Your duties"),
    "bring": gettext_lazy("What you bring"),
    "measure": gettext_lazy("How your work is measured"),
    "learn": gettext_lazy("What you learn here"),
    "work": gettext_lazy("How we work"),
}
ENVIRONMENTS: dict[str, Any] = {
    "inbound": gettext_lazy("Customers come to you: you answer them."),
    "outbound": gettext_lazy("You go to customers: you call them when they may be called."),
    "hybrid": gettext_lazy("Both ways: you answer customers, and you call them."),
    "off_the_line": gettext_lazy("You work for those who talk with customers, not on the line."),
}
INTERACTIONS: dict[str, Any] = {
    "constant": gettext_lazy("You are with customers for most of the day."),
    "some": gettext_lazy("You are with customers for a part of the day."),
    "none": gettext_lazy("You are seldom with customers yourself."),
}
SOURCES: dict[str, Any] = {
    "duty": pgettext_lazy("where a sentence comes from", "Duty"),
    "skill": pgettext_lazy("where a sentence comes from", "Skill"),
    "kpi": pgettext_lazy("where a sentence comes from", "Measure"),
    "value": pgettext_lazy("where a sentence comes from", "Value"),
}
GROUPS: dict[str, Any] = {
    "competence": gettext_lazy("We look for somebody who"),
    "language": gettext_lazy("Languages and kinds of contacts"),
    "level": gettext_lazy("Languages and kinds of contacts"),
}
"""Headings over sentences of a kind, where they are not duties of a department."""
TESTS: dict[str, Any] = {
    "language": gettext_lazy("Test: a talk of ten minutes with somebody who speaks the language."),
    "contact": gettext_lazy("Test: a sample contact of this kind, heard by a leader."),
}
MONDAY = dt.date(2024, 1, 1)  # Any Monday: only the name of the day is asked for.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def language() -> str:
    """Give the language in force, without its country."""
    return (translation.get_language() or "en").partition("-")[0]


def say(sentence: Sentence) -> str:
    """Say a sentence."""
    return SAYERS[sentence.kind](sentence)


def source(sentence: Sentence) -> str:
    """Say where a sentence comes from, as its kind and key."""
    kind, _colon, key = sentence.trace.partition(":")
    return f"{SOURCES[kind]}: {key}"


def proof(key: str, *, questions: Mapping[str, Mapping[str, str]]) -> str:
    """Say how it is seen that somebody has something; `questions` are those about values."""
    kind, _colon, of = key.partition(":")
    if kind == "test":
        return str(TESTS[of])
    if kind == "lesson":
        return _("Lesson: %(name)s") % {"name": lesson_name(of)}
    if kind == "article":
        return _("Text to know: %(name)s") % {"name": article_name(of)}
    if of in COMPETENCES:
        return str(COMPETENCES[of].asked)
    return pick(questions.get(of, {}), key=of)


def group(sentence: Sentence) -> str:
    """Give the heading under which a sentence stands in its section; empty for none."""
    if sentence.kind == "duty":
        return department_name(sentence.values["department"])
    return str(GROUPS.get(sentence.kind, ""))


def department_name(key: str) -> str:
    """Give a department's standard name, or its key."""
    found = next((each for each in department.departments() if each.key == key), None)
    return str(found.name) if found else key


def duty_name(key: str) -> str:
    """Give a duty's sentence, or its key."""
    found = department.duty(key)
    return str(found[1].name) if found else key


def competence_name(key: str) -> str:
    """Give what a competence is, or its key."""
    return str(COMPETENCES[key].name) if key in COMPETENCES else key


def measure_name(sentence: Sentence) -> str:
    """Give the name of the measure of a sentence, or its key."""
    kpi = KPIS.get(_key(sentence))
    return str(kpi.name) if kpi else _key(sentence)


def lesson_name(key: str) -> str:
    """Give a lesson's name, or its key."""
    return str(LESSONS.get(key, key))


def article_name(key: str) -> str:
    """Give the standard name of a text to know, or its key."""
    return str(ARTICLES.get(key, key))


def language_name(code: str) -> str:
    """Give a language's name in the language in force."""
    return str(Locale(language()).languages.get(code, code))


def target(kpi: Kpi, value: float) -> str:
    """Say how much of a measure is enough."""
    figure = amount(kpi, value)
    if kpi.better == "higher":
        return _("Target: at least %(figure)s.") % {"figure": figure}
    if kpi.better == "lower":
        return _("Target: at most %(figure)s.") % {"figure": figure}
    return _("Target: %(figure)s.") % {"figure": figure}


def amount(kpi: Kpi, value: float) -> str:
    """Write a figure in the unit of its measure."""
    if kpi.unit == "share":
        return formats.percent(value, language=language(), places=_places(value * 100))
    if kpi.unit == "seconds":
        return formats.duration(value, language=language())
    figure = formats.number(value, language=language(), places=_places(value))
    return _("%(figure)s an hour") % {"figure": figure} if kpi.unit == "per_hour" else figure


def hours(pairs: list[tuple[str, list[str]]]) -> str:
    """Say days and their hours."""
    comma, between = ("، ", "؛ ") if language() == "fa" else (", ", "; ")
    said = ((_days(days), comma.join(map(_period, periods))) for days, periods in pairs)
    return between.join(f"{days} {periods}" for days, periods in said)


def _places(value: float) -> int:
    return 0 if value == int(value) else 1


def _days(days: str) -> str:
    first, dash, last = days.partition("-")
    return f"{_day(first)}–{_day(last)}" if dash else _day(first)


def _day(key: str) -> str:
    if key not in DAYS:
        return key
    place = DAYS.index(key)
    if language() == "fa":
        return formats.JALALI_WEEKDAYS[place]
    day = MONDAY + dt.timedelta(days=place)
    return str(dates.format_date(day, "EEE", locale=language()))


def _period(period: str) -> str:
    return formats.digits(period.replace("-", "–"), language=language())


def _named(sentence: Sentence, *, otherwise: str = "") -> str:
    return pick(sentence.values.get("names", {}), key=otherwise or sentence.about)


def _mission(sentence: Sentence) -> str:
    return _("What the center is there for: %(mission)s") % {"mission": _named(sentence)}


def _place(sentence: Sentence) -> str:
    key = sentence.values["department"]
    name = _named(sentence, otherwise=department_name(key))
    return _("Your place is in this department: %(department)s.") % {"department": name}


def _objective(sentence: Sentence) -> str:
    values = {
        "year": formats.digits(sentence.values["year"], language=language()),
        "objective": _named(sentence),
    }
    return _("Your work counts towards a goal of %(year)s: %(objective)s.") % values


def _duty(sentence: Sentence) -> str:
    return duty_name(_key(sentence))


def _competence(sentence: Sentence) -> str:
    return competence_name(_key(sentence))


def _language(sentence: Sentence) -> str:
    name = language_name(_key(sentence))
    return _("To serve customers in this language, you speak it well: %(language)s.") % {
        "language": name
    }


def _level(sentence: Sentence) -> str:
    level = formats.number(sentence.values["level"], language=language())
    best = formats.number(5, language=language())
    return _("Level %(level)s of %(best)s for contacts of this kind: %(skill)s.") % {
        "level": level,
        "best": best,
        "skill": _named(sentence, otherwise=_key(sentence)),
    }


def _kpi(sentence: Sentence) -> str:
    kpi = KPIS.get(_key(sentence))
    if kpi is None:
        return _key(sentence)
    value = sentence.values.get("target")
    end = _("No target has been set yet.") if value is None else target(kpi, value)
    return f"{kpi.name}: {kpi.meaning} {end}"


def _lesson(sentence: Sentence) -> str:
    name = _named(sentence, otherwise=lesson_name(sentence.about))
    return _("Lesson: %(name)s") % {"name": name}


def _article(sentence: Sentence) -> str:
    name = _named(sentence, otherwise=article_name(sentence.about))
    return _("Text to know: %(name)s") % {"name": name}


def _environment(sentence: Sentence) -> str:
    return str(ENVIRONMENTS[sentence.values["is"]])


def _interaction(sentence: Sentence) -> str:
    return str(INTERACTIONS[sentence.values["is"]])


def _hours(sentence: Sentence) -> str:
    said = hours(sentence.values["hours"])
    return _("The lines are open at these hours: %(hours)s.") % {"hours": said}


def _value(sentence: Sentence) -> str:
    return _named(sentence, otherwise=_key(sentence))


def _key(sentence: Sentence) -> str:
    return sentence.trace.partition(":")[2]


SAYERS: dict[str, Callable[[Sentence], str]] = {
    "mission": _mission,
    "place": _place,
    "objective": _objective,
    "duty": _duty,
    "competence": _competence,
    "language": _language,
    "level": _level,
    "kpi": _kpi,
    "lesson": _lesson,
    "article": _article,
    "environment": _environment,
    "interaction": _interaction,
    "hours": _hours,
    "value": _value,
}
