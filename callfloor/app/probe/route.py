"""The way of a test call through its flow: what it hears, what it presses, what then comes."""

from dataclasses import dataclass

from callfloor.core import plan

STEPS_MAX = 100  # A flow that goes in a circle is refused by the blueprint's checks.


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What a test call expects."""

    prompt: str
    """The first prompt, as a file below the prompts: `en/greeting`."""
    menu: str | None
    """The step that asks for a key; None if none is met."""
    digit: str
    next: str
    """The step that the key leads to."""
    is_recorded: bool
    """Whether a message is taken after the key, so that a recording must be there."""


def route(floor_plan: plan.FloorPlan, *, number: str, key: str | None) -> Route:
    """Find the way of a caller who listens, presses one key and speaks if he is asked to."""
    entry = next(each for each in floor_plan.numbers if each.number == number)
    flow = next(each for each in floor_plan.flows if each.key == entry.flow)
    steps = {step.key: step for step in flow.steps}
    prompt = _first_prompt(steps, flow.first, entry.language)
    menu = _walk(steps, flow.first, plan.Menu, entry.language)
    choice = _choice(menu, key) if isinstance(menu, plan.Menu) else None
    after = choice.next if choice is not None else flow.first
    return Route(
        prompt=f"{entry.language}/{prompt}",
        menu=menu.key if choice is not None and menu is not None else None,
        digit=choice.digit if choice is not None else "",
        next=after,
        is_recorded=_walk(steps, after, plan.TakeMessage, entry.language) is not None,
    )


def _choice(menu: plan.Menu, key: str | None) -> plan.Choice:
    found = (choice for choice in menu.choices if key is None or choice.digit == key)
    return next(found)


def _first_prompt(steps: dict[str, plan.Step], first: str, language: str) -> str:
    for step in _way(steps, first, language):
        prompt = getattr(step, "prompt", None)
        if prompt is not None:
            return str(prompt)
    raise AssertionError("a flow says something before it ends")


def _walk(
    steps: dict[str, plan.Step], first: str, kind: type[plan.Step], language: str
) -> plan.Step | None:
    """Return the first step of a kind that a caller meets who presses nothing."""
    return next((step for step in _way(steps, first, language) if isinstance(step, kind)), None)


def _way(steps: dict[str, plan.Step], first: str, language: str) -> list[plan.Step]:
    way: list[plan.Step] = []
    key: str | None = first
    while key is not None and len(way) < STEPS_MAX:
        step = steps[key]
        way.append(step)
        language = step.language if isinstance(step, plan.Speak) else language
        key = _following(step, language)
    return way


def _following(step: plan.Step, language: str) -> str | None:
    """Return what follows a step by itself; calendars are taken as open, menus end the way."""
    if isinstance(step, plan.Hours):
        return step.open
    if isinstance(step, plan.ByLanguage):
        return dict(step.ways).get(language, step.otherwise)
    return getattr(step, "next", None)
