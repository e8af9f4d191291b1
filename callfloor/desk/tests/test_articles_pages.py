"""Articles, scripts and guides on their pages and beside a live item."""

import datetime as dt

import pytest

from callfloor.desk.articles import markup, words
from callfloor.kernel.testing import DutyPageBattery, ObjectPageBattery, PageBattery
from callfloor.records.articles import queries, services
from callfloor.records.articles.queries import FactRow
from callfloor.records.forms import services as forms
from tests.records import scenes

pytestmark = [pytest.mark.page, pytest.mark.django_db(databases=["default", "keys"])]

NOW = scenes.NOW
WRITER = scenes.Someone(key="cili", may=("articles.read", "articles.write", "forms.write"))
APPROVER = scenes.Someone(key="mara", may=("articles.read", "articles.approve", "forms.approve"))
SCRIPT = """\
name: {en: Sale, hu: Eladás}
queues: [billing]
first: greet
nodes:
  greet:
    must: true
    say: {en: "Hello, {agent} of {client}.", hu: "{agent}, {client}."}
    next: want
  want:
    say: {en: What is it?, hu: Mi az?}
    choices:
      - {key: buy, name: {en: Buy, hu: Vétel}, next: terms}
      - {key: leave, name: {en: Leave, hu: Nem}}
  terms:
    must: [solved]
    say: {en: The terms., hu: A feltételek.}
"""
GUIDE = SCRIPT.replace("queues: [billing]\n", "").replace("Sale", "Fault")


@pytest.fixture(autouse=True)
def story(scene):
    """Give a library of one client, a script, and a call that waits."""
    article("returns", "knowledge", "Returns", "Send it back within 14 days.")
    article("duo", "product", "Halden DuoTarif 24", "Cheaper at night.")
    fact = services.FactData(
        valid_from=dt.date(2026, 1, 1),
        price_minor=1190,
        currency="EUR",
        attributes=[services.AttributeData(name={"en": "Notice"}, value={"en": "4 weeks"})],
    )
    services.say_fact(person=WRITER, key="duo", fact=fact, now=NOW)
    article("policy_x", "policy", "How we write", "Short.")
    for key, kind, text in (("sale", "script", SCRIPT), ("fault", "guide", GUIDE)):
        forms.take_in(key=key, kind=kind, client="acme", text=text, now=NOW)
    call = scene.call(name="Nora Q.")
    scenes.in_queue(call)
    scene.write(call)
    scenes.project(scene)
    scene.item = call.item
    return scene


def article(key, kind, title, body):
    services.begin(
        person=WRITER, key=key, kind=kind, client="acme", owner="manager",
        review_date=dt.date(2027, 1, 1),
    )  # fmt: skip
    version = services.write(
        person=WRITER, key=key, language="en", title=title, body=body, keywords="",
        translates=None, now=NOW, chance=key.ljust(10).encode(),
    )  # fmt: skip
    services.approve(person=APPROVER, version=version, now=NOW)


class TestArticles(PageBattery):
    allowed = "anna"

    def url(self):
        return "/articles"

    def test_shows_what_the_reader_owes(self, client):
        self.sign_in(client, "anna")
        assert [row.key for row in client.get("/articles").context["owed"]] == ["policy_x"]

    def test_finds_an_article_with_a_slip_of_the_finger(self, client):
        self.sign_in(client, "anna")
        found = client.get("/articles?q=retruns").context["found"]
        assert [hit["row"].key for hit in found] == ["returns"]

    def test_finds_nothing_of_another_client(self, client):
        self.sign_in(client, "zoe")
        answer = client.get("/articles?q=returns")
        assert answer.context["found"] == []
        assert answer.context["rows"] == []


class TestArticle(ObjectPageBattery):
    allowed, foreign = "anna", "zoe"

    def url(self):
        return "/articles/returns"


