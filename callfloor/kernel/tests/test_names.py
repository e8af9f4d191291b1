"""A name is found in some language, or its key is shown."""

import pytest
from django.utils import translation

from callfloor.kernel.names import pick

pytestmark = pytest.mark.pure


class TestPick:
    @pytest.mark.parametrize(
        ("language", "names", "expected"),
        [
            ("hu", {"en": "Billing", "hu": "Számlázás"}, "Számlázás"),
            ("fr", {"en": "Billing", "hu": "Számlázás"}, "Billing"),
            ("fr", {"hu": "Számlázás"}, "Számlázás"),
            ("en", {}, "billing"),
        ],
    )
    def test_gives_the_nearest(self, language, names, expected):
        with translation.override(language):
            assert pick(names, key="billing") == expected
