"""Records: what a maker makes is what the class makes."""

import dataclasses

import pytest

from callfloor.core import facts, record, state

pytestmark = pytest.mark.pure

RINGING = {
    "item": "i",
    "client": "c",
    "queue": "q",
    "agent": "a",
    "offer": "i/1",
    "until": 2.5,
}


class TestMaker:
    def test_makes_the_same_as_the_class(self):
        """The instance is of the class, and equal to one that the class made."""
        made = record.maker(facts.Ringing)(**RINGING)
        assert type(made) is facts.Ringing
        assert made == facts.Ringing(**RINGING)

    def test_fills_in_what_is_left_out(self):
        """A default stands where nothing is given, and each instance has a list of its own."""
        make = record.maker(state.Work)
        first, second = make("agent", "item", "queue"), make("agent", "item", "queue", "wrap_up")
        assert (first.phase, second.phase, first.held_at) == ("talking", "wrap_up", None)
        agents = [record.maker(state.Agent)(key=key, plan=None) for key in "ab"]
        assert agents[0].works == []
        assert agents[0].works is not agents[1].works

    def test_refuses_what_the_class_refuses(self):
        """A missing, an unknown and a positional argument are errors, as the class has it."""
        make = record.maker(facts.Ringing)
        for wrong in (RINGING | {"more": 1}, {"item": "i"}):
            with pytest.raises(TypeError):
                make(**wrong)
        with pytest.raises(TypeError):
            make(*RINGING.values())

    @pytest.mark.parametrize("cls", [facts.Ringing, facts.Closed, state.Item])
    def test_leaves_no_field_unset(self, cls):
        """Every field can be read."""
        needed = {
            field.name: field.name
            for field in dataclasses.fields(cls)
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        }
        made, same = record.maker(cls)(**needed), cls(**needed)
        for field in dataclasses.fields(cls):
            assert getattr(made, field.name) == getattr(same, field.name)
