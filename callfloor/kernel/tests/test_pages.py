"""Pages of a list stay within the list."""

import pytest

from callfloor.kernel import pages

pytestmark = pytest.mark.pure


class Rows(list):
    """As much of a queryset as a page needs."""

    def count(self):
        return len(self)


def cut(total: int, *, page: int, size: int) -> pages.Page[int]:
    return pages.cut(Rows(range(total)), page=page, size=size, build=lambda rows: rows)


class TestCut:
    def test_gives_the_rows_of_a_page(self):
        page = cut(25, page=2, size=10)
        assert page.rows == tuple(range(10, 20))
        assert (page.total, page.pages, page.has_previous, page.has_next) == (25, 3, True, True)

    @pytest.mark.parametrize(("asked", "given"), [(0, 1), (-3, 1), (9, 3)])
    def test_a_page_out_of_range_is_the_nearest(self, asked, given):
        assert cut(25, page=asked, size=10).page == given

    def test_an_empty_list_has_one_empty_page(self):
        page = cut(0, page=1, size=10)
        assert (page.rows, page.pages, page.has_next) == ((), 1, False)

    def test_a_size_has_its_limits(self):
        assert cut(500, page=1, size=10_000).size == pages.SIZE_MAX
        assert cut(500, page=1, size=0).size == 1