class TestProductPage(PageBattery):
    allowed = "cili"

    def url(self):
        return "/articles/duo"

    def test_a_price_is_kept_in_the_smallest_unit(self, client):
        self.sign_in(client, "cili")
        said = {"valid_from": "2026-02-01", "price": "12,5", "currency": "eur"}
        client.post("/articles/duo/fact", {**said, "name": ["Term"], "value": ["1 year"]})
        fact = queries.facts_on(keys=["duo"], day=dt.date(2026, 3, 2))["duo"]
        assert (fact.price_minor, fact.currency) == (1250, "EUR")

    @pytest.mark.parametrize("price", ["12,555", "free", "-1"])
    def test_what_is_no_price_is_refused(self, client, price):
        self.sign_in(client, "cili")
        said = {"valid_from": "2026-02-01", "price": price, "currency": "EUR"}
        answer = client.post("/articles/duo/fact", said, follow=True)
        assert answer.status_code == 200
        assert queries.facts_on(keys=["duo"], day=dt.date(2026, 3, 2))["duo"].price_minor == 1190


class TestPolicyPage(PageBattery):
    allowed = "mara"

    def url(self):
        return "/articles/policy_x"

    def test_somebody_who_has_read_it_stands_in_the_report(self, client):
        self.sign_in(client, "anna")
        page = client.get("/articles/policy_x")
        assert page.context["is_owed"]
        version = page.context["shown"].id
        client.post(f"/articles/read/{version}", {"back": "/articles/policy_x"})
        self.sign_in(client, "mara")
        readers = client.get("/articles/policy_x").context["readers"]
        assert {each.person for each in readers if each.is_current} == {"anna"}

    def test_the_way_back_stays_here(self, client):
        self.sign_in(client, "anna")
        version = client.get("/articles/policy_x").context["shown"].id
        answer = client.post(f"/articles/read/{version}", {"back": "https://evil.example"})
        assert answer["Location"] == "/articles"


class TestBegin(DutyPageBattery):
    allowed, forbidden = "cili", "anna"

    def url(self):
        return "/articles/new"

    def test_from_a_key_to_what_holds(self, client):
        self.sign_in(client, "cili")
        said = {"key": "hours", "kind": "sop", "client": "acme", "owner": "manager"}
        assert client.post("/articles/new", said).status_code == 400
        answer = client.post("/articles/new", {**said, "review": "2027-01-01"})
        assert answer["Location"] == "/articles/hours/write/en"
        text = {"title": "Hours", "body": "From eight.", "keywords": ""}
        answer = client.post(answer["Location"], text)
        version = answer["Location"].partition("version=")[2]
        self.sign_in(client, "mara")
        client.post(f"/articles/decide/{version}", {"do": "approve", "key": "hours"})
        assert client.get("/articles/hours").context["shown"].state == "approved"


class TestWrite(ObjectPageBattery):
    allowed, foreign = "cili", "zoe"

    def url(self):
        return "/articles/returns/write/hu"

    def test_its_fields_are_of_the_texts_language(self, client):
        self.sign_in(client, "cili")
        assert client.get(self.url()).content.decode().count('lang="hu" dir="auto"') == 3


class TestForms(DutyPageBattery):
    allowed, forbidden = "cili", "anna"

    def url(self):
        return "/forms"


class TestForm(ObjectPageBattery):
    allowed, foreign = "cili", "zoe"

    def url(self):
        return "/forms/sale"


class TestFormWrite(ObjectPageBattery):
    allowed, foreign = "mara", "zoe"

    def url(self):
        return "/forms/sale/write"

    def test_tells_what_is_wrong_line_by_line(self, client):
        self.sign_in(client, "mara")
        wrong = SCRIPT.replace("next: terms", "next: nowhere")
        lines = client.post("/forms/sale/write", {"text": wrong}).context["lines"]
        assert (12, "There is no node nowhere.") in lines


