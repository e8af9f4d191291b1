"""Keys and kinds of values: what the schema says, told in the words of the file's author."""

from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from callfloor.blueprint import schema
from callfloor.blueprint.check.wording import guess
from callfloor.blueprint.findings import Problem
from callfloor.blueprint.schema import direction, mail, parts, tree

SHOWN_MAX = 40  # Of a wrong value; enough to know it again.


def parse(values: Any) -> tuple[schema.Blueprint | None, list[Problem]]:
    """Return the blueprint, or what is wrong with its keys and values."""
    try:
        return schema.Blueprint.model_validate(values), []
    except ValidationError as error:
        found: dict[tuple[str, ...], Problem] = {}
        for detail in error.errors(include_url=False):
            problem = _problem(detail, values)
            found.setdefault(problem.path, problem)  # A union complains once for each member.
        return None, list(found.values())


def _problem(detail: ErrorDetails, values: Any) -> Problem:
    path = _path(detail["loc"], values)
    wrong, hint = _words(detail, path)
    return Problem(id="E002", path=path, wrong=wrong, hint=hint)


def _path(loc: tuple[int | str, ...], values: Any) -> tuple[str, ...]:
    """Keep what is in the file; pydantic also names the members of unions that it tried."""
    path: list[str] = []
    here = values
    for index, part in enumerate(loc):
        if _holds(here, part):
            here = here[part]
        elif index < len(loc) - 1 or not _is_field(part):
            continue
        path.append(str(part))
    return tuple(path)


def _holds(here: Any, part: int | str) -> bool:
    if isinstance(here, list):
        return isinstance(part, int) and part < len(here)
    return isinstance(here, dict) and part in here


def _words(detail: ErrorDetails, path: tuple[str, ...]) -> tuple[str, str]:
    name = path[-1] if path else "the file"
    match detail["type"]:
        case "extra_forbidden":
            return f"`{name}` is no key of this place.", guess(name, _FIELDS)
        case "missing":
            return f"`{name}` is missing.", f"Add `{name}:` here."
        case "union_tag_not_found":
            return f"`{name}` does not say what it does.", f"Add `do:` with one of {_steps()}."
        case "union_tag_invalid":
            return f"`{name}` does something that there is not.", f"`do:` is one of {_steps()}."
        case "string_pattern_mismatch":
            return f"`{_short(detail['input'])}` cannot stand here.", _pattern(detail)
    return f"`{name}`: {detail['msg']}.", "Write it as the reference says."


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"


def _pattern(detail: ErrorDetails) -> str:
    pattern = detail.get("ctx", {}).get("pattern", "")
    return _PATTERNS.get(pattern, "Write it as the reference says.")


def _pattern_of(kind: Any) -> str:
    """Return the pattern of one of the schema's own kinds of text."""
    (constraints,) = kind.__metadata__
    return str(constraints.pattern)


_PATTERNS = {
    _pattern_of(kind): hint
    for kind, hint in (
        (
            parts.Key,
            "A name has small letters, digits and _, at most 40, and begins with a letter.",
        ),
        (parts.DutyKey, "Write two names with a dot between, as `inbound.take_calls`."),
        (parts.UserName, "A user name has letters, digits, -, _ and dots, at most 64."),
        (parts.Extension, "A short number has two to six digits."),
        (parts.Money, "Write an amount as `12.50`, without a currency."),
        (parts.Digit, "A key of the telephone is one of 0 to 9, * or #."),
        (parts.Days, "Write `mon`, or `mon-fri` from an earlier to a later day."),
        (parts.Period, "Write from and to as `08:00-12:30`, at most to 24:00."),
        (parts.Date, "Write a day as `2027-03-01`."),
        (mail.Host, "Write the name or address of a server, as `mail.acme.example`."),
        (mail.MailUser, "A name at a mail server has letters, digits and . _ @ + -."),
        (direction.YearKey, 'Write a year of this century, in quotes: `"2027"`.'),
    )
}
"""What each pattern of the schema lets through."""


def _steps() -> str:
    kinds = (get_args(model.model_fields["do"].annotation)[0] for model in _STEPS)
    return ", ".join(f"`{kind}`" for kind in kinds)


_MODELS = tree.parts(schema.Blueprint)
_STEPS = tuple(model for model in _MODELS if "do" in model.model_fields)
_FIELDS = frozenset(name for model in _MODELS for name in model.model_fields)


def _is_field(part: int | str) -> bool:
    return part in _FIELDS
