"""Names stand in the order of the reader's language, and are found without their accents."""

import random

import pytest

from callfloor.kernel import collation

pytestmark = pytest.mark.pure


class TestOrder:
    @pytest.mark.parametrize(
        ("language", "names"),
        [
            ("en", ["Abel", "Ábrahám", "Adam", "O'Hara", "Ohlsson", "Zoe"]),
            ("hu", ["Cukor", "Csonka", "Ozsvár", "Ökrös", "Pál", "Sárközi", "Szabó", "Tóth"]),
            ("hu", ["Kis Anna", "Kiss Anna", "Zala", "Zsák"]),
            ("es", ["Nunez", "Nuzco", "Ñandú", "Ortiz"]),
            ("ru", ["Ежова", "Ёлкин", "Жуков", "Йодов", "Яшин", "Adam"]),
            ("fa", ["آرش", "احمد", "پروین", "تینا", "چنگیز", "کاوه", "گیتی"]),
            ("fa", ["گیتی", "ویدا", "هما", "یاسمن", "Adam"]),
            ("fr", ["Eloi", "Étienne", "Evrard"]),
        ],
    )  # fmt: skip
    def test_is_the_alphabet_s(self, language, names):
        mixed = random.Random(7).sample(names, len(names))
        assert sorted(mixed, key=collation.order(language)) == names

    def test_differs_between_languages_for_the_same_names(self):
        names = ["Ökrös", "Pál", "Ozsvár"]
        assert sorted(names, key=collation.order("hu")) == ["Ozsvár", "Ökrös", "Pál"]
        assert sorted(names, key=collation.order("fr")) == ["Ökrös", "Ozsvár", "Pál"]

    def test_letters_of_arabic_keyboards_count_as_persian_ones(self):
        arabic, persian = (collation.order("fa")(name) for name in ("علي", "علی"))
        assert arabic.partition("\0")[0] == persian.partition("\0")[0]


class TestBare:
    def test_leaves_accents_and_capitals_out(self):
        assert collation.bare("Árvai-Őry ANNA") == "arvaiory anna"

    def test_takes_a_letter_that_was_typed_in_two_parts(self):
        assert collation.bare("A\u0301rvai") == "arvai"
