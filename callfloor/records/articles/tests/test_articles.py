"""An article's way from a draft to what everybody has read."""

import datetime as dt

import pytest

from callfloor.kernel import access
from callfloor.kernel.testing import AccessBattery, row_counts
from callfloor.records.articles import queries, services
from callfloor.records.articles.models import Article, ArticleVersion, Posting, Word
from callfloor.records.articles.services import index
from tests.records import scenes

pytestmark = [pytest.mark.db, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
TODAY = NOW.date()
REVIEW = dt.date(2027, 1, 31)
WRITER = scenes.Someone(key="anna", may=("articles.read", "articles.write"))
APPROVER = scenes.Someone(
    key="mara",
    clients=("acme", "zeta"),
    may=("articles.read", "articles.write", "articles.approve"),
)


@pytest.fixture(autouse=True)
def centre(scene):
    return scene


def begun(key="returns", *, kind="knowledge", client="acme", owner="manager", review=REVIEW):
    services.begin(
        person=WRITER, key=key, kind=kind, client=client, owner=owner, review_date=review
    )
    return key


def written(key="returns", *, language="en", title="Returns", body="Send it back.", by=WRITER,
            translates=None, at=0):  # fmt: skip
    return services.write(
        person=by, key=key, language=language, title=title, body=body, keywords="",
        translates=translates, now=NOW + dt.timedelta(minutes=at), chance=bytes([at] * 10),
    )  # fmt: skip


def approved(key="returns", **values):
    version = written(key, **values)
    minutes = dt.timedelta(minutes=values.get("at", 0))
    services.approve(person=APPROVER, version=version, now=NOW + minutes)
    return version


def found(text, *, languages=("en",), person=WRITER, **values):
    rows = queries.search(person=person, text=text, languages=languages, today=TODAY, **values)
    return [row.key for row in rows]


class TestBegin:
    @pytest.mark.parametrize("lack", [{"owner": ""}, {"owner": "nobody"}, {"review": None}])
    def test_a_policy_without_owner_or_review_date_is_refused(self, lack):
        """F34, check 1."""
        before = row_counts()
        with pytest.raises(services.NotComplete):
            begun("policy_x", kind="policy", **lack)
        assert row_counts() == before

    def test_a_key_is_given_once(self):
        begun()
        with pytest.raises(services.KeyTaken):
            begun()

    def test_a_foreign_client_does_not_exist(self):
        with pytest.raises(access.NotFound):
            begun(client="zeta")


class TestApprove:
    def test_what_somebody_else_approved_holds_and_is_found(self):
        begun()
        assert found("return") == []
        approved()
        assert found("return") == ["returns"]
        detail = queries.article(person=WRITER, key="returns", today=TODAY)
        assert (detail.holding("en").number, detail.holding("en").approved_by) == (1, "mara")
        assert detail.row.name == "Returns"

    def test_nobody_approves_a_text_in_which_he_wrote(self):
        begun()
        version = written()
        written(by=APPROVER, body="Send it back at once.", at=1)
        with pytest.raises(services.OwnText):
            services.approve(person=APPROVER, version=version, now=NOW)
        written(body="Send it.", at=2)  # Whoever writes last does not wash the first one clean.
        with pytest.raises(services.OwnText):
            services.approve(person=APPROVER, version=version, now=NOW)
        assert ArticleVersion.objects.get(id=version).state == "draft"

    def test_the_database_refuses_it_too(self):
        begun()
        version = written()
        with pytest.raises(scenes.IntegrityError), scenes.atomic():
            ArticleVersion.objects.filter(id=version).update(approved_by_id="anna")

    def test_the_next_version_retires_the_one_before_and_its_words(self):
        begun()
        approved(body="The platypus.")
        approved(body="The ostrich.", at=1)
        assert found("platypus") == []
        assert found("ostrich") == ["returns"]
        states = ArticleVersion.objects.order_by("number").values_list("number", "state")
        assert list(states) == [(1, "retired"), (2, "approved")]
        assert not Word.objects.filter(text__startswith="platyp").exists()

    def test_a_draft_holds_for_nobody_while_the_old_version_holds(self):
        begun()
        approved()
        written(body="A new draft about ostriches.", at=1)
        assert found("ostrich") == []
        assert found("return") == ["returns"]
        reader = scenes.Someone(key="bela", may=("articles.read",))
        detail = queries.article(person=reader, key="returns", today=TODAY)
        assert [each.state for each in detail.versions] == ["approved"]

    def test_what_is_approved_twice_is_no_draft(self):
        begun()
        version = approved()
        with pytest.raises(services.NoDraft):
            services.approve(person=APPROVER, version=version, now=NOW)

    def test_retired_is_found_no_more(self):
        begun()
        version = approved()
        services.retire(person=APPROVER, version=version, now=NOW)
        assert found("return") == []
        assert not Posting.objects.exists()

    def test_indexing_twice_changes_nothing(self):
        begun()
        version = ArticleVersion.objects.get(id=approved())
        before = row_counts()
        index.put_in_index(version)
        assert row_counts() == before


class TestWalls(AccessBattery):
    client, permission = "acme", "articles.read"

    def ask(self, person):
        if not Article.objects.filter(key="returns").exists():
            begun()
            approved()
        return queries.article(person=person, key="returns", today=TODAY)

    def test_a_foreign_object_does_not_exist_and_nothing_is_written(self):
        self.ask(WRITER)
        super().test_a_foreign_object_does_not_exist_and_nothing_is_written()

    def test_without_the_duty_it_is_forbidden_and_nothing_is_written(self):
        self.ask(WRITER)
        super().test_without_the_duty_it_is_forbidden_and_nothing_is_written()

    def test_search_does_not_find_what_belongs_to_another_client(self):
        self.ask(WRITER)
        other = scenes.Someone(key="zoe", clients=("zeta",), may=("articles.read",))
        assert found("return", person=other) == []
        with pytest.raises(access.NotFound):
            found("return", person=other, client="acme")


class TestReading:
    OF = scenes.Someone(key="anna", clients=("acme", "zeta"), may=("articles.read",))

    def owed(self, language="en"):
        rows = queries.owed(person=self.OF, language=language)
        return [(row.key, row.language, row.number) for row in rows]

    def test_a_policy_is_owed_until_it_is_acknowledged_and_again_when_it_changes(self):
        begun("policy_x", kind="policy")
        version = approved("policy_x")
        assert self.owed() == [("policy_x", "en", 1)]
        services.acknowledge(person=self.OF, version=version, now=NOW)
        services.acknowledge(person=self.OF, version=version, now=NOW)
        assert self.owed() == []
        approved("policy_x", body="Send it back within a week.", at=1)
        assert self.owed() == [("policy_x", "en", 2)]

    def test_a_procedure_is_owed_by_whose_duty_names_it(self):
        begun("answering", kind="sop", client=None)
        approved("answering")
        assert self.owed() == [("answering", "en", 1)]
        nobody = scenes.Someone(key="ivan", clients=("acme",), may=("articles.read",))
        assert queries.owed(person=nobody, language="en") == []

    def test_a_translation_of_what_holds_no_more_counts_for_nothing(self):
        begun("policy_x", kind="policy")
        english = approved("policy_x")
        hungarian = approved("policy_x", language="hu", translates=english, at=1)
        services.acknowledge(person=self.OF, version=hungarian, now=NOW)
        assert self.owed("hu") == []
        approved("policy_x", body="Something else.", at=2)
        assert self.owed("hu") == [("policy_x", "en", 2)]
        detail = queries.article(person=self.OF, key="policy_x", today=TODAY)
        assert detail.holding("hu").is_stale

    def test_a_version_that_holds_no_more_is_not_acknowledged(self):
        begun("policy_x", kind="policy")
        version = approved("policy_x")
        approved("policy_x", body="Something else.", at=1)
        with pytest.raises(services.NotHolding):
            services.acknowledge(person=self.OF, version=version, now=NOW)

    def test_the_report_tells_who_has_read_which_version_in_which_language(self):
        """F34, check 3."""
        begun("policy_x", kind="policy")
        version = approved("policy_x")
        services.acknowledge(person=self.OF, version=version, now=NOW)
        rows = {each.person: each for each in queries.readers(person=APPROVER, key="policy_x")}
        assert set(rows) == {"anna", "bela", "cili", "mara", "adam", "ivan"}
        assert (rows["anna"].language, rows["anna"].number, rows["anna"].is_current) == (
            "en", 1, True,
        )  # fmt: skip
        assert (rows["bela"].number, rows["bela"].is_current) == (None, False)
        approved("policy_x", body="Something else.", at=1)
        rows = {each.person: each for each in queries.readers(person=APPROVER, key="policy_x")}
        assert (rows["anna"].number, rows["anna"].is_current) == (1, False)


class TestProducts:
    def said(self, day, price):
        fact = services.FactData(
            valid_from=day,
            price_minor=price,
            currency="EUR",
            attributes=[
                services.AttributeData(name={"en": "Notice", "fa": "مهلت"}, value={"en": "4 weeks"})
            ],
        )
        services.say_fact(person=WRITER, key="duo", fact=fact, now=NOW)

    def test_what_holds_depends_on_the_day(self):
        begun("duo", kind="product")
        self.said(dt.date(2026, 1, 1), 1190)
        self.said(dt.date(2026, 6, 1), 1290)
        for day, price in ((dt.date(2026, 5, 31), 1190), (dt.date(2026, 6, 1), 1290)):
            assert queries.facts_on(keys=["duo"], day=day)["duo"].price_minor == price
        assert queries.facts_on(keys=["duo"], day=dt.date(2025, 12, 31)) == {}

    def test_a_product_is_found_by_what_is_said_of_it(self):
        begun("duo", kind="product")
        approved("duo", title="DuoTarif", body="Two prices.")
        self.said(dt.date(2026, 1, 1), 1190)
        (row,) = queries.search(
            person=WRITER, text="notice", languages=["en"], today=TODAY, kinds=["product"]
        )
        assert (row.key, row.fact.price_minor, row.fact.currency) == ("duo", 1190, "EUR")
        assert [(each.name, each.value) for each in row.fact.attributes] == [("Notice", "4 weeks")]

    def test_only_products_have_facts(self):
        begun("duo", kind="knowledge")
        before = row_counts()
        with pytest.raises(services.NotAProduct):
            self.said(dt.date(2026, 1, 1), 1190)
        assert row_counts() == before


class TestHeaders:
    DATA = services.HeaderData(
        names={"en": "Recording"}, kind="policy", owner="manager", review_date=REVIEW
    )

    def test_the_file_says_who_answers_and_pages_do_not(self):
        services.take_headers({"policy_recording": self.DATA})
        approved("policy_recording")
        with pytest.raises(services.OfTheFile):
            services.plan_review(
                person=WRITER, key="policy_recording", owner="agent", review_date=REVIEW, now=NOW
            )
        row = queries.article(person=WRITER, key="policy_recording", today=TODAY).row
        assert (row.name, row.owner, row.from_file) == ("Recording", "manager", True)

    def test_what_left_the_file_rests_with_its_readers(self):
        services.take_headers({"policy_recording": self.DATA})
        services.take_headers({})
        with pytest.raises(access.NotFound):
            queries.article(person=WRITER, key="policy_recording", today=TODAY)
        services.take_headers({"policy_recording": self.DATA})
        assert queries.article(person=WRITER, key="policy_recording", today=TODAY).row


class TestGaps:
    SEES = scenes.Someone(key="mara", may=("organisation.see",))

    def test_a_language_of_the_client_that_is_missing_is_named(self):
        """F10, check 4."""
        begun()
        approved()
        gaps = queries.gaps(person=self.SEES)
        assert [(gap.key, gap.language, gap.is_stale) for gap in gaps] == [("returns", "hu", False)]
        version = approved(language="hu", translates=approved(at=1), at=2)
        assert queries.gaps(person=self.SEES) == []
        services.retire(person=APPROVER, version=version, now=NOW)
        assert [gap.language for gap in queries.gaps(person=self.SEES)] == ["hu"]


class TestCanned:
    def test_gives_the_language_asked_for_or_else_english(self):
        begun("thanks", kind="canned")
        approved("thanks", title="Thanks", body="Thank you.")
        approved("thanks", language="hu", title="Köszönet", body="Köszönjük.", at=1)
        told = {
            language: queries.canned(person=WRITER, client="acme", language=language)[0].body
            for language in ("en", "hu", "fr")
        }
        assert told == {"en": "Thank you.", "hu": "Köszönjük.", "fr": "Thank you."}
