"""Who answers for what: asked only where the file says something about it."""

import pytest

from callfloor.blueprint.check import check
from callfloor.blueprint.tests.samples import GOOD as PLAIN
from callfloor.blueprint.tests.test_broken import GOOD

pytestmark = pytest.mark.pure


def ids(text: str) -> list[str]:
    return [each.id.removeprefix("blueprint.") for each in check(text, file="x.yaml").findings]


def without_departments() -> str:
    head, rest = GOOD.split("departments:\n")
    return head + "roles:\n" + rest.split("roles:\n", 1)[1].replace(", department: phones", "")


def test_silent_file_is_asked_nothing():
    """Without departments a duty that nobody has is nobody's business."""
    text = without_departments()
    assert ids(text) == []
    assert ids(text.replace("cat: {roles: [listener]", "cat: {roles: [taker]")) == []


def test_duties_stay_apart_where_roles_are_the_files_own():
    """Whoever makes roles is told if one person would judge his own work."""
    text = without_departments().replace(
        "cat: {roles: [listener]", "cat: {roles: [listener, judge]"
    )
    assert ids(text) == ["E088"]


def test_duty_that_the_centre_does_not_have_needs_nobody():
    """`without` says so; then nobody is missed."""
    text = GOOD.replace("cat: {roles: [listener]", "cat: {roles: [taker]")
    assert ids(text) == ["E087"]
    said = text.replace("    head: eve\n", "    head: eve\n    without: [quality.score_contacts]\n")
    assert ids(said) == []


def test_merged_department_must_be_owned_as_well():
    """Every duty of a department that is merged needs somebody, planned ones too."""
    text = GOOD.replace("    head: eve\n", "    head: eve\n    merges: [human_resources]\n")
    findings = check(text, file="x.yaml").findings
    assert {each.id for each in findings} == {"blueprint.E087"}
    assert {each.path for each in findings} == {"departments.office.merges.0"}
    assert all("`office` answers for `human_resources." in each.wrong for each in findings)


def test_department_is_merged_only_once():
    """Two departments that merge the same one would both answer; that is told once."""
    text = GOOD.replace("    head: eve\n", "    head: eve\n    merges: [marketing]\n")
    text = text.replace(
        "    host: office\n    d", "    host: office\n    merges: [marketing]\n    d"
    )
    twice = [each for each in check(text, file="x.yaml").findings if each.id == "blueprint.E086"]
    assert [each.path for each in twice] == ["departments.phones.merges.0"]


def test_last_owner_cannot_go():
    """Taking a role from the last person who has a duty is refused, and a role is proposed."""
    (found,) = check(
        GOOD.replace("eve: {roles: [head, judge]", "eve: {roles: [judge]"), file="x"
    ).findings[:1]
    assert found.id == "blueprint.E087"
    assert found.hint.startswith("Give somebody the role `")


def test_old_file_is_as_it_was():
    """A file of before, without departments and roles, has no finding of this kind."""
    assert ids(PLAIN) == []