class TestPanels:
    """The script beside the call, as the desk asks for it."""

    def sign_in(self, client, key):
        PageBattery().sign_in(client, key)

    def start(self, client, story):
        return client.post(f"/desk/script/{story.item}", {"client": "acme"})

    def test_leads_node_by_node_with_names_filled_in(self, client, story):
        self.sign_in(client, "anna")
        page = client.get(f"/desk/panels/{story.item}?client=acme&customer=").content.decode()
        assert "data-panel-auto" in page
        text = self.start(client, story).content.decode()
        assert '<strong class="filled"><bdi>Anna Árvai</bdi></strong>' in text
        run = text.partition('action="/desk/script/run/')[2].partition('"')[0]
        text = client.post(f"/desk/script/run/{run}", {"node": "greet"}).content.decode()
        assert "What is it?" in text
        text = client.post(
            f"/desk/script/run/{run}", {"node": "want", "choice": "buy"}
        ).content.decode()
        assert "The terms." in text
        text = client.post(f"/desk/script/run/{run}", {"do": "back"}).content.decode()
        assert "What is it?" in text
        assert client.get(f"/forms/run/{run}").status_code == 200
        self.sign_in(client, "zoe")
        assert client.get(f"/forms/run/{run}").status_code == 404
        assert client.post(f"/desk/script/run/{run}", {"node": "want"}).status_code in (403, 404)

    def test_a_guide_is_begun_beside_the_script(self, client, story):
        self.sign_in(client, "anna")
        self.start(client, story)
        text = client.post(
            f"/desk/script/{story.item}", {"client": "acme", "form": "fault"}
        ).content.decode()
        assert text.count('class="say"') == 2

    def test_a_call_that_is_not_kept_yet_is_asked_for_again(self, client):
        self.sign_in(client, "anna")
        text = client.post("/desk/script/nothing", {"client": "acme"}).content.decode()
        assert 'data-panel-auto="1000"' in text
        assert 'name="asked" value="1"' in text
        text = client.post("/desk/script/nothing", {"client": "acme", "asked": "15"})
        assert "data-panel-auto" not in text.content.decode()  # Nothing is asked for for ever.

    def test_a_product_fact_is_found_in_under_ten_seconds_of_work(self, client, story):
        """
        F14: the keys that are pressed, and nothing else: `/`, a few letters, Enter.

        Times of one keystroke and of one thought are those of the keystroke-level model (S. Card,
        T. Moran, A. Newell, 1980): 0.28 s for an average typist, 1.35 s to prepare.
        """
        self.sign_in(client, "anna")
        keys = len("/") + len("duotar") + len("\n")
        answer = client.get(f"/desk/lookup/{story.item}?client=acme&q=duotar")
        text = answer.content.decode()
        assert "11.90 EUR" in text.partition("</li>")[0]
        assert "4 weeks" in text.partition("</li>")[0]
        thoughts = 2  # What to type; which line answers.
        assert keys * 0.28 + thoughts * 1.35 < 6

    def test_an_article_can_be_put_into_the_answer(self, client, story):
        self.sign_in(client, "anna")
        place = f"/desk/lookup/{story.item}?client=acme&q=returns&key=returns&language=en"
        assert 'data-put="Send it back within 14 days."' in client.get(place).content.decode()

    def test_other_clients_texts_are_not_there(self, client, story):
        self.sign_in(client, "zoe")
        assert client.get(f"/desk/lookup/{story.item}?client=acme&q=duo").status_code == 404
        found = client.get(f"/desk/lookup/{story.item}?client=zeta&q=duotarif")
        assert found.context["panel"]["found"] == []


class TestMarkup:
    def test_a_latin_name_keeps_its_order_in_a_persian_sentence(self):
        """F19, check 4."""
        assert markup.runs("با Halden DuoTarif 24 (شب)، ارزان‌تر است", language="fa") == [
            ("text", "با "), ("latin", "Halden DuoTarif 24"), ("text", " (شب)، ارزان‌تر است"),
        ]  # fmt: skip

    def test_what_looks_like_html_is_text(self):
        (block,) = markup.blocks("<b>x</b>", language="en")
        assert block.lines == [[("text", "<b>x</b>")]]

    def test_lines_become_headings_lists_and_paragraphs(self):
        found = markup.blocks("# A\nb\n**c**\n\n- d\n- e\n1. f", language="en")
        assert [(block.kind, len(block.lines)) for block in found] == [
            ("h", 1), ("p", 1), ("ul", 2), ("ol", 1),
        ]  # fmt: skip
        assert ("bold", "c") in found[1].lines[0]


class TestPrice:
    def test_follows_the_currency(self):
        values = {"valid_from": dt.date(2026, 1, 1), "attributes": ()}
        for minor, currency, told in ((1190, "EUR", "11.90 EUR"), (500, "JPY", "500 JPY")):
            fact = FactRow(price_minor=minor, currency=currency, **values)
            assert words.price(fact) == told
        assert words.price(None) == ""
