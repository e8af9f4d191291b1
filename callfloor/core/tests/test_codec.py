"""The codec: whatever the core says is written and read again exactly."""

import dataclasses
import types
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callfloor.core import actions, codec, errors, events, facts, plan
from callfloor.core.tests import centre, storm

pytestmark = pytest.mark.pure

CLASSES = [
    value
    for module in (plan, events, actions, facts)
    for value in vars(module).values()
    if dataclasses.is_dataclass(value) and value.__module__.startswith(module.__name__)
]
SAMPLES = {str: "text", int: 7, float: 1.5, bool: True}


def sample(hint, *, filled: bool):
    """Make a value of a type, with every optional part or without any."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint in SAMPLES:
        return SAMPLES[hint]
    if hint is typing.Any:
        return "any"
    if origin in (typing.Union, types.UnionType):
        if type(None) in parts and not filled:
            return None
        return sample(next(part for part in parts if part is not type(None)), filled=filled)
    if origin is tuple:
        parts = (parts[0],) if parts[-1] is Ellipsis else parts
        return tuple(sample(part, filled=filled) for part in parts)
    if origin is dict:
        return {"key": [1, 2.5, "x"]}
    return instance(hint, filled=filled)


def instance(cls, *, filled: bool):
    """Make an instance of one of the core's classes."""
    hints = typing.get_type_hints(cls)
    return cls(**{name: sample(hint, filled=filled) for name, hint in hints.items()})


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_class_comes_back_equal(cls, filled):
    """Each event, action, fact and part of a plan survives, with and without optional fields."""
    value = instance(cls, filled=filled)
    if cls is facts.Explained:
        assert codec.loads(codec.dumps(value)).why == {"key": (1, 2.5, "x")}
        return
    assert codec.loads(codec.dumps(value)) == value


@pytest.mark.parametrize("cls", [cls for cls in CLASSES if cls.__module__ != plan.__name__])
def test_every_class_hashes_and_compares_by_value(cls):
    """Two equal things that were said are one, although the guard against writing is off."""
    if cls is facts.Explained:
        return
    assert len({instance(cls, filled=True), instance(cls, filled=True)}) == 1
    assert dataclasses.fields(cls) or cls in (events.TimePassed,)


def test_a_plan_comes_back_equal():
    """A whole plan survives, so that a start reads the one that was written."""
    whole = storm.storm_plan()
    assert codec.loads(codec.dumps(whole)) == whole
    started = events.FloorStarted(epoch=1, code_version="x", plan=centre.floor_plan())
    assert codec.loads(codec.dumps(started)) == started


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_a_storm_comes_back_equal(seed):
    """Whatever facts a storm leaves, their text is read as the same facts; no why is long."""
    wild = storm.Storm(seed)
    for _ in range(40):
        wild.step()
    for fact in wild.hands.facts:
        text = codec.dumps(fact)
        assert codec.dumps(codec.loads(text)) == text
        if isinstance(fact, facts.Explained):
            assert len(text.encode()) <= 512


@pytest.mark.parametrize("text", ['{"is":"Nonsense"}', '{"is":"Arrived","colour":"red"}'])
def test_a_record_of_another_version_is_refused(text):
    """An unknown class or field is an error with its name."""
    with pytest.raises(errors.UnknownRecord, match=r"Nonsense|Arrived"):
        codec.loads(text)
