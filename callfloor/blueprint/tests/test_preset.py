"""A centre may begin with a preset and stand in several files; each value keeps its place."""

from pathlib import Path

import pytest

from callfloor.blueprint import preset, read
from callfloor.blueprint.check import Checked, check
from callfloor.blueprint.tests.samples import GOOD

pytestmark = pytest.mark.pure

SHIPPED = preset.PRESETS
PEOPLE = "people:\n  ann:\n    roles: [agent]\n    clients: [north]\n"
FROM_PRESET = """\
blueprint: 1
preset: small
centre: {key: mine, name: Mine}
people:
  ann: {skills: {help: 5}}
  cat: {roles: [agent], clients: [north]}
queues:
  care:
    tiers: [{requires: {help: 1}}]
prompts:
  hello: {en: Good morning.}
demo:
"""


@pytest.fixture(autouse=True)
def _small_is_a_preset(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Presets of Callfloor's own change; the small centre does not."""
    folder = tmp_path_factory.mktemp("presets")
    (folder / "small.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "small.flow.yaml").write_text("cases: []\n", encoding="utf-8")
    monkeypatch.setattr(preset, "PRESETS", folder)


def checked(folder: Path, text: str, **others: str) -> Checked:
    for name, content in others.items():
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    main = folder / "main.yaml"
    main.write_text(text, encoding="utf-8")
    return check(text, file=str(main), near=folder)


def only(found: Checked) -> tuple[str, str, int, int]:
    assert found.blueprint is None
    (finding,) = found.findings
    return finding.id, Path(finding.file).name, finding.line, finding.column


# --- Presets --------------------------------------------------------------------------------------


def test_file_lies_over_its_preset():
    """What the file says holds, map by map; all the rest is the preset's."""
    found = check(FROM_PRESET, file="mine.yaml")
    assert found.findings == ()
    assert found.blueprint is not None
    centre = found.blueprint.centre
    assert (centre.key, centre.timezone) == ("mine", "Europe/Budapest")
    assert set(found.blueprint.people) == {"ann", "bob", "cat"}
    ann = found.blueprint.people["ann"]
    assert (ann.skills, ann.roles, ann.extension) == ({"help": 5}, ["agent"], "21")
    (tier,) = found.blueprint.queues["care"].tiers
    assert tier.requires == {"help": 1}
    assert found.blueprint.prompts["hello"] == {"en": "Good morning.", "hu": "Jó napot."}


def test_empty_entry_takes_away():
    """What the preset has and the file empties is not there."""
    found = check(FROM_PRESET.replace("cat: {roles", "bob:\n  cat: {roles"), file="mine.yaml")
    assert found.blueprint is not None
    assert set(found.blueprint.people) == {"ann", "cat"}
    assert found.blueprint.demo is None


def test_step_that_does_something_else_is_another():
    """Nothing of the preset's step is left in one of the same name that does another thing."""
    steps = "flows:\n  main:\n    steps:\n      wait: {do: callback, queue: care, prompt: sorry}\n"
    found = check(FROM_PRESET + steps, file="mine.yaml")
    assert found.findings == ()
    assert found.blueprint is not None
    assert found.blueprint.flows["main"].steps["wait"].do == "callback"


def test_fault_of_the_file_stands_in_the_file():
    """A wrong value over a preset is told where its author wrote it."""
    found = check(FROM_PRESET.replace("{help: 5}", "{help: 9}"), file="mine.yaml")
    assert only(found) == ("blueprint.E002", "mine.yaml", 5, 18)


def test_fault_that_the_file_makes_in_the_preset_stands_there():
    """A team that the file takes away is missed where the preset uses it."""
    found = check(FROM_PRESET + "teams:\n  one:\n", file="mine.yaml")
    line = GOOD.splitlines().index("    team: one") + 1
    assert only(found) == ("blueprint.E017", "small.yaml", line, 5)


def test_value_that_was_laid_over_leaves_no_place_behind():
    """What is missing in the file's own list is told there, not in the preset's list."""
    found = check(FROM_PRESET.replace("requires: {help: 1}", "after_seconds: 0"), file="mine.yaml")
    assert only(found) == ("blueprint.E002", "mine.yaml", 9, 13)


def test_unknown_preset_is_told():
    """A preset that there is not brings the one that was probably meant."""
    found = check(FROM_PRESET.replace("small", "smal"), file="mine.yaml")
    assert only(found) == ("blueprint.E005", "mine.yaml", 2, 1)
    assert found.findings[0].hint == "Did you mean `small`?"


@pytest.mark.parametrize(
    "name", ["../small", "small.flow", "small.yaml", "[small]", "{a: b}", "''"]
)
def test_preset_is_a_key_and_no_path(name: str):
    """Nothing but the presets can be named."""
    found = check(FROM_PRESET.replace("small", name), file="mine.yaml")
    assert only(found) == ("blueprint.E005", "mine.yaml", 2, 1)


@pytest.mark.parametrize("key", preset.keys())
def test_shipped_preset_is_whole(key: str):
    """No preset begins with another, nor says that it was exported."""
    values = read.read((SHIPPED / f"{key}.yaml").read_text(encoding="utf-8"), file=key).values
    assert not {"preset", "from_version"} & values.keys()


# --- Included files -------------------------------------------------------------------------------


def test_parts_may_stand_beside(tmp_path: Path):
    """Maps of several files are joined, also if an included file includes another."""
    head, tail = GOOD.split("queues:\n", 1)
    found = checked(
        tmp_path,
        head + "include: [work.yaml]\n",
        work="blueprint: 1\ninclude: [more.yaml]\nqueues:\n" + tail,
        more="people:\n  cat: {roles: [agent], clients: [south]}\n"
        "demo: {people: {cat: {name: Cat}}}\n",
    )
    assert [str(each) for each in found.findings] == []
    assert found.blueprint is not None
    assert set(found.blueprint.people) == {"ann", "bob", "cat"}


def test_fault_is_told_in_its_own_file(tmp_path: Path):
    """A finding names the included file, its line and its column."""
    extra = "# More people.\npeople:\n  cat: {roles: [agent], clients: [west]}\n"
    extra += "demo: {people: {cat: {name: Cat}}}\n"
    found = checked(tmp_path, GOOD + "include: [extra.yaml]\n", extra=extra)
    assert only(found) == ("blueprint.E010", "extra.yaml", 3, 35)


def test_same_key_in_two_files_is_told(tmp_path: Path):
    """The second one is told, with where the first stands."""
    found = checked(tmp_path, GOOD + "include: [extra.yaml]\n", extra=PEOPLE)
    assert {each.id for each in found.findings} == {"blueprint.E003"}
    first = found.findings[0]
    assert (Path(first.file).name, first.line, first.path) == ("extra.yaml", 3, "people.ann.roles")
    line = GOOD.splitlines().index("    roles: [agent]") + 1
    assert f"main.yaml, line {line}" in first.hint


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none.yaml", "cannot be read"),
        ("../outside.yaml", "does not lie in the folder"),
        ("/etc/hostname", "does not lie in the folder"),
        ("link.yaml", "does not lie in the folder"),
        ("main.yaml", "a second time"),
        ("folder", "cannot be read"),
        ("noise.yaml", "cannot be read"),
        ('"a\\0b"', "does not lie in the folder"),
    ],
)
def test_only_files_beside_are_read(tmp_path: Path, name: str, why: str):
    """No include leads out of the folder, not even by a link."""
    folder = tmp_path / "centre"
    (folder / "folder").mkdir(parents=True)
    (tmp_path / "outside.yaml").write_text(PEOPLE, encoding="utf-8")
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (folder / "noise.yaml").write_bytes(b"\xff\xfe\x00")
    found = checked(folder, f"blueprint: 1\ninclude: [{name}]\n")
    assert only(found) == ("blueprint.E006", "main.yaml", 2, 11)
    assert why in found.findings[0].wrong


