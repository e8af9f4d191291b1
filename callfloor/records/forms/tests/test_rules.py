"""The shape of a form, the way through it, and where runs stall."""

import pytest

from callfloor.records.forms.rules import counting, shape, walking

pytestmark = pytest.mark.pure

SCRIPT = {
    "name": {"en": "Sale"},
    "queues": ["billing"],
    "first": "greet",
    "nodes": {
        "greet": {"must": True, "say": {"en": "Hello, {agent}."}, "next": "need"},
        "need": {
            "say": {"en": "What is it?"},
            "choices": [
                {"key": "buy", "name": {"en": "Buy"}, "next": "terms"},
                {"key": "ask", "name": {"en": "Ask"}, "next": "told"},
            ],
        },
        "terms": {"must": ["sold"], "fatal": True, "say": {"en": "The terms."}, "next": "bye"},
        "told": {"must": True, "say": {"en": "We keep it short."}, "next": "bye"},
        "bye": {"say": {"en": "Goodbye."}},
    },
}


def script(**changes):
    body, faults = shape.read({**SCRIPT, **changes})
    assert body is not None
    return body, faults


def faults_of(node):
    nodes = {**SCRIPT["nodes"], "bye": node}
    return [fault.code for fault in script(nodes=nodes)[1]]


class TestRead:
    def test_a_sound_form_has_no_fault(self):
        body, faults = script()
        assert faults == []
        assert list(body.nodes) == ["greet", "need", "terms", "told", "bye"]
        assert body.nodes["need"].ask == "choice"
        assert body.nodes["terms"].needed_for == ("sold",)

    @pytest.mark.parametrize(
        ("node", "code"),
        [
            ({"say": {"en": "x"}, "next": "nowhere"}, "unknown_node"),
            ({"say": {}}, "no_text"),
            ({"say": {"en": "x"}, "colour": 1}, "unknown_key"),
            ({"say": {"en": "x"}, "ask": "choice"}, "bad_ask"),
            ({"say": {"en": "x"}, "weight": -1}, "bad_weight"),
            ({"say": {"en": "x"}, "next": "bye"}, "no_end"),
            ({"say": {"en": "x"}, "choices": [{"key": "A", "name": {"en": "x"}}]}, "bad_key"),
            ("text", "no_text"),
        ],
    )
    def test_names_what_is_wrong(self, node, code):
        assert code in faults_of(node)

    def test_a_step_that_nobody_reaches_is_a_fault(self):
        nodes = {**SCRIPT["nodes"], "lost": {"say": {"en": "x"}}}
        fault = shape.Fault("never_reached", ("nodes", "lost"), "lost")
        assert script(nodes=nodes)[1] == [fault]

    @pytest.mark.parametrize("data", [None, [], "x", {"nodes": []}, {}])
    def test_what_is_no_form_is_none(self, data):
        body, faults = shape.read(data)
        assert body is None
        assert [fault.code for fault in faults] == ["no_nodes"]


class TestUnfit:
    KNOWN = shape.Known(
        languages=("en", "fa"), queues=frozenset({"billing"}), dispositions=frozenset({"sold"})
    )

    def test_a_language_of_the_client_that_is_missing_is_named(self):
        body, _ = script()
        missing = [fault for fault in shape.unfit(body, self.KNOWN) if fault.code == "not_said"]
        assert len(missing) == 7
        assert missing[0] == shape.Fault("not_said", ("nodes", "greet", "say"), "fa")

    def test_a_field_that_a_translation_lost_is_named(self):
        nodes = {"greet": {"say": {"en": "Hello, {agent}.", "fa": "سلام."}}}
        body, _ = script(nodes=nodes)
        found = [(fault.code, fault.what) for fault in shape.unfit(body, self.KNOWN)]
        assert found == [("field_lost", "agent")]

    def test_what_there_is_not_is_named(self):
        nodes = {"greet": {"say": {"en": "{who}", "fa": "{who}"}, "must": ["given"]}}
        body, _ = script(nodes=nodes, queues=["nothing"])
        codes = [fault.code for fault in shape.unfit(body, self.KNOWN)]
        assert codes == [
            "unknown_queue", "unknown_disposition", "unknown_field", "unknown_field",
        ]  # fmt: skip


class TestRuns:
    def test_fields_are_runs_of_their_own(self):
        found = shape.runs("سلام {agent}، تعرفهٔ {product}!", {"agent": "Anna"})
        assert found == [
            ("text", "سلام "), ("field", "Anna"), ("text", "، تعرفهٔ "),
            ("empty", "product"), ("text", "!"),
        ]  # fmt: skip


class TestMissing:
    body = script()[0]
    BUY = {"need": walking.Given(choice="buy")}
    GREETED = {"greet": walking.Given()}

    def test_a_sentence_that_everybody_is_owed_is_missing_from_the_start(self):
        assert walking.missing(self.body, {}, disposition="explained") == ["greet"]

    def test_a_sentence_of_another_branch_is_not_owed(self):
        given = {**self.GREETED, **self.BUY}
        assert walking.missing(self.body, given, disposition="explained") == []

    def test_a_sale_needs_its_terms_whatever_way_was_taken(self):
        given = {**self.GREETED, "need": walking.Given(choice="ask"), "told": walking.Given()}
        assert walking.missing(self.body, given, disposition="sold") == ["terms"]

    def test_cannot_say_with_a_reason_is_an_answer(self):
        given = {**self.GREETED, **self.BUY, "terms": walking.Given(reason="left")}
        assert walking.missing(self.body, given, disposition="sold") == []

    def test_the_way_stops_at_a_choice_that_nobody_made(self):
        assert walking.way(self.body, {}) == ["greet", "need"]
        assert walking.way(self.body, self.BUY) == ["greet", "need", "terms", "bye"]


class TestCounted:
    def test_counts_time_answers_and_where_runs_ended(self):
        steps = [
            counting.Step(node="greet", seconds=each) for each in (1.0, 2.0, 3.0, 4.0, 50.0)
        ] + [counting.Step(node="need", seconds=9.0, choice="buy")]
        found = counting.counted(["greet", "need"], steps=steps, stopped_at=["need", "need", ""])
        greet, need = found
        assert (greet.median_seconds, greet.high_seconds, greet.drop_share) == (3.0, 50.0, 0.0)
        assert (need.answered, need.dropped, need.reached) == (1, 2, 3)
        assert need.choices == {"buy": 1}

    def test_nothing_has_no_time(self):
        assert counting.counted(["greet"], steps=[], stopped_at=[])[0].median_seconds is None
        assert counting.counted(["greet"], steps=[], stopped_at=[])[0].drop_share is None
