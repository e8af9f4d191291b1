"""Words, stems and which text comes first."""

import pytest

from callfloor.records.articles import rules
from callfloor.records.articles.rules import finding, stems, words

pytestmark = pytest.mark.pure


class TestFold:
    @pytest.mark.parametrize(
        ("typed", "same"),
        [
            ("Számlázás", "szamlazas"),
            ("ДОЛГ Ё", "долг е"),
            ("كتابي", "کتابی"),
            ("۱۲۳", "123"),
            ("٤٥٦", "456"),
            ("Œuvre", "oeuvre"),
            ("مُدیر", "مدیر"),
            ("ﻛﺘﺎﺏ", "کتاب"),
        ],
    )
    def test_what_people_type_differently_is_the_same(self, typed, same):
        assert words.fold(typed) == same


class TestWords:
    def test_a_persian_compound_is_found_joined_and_in_parts(self):
        assert words.words("می\u200cشود") == ["میشود", "می", "شود"]

    def test_an_elision_is_no_word(self):
        assert words.words("l'abonnement d’été") == ["abonnement", "ete"]

    def test_hyphens_join_and_part(self):
        assert words.words("e-mail HB-7") == ["mail", "hb7", "hb", "7"]


class TestStem:
    @pytest.mark.parametrize(
        ("language", "forms"),
        [
            ("en", "invoice invoices invoiced invoicing"),
            ("en", "cancel cancels cancelled cancellation"),
            ("hu", "számla számlát számlának számlával számlák számláról"),
            ("hu", "telefon telefonnal telefont telefonok telefonról"),
            ("es", "factura facturas"),
            ("es", "pagar pagamos pagado pagando"),
            ("ru", "рассрочка рассрочку рассрочки рассрочкой"),
            ("ru", "новый новая новое новые нового новым"),
            ("fa", "کتاب کتابها کتابهای کتابهایشان"),
            ("fr", "facture factures"),
            ("fr", "payer payez payé payée payées"),
        ],
    )
    def test_forms_of_a_word_meet(self, language, forms):
        found = {stems.stem(words.fold(each), language=language) for each in forms.split()}
        assert len(found) == 1, found

    def test_words_that_mean_different_things_do_not_meet(self):
        pairs = [("en", "meter", "metal"), ("hu", "víz", "vizsga"), ("ru", "счёт", "счастье")]
        for language, one, other in pairs:
            assert stems.stem(words.fold(one), language=language) != stems.stem(
                words.fold(other), language=language
            )

    def test_a_number_and_a_short_word_stay(self):
        assert stems.stem("24", language="en") == "24"
        assert stems.stem("gas", language="en") == "gas"


class TestDistance:
    @pytest.mark.parametrize(
        ("one", "other", "slips"),
        [("meter", "meter", 0), ("metr", "meter", 1), ("mteer", "meter", 1), ("a", "bcd", 3)],
    )
    def test_counts_slips_of_the_fingers(self, one, other, slips):
        assert finding.distance(one, other) == slips


class TestLikeness:
    def test_a_word_spelled_right_counts_whole(self):
        assert finding.likeness("meter", "meter") == finding.WHOLE_WEIGHT

    def test_half_a_word_counts_more_than_a_slip(self):
        assert finding.likeness("insta", "installment") == finding.PREFIX_WEIGHT
        assert 0 < finding.likeness("metr", "meter") < finding.PREFIX_WEIGHT

    def test_another_word_does_not_count(self):
        assert finding.likeness("meter", "refund") == 0


class TestMeant:
    def test_who_spells_a_word_right_does_not_mean_one_like_it(self):
        assert finding.meant(["meter"], {1: "meter", 2: "metes"}) == {"meter": {1: 1.0}}

    def test_two_words_may_be_one(self):
        found = finding.meant(["fix", "plu"], {7: "fixplu"}, joined={"fixplu": ("fix", "plu")})
        assert found == {"fix": {7: 1.0}, "plu": {7: 1.0}}


class TestRanked:
    def test_a_text_with_all_words_comes_before_one_with_the_rare_one_alone(self):
        hits = [
            finding.Hit("both", 1, 0, 1),
            finding.Hit("both", 2, 0, 1),
            finding.Hit("rare", 1, 0, 3),
        ]
        found = finding.ranked(hits, meanings={"a": {1: 1.0}, "b": {2: 1.0}}, texts=50)
        assert [version for version, _ in found] == ["both", "rare"]

    def test_a_hit_in_the_title_comes_first(self):
        hits = [finding.Hit("body", 1, 0, 2), finding.Hit("title", 1, 1, 0)]
        found = finding.ranked(hits, meanings={"a": {1: 1.0}}, texts=50)
        assert [version for version, _ in found] == ["title", "body"]


class TestSnippet:
    def test_gives_the_sentence_that_answers_and_marks_the_words(self):
        body = "Something else first. Paying in installments is free. The end."
        found = finding.snippet(body, stems_hit=frozenset({"instal"}), language="en")
        assert "".join(text for text, _ in found) == "Paying in installments is free."
        assert [text for text, is_hit in found if is_hit] == ["installments"]

    def test_cuts_a_long_sentence_between_words(self):
        body = "word " * 80 + "needle " + "word " * 80
        found = finding.snippet(body, stems_hit=frozenset({"needl"}), language="en")
        text = "".join(part for part, _ in found)
        assert "needle" in text
        assert len(text) <= finding.SNIPPET_CHARACTERS_MAX + 4


class TestIsOwed:
    def test_a_policy_is_everybodys(self):
        assert rules.is_owed(kind="policy", key="x", asked=frozenset())

    def test_a_procedure_is_owed_by_whose_duty_names_it(self):
        assert rules.is_owed(kind="sop", key="answering", asked=frozenset({"answering"}))
        assert not rules.is_owed(kind="sop", key="answering", asked=frozenset())

    def test_what_is_looked_up_is_owed_by_nobody(self):
        assert not rules.is_owed(kind="knowledge", key="x", asked=frozenset({"x"}))