def test_circle_of_files_is_told(tmp_path: Path):
    """Two files that include one another are told in the one that closes the circle."""
    found = checked(
        tmp_path,
        "include: [one.yaml]\n",
        one="include: [two.yaml]\n",
        two="\ninclude: [one.yaml]\n",
    )
    assert only(found) == ("blueprint.E006", "two.yaml", 2, 11)


def test_number_of_files_has_a_limit(tmp_path: Path):
    """So many files are no centre but a mistake."""
    names = [f"f{number}" for number in range(preset.INCLUDES_MAX + 1)]
    listed = ", ".join(f"{name}.yaml" for name in names)
    found = checked(tmp_path, f"include: [{listed}]\n", **dict.fromkeys(names, "sites: {}\n"))
    assert found.findings[0].id == "blueprint.E006"
    assert "More than 50" in found.findings[0].wrong


def test_included_file_speaks_only_of_its_part(tmp_path: Path):
    """The preset stands in the first file."""
    found = checked(tmp_path, "include: [one.yaml]\n", one="preset: small\n")
    assert only(found) == ("blueprint.E006", "one.yaml", 1, 1)


def test_text_without_a_place_includes_nothing():
    """A text that comes from a page has no folder, so nothing is read for it."""
    found = check(GOOD + "include: [people.yaml]\n", file="page")
    assert [each.id for each in found.findings] == ["blueprint.E006"]


def test_broken_included_file_is_told(tmp_path: Path):
    """What is no YAML is told in the file in which it stands."""
    found = checked(tmp_path, "include: [one.yaml]\n", one="a: ]\n")
    assert only(found)[:3] == ("blueprint.E001", "one.yaml", 1)
