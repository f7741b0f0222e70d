"""Files that aren't YAML, aren't a scorecard, or can't be read at all."""

from pathlib import Path

import pytest

from app.files import FileErrors, FileProblem, read_scorecard_path
from tests.files.telling import HEAD, problems, told

# --- not YAML, or no scorecard ----------------------------------------------


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment alone\n", "---\n"])
def test_an_empty_file_is_told_how_to_begin(text: str) -> None:
    (problem,) = problems(text)
    assert problem.message == "The file is empty. Begin with a line such as name: Billing Platform"


@pytest.mark.parametrize("text", ["- name: Billing\n", "Billing\n", "[]"])
def test_a_file_without_fields_is_no_scorecard(text: str) -> None:
    (problem,) = problems(text)
    assert problem.message.startswith("This isn't a scorecard. Begin with")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("name: x\n\tgoal: y\n", 2, "A tab stands here: use blanks."),
        ("name:\tx\n", 1, "A tab stands here: use blanks."),
        ("name: x\nunit: %\n", 2, "The value needs quotes around it because of its first sign"),
        ("name: x\nowner: @ana\n", 2, "The value needs quotes around it because of its first sign"),
        ("name: x\ngoal: pay first: always\n", 2, "The value needs quotes around it because of"),
        ("name: x\ngoal y\nzone: UTC\n", 2, "“:” is missing: a field is written as name: value."),
        ("a:\n    b: 1\n  c: 2\n", 3, "The indentation doesn't fit the lines above"),
        ("name: x\ngoal: 'y\nzone: UTC\n", 2, "A quote is opened here and never closed."),
        ("name: x\nlinks: [a, b\nzone: UTC\n", 2, "“[” is opened here and never closed."),
        ("name: x\ndigest: {day: monday\n", 2, "“{” is opened here and never closed."),
        ("name: x\nlinks: - a\n", 2, "A list begins on the line after its field's name."),
        ('name: x\ngoal: "a \\q"\n', 2, "“\\” has a meaning in double quotes: use single quotes."),
        ("name: x\ngoal: \x07\n", 2, "A character stands here that can't be shown: remove it."),
        ("  name: x\ngoal: y\n", 2, "The indentation doesn't fit the lines above"),
        ("name: x\ngoal: |pay\n", 2, "The value needs quotes around it because of its first sign"),
        ("name: x\ngoal: * pay\n", 2, "The value needs quotes around it because of its first sign"),
        ("name: x\ngoal: ]\n", 2, "The value needs quotes around it because of its first sign"),
        ("name: !e!x y\n", 1, "This isn't YAML: found undefined tag handle '!e!'."),
    ],
)
def test_text_that_is_no_yaml_is_told_in_words_at_its_line(
    text: str, line: int, words: str
) -> None:
    (problem,) = problems(text)
    assert problem.line == line
    assert problem.message.startswith(words)


def test_two_scorecards_in_one_file_are_refused() -> None:
    assert told("---\nname: Second\ngoal: Other.\n") == [
        "card.yaml:3: A second scorecard begins here: give it its own file."
    ]


def test_aliases_are_refused_before_they_multiply() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    lines = told(bomb)
    assert "card.yaml:3: a: “&” and “*” refer to other places: write the value out." in lines
    assert "card.yaml:4: b[0]: “&” and “*” refer to other places: write the value out." in lines


def test_a_tag_makes_no_object() -> None:
    assert told("channel: !!python/object/apply:os.getcwd []\n") == [
        "card.yaml:3: channel: “!” makes it a tag: put the value into quotes."
    ]


@pytest.mark.parametrize("nested", ["[", "{", "- ", "? "])
def test_endless_nesting_is_refused(nested: str) -> None:
    (problem,) = problems(nested * 100_000)
    assert problem.message == "The file is nested too deeply to be a scorecard."


def test_a_character_that_no_database_stores_is_refused() -> None:
    (line,) = told('possibilities: ["a \\0 b", "lone \\ud800", fine]\n')[:1]
    assert line == (
        "card.yaml:3: possibilities[0]: A character stands here that can't be shown: remove it."
    )


def test_a_file_above_one_megabyte_is_refused_unread() -> None:
    (problem,) = problems("# " + "x" * 1_000_000)
    assert problem == FileProblem(0, 0, "", "the file is larger than 1 MB.")


def test_a_list_has_an_end() -> None:
    text = "tickets".join(["milestones: [{title: a, ", ": [" + "x," * 2_001 + "]}]\n"])
    assert told(text) == [
        "card.yaml:3: milestones[0].tickets: 2,001 entries are too many: a list holds 2,000."
    ]


def test_a_hundred_problems_are_enough_to_read() -> None:
    lines = told("".join(f"unknown{number}: x\n" for number in range(150)))
    assert len(lines) == 101
    assert lines[-1] == "card.yaml: … and more problems. Mend these first."


# --- files ------------------------------------------------------------------


def refusal(path: Path) -> str:
    with pytest.raises(FileErrors) as caught:
        read_scorecard_path(path)
    return caught.value.message


def test_a_file_is_read_with_its_path_in_messages(tmp_path: Path) -> None:
    path = tmp_path / "card.yaml"
    path.write_text("\ufeff" + HEAD, encoding="utf-8")
    assert read_scorecard_path(path).name == "Billing"
    path.write_text("name: Billing\n", encoding="utf-8")
    assert refusal(path).startswith(f"{path}:1: goal: is missing")


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    missing = tmp_path / "none.yaml"
    assert refusal(missing) == f"{missing}: there is no such file."
    assert refusal(tmp_path) == f"{tmp_path}: this is a folder: name a file in it."


def test_a_file_that_the_system_refuses_is_told_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "loop.yaml"
    path.symlink_to(path)
    assert refusal(path).startswith(f"{path}: the file can't be read: ")


def test_a_file_in_another_encoding_is_told_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "card.yaml"
    path.write_bytes("name: Abrechnung\ngoal: Größe\n".encode("latin-1"))
    assert refusal(path) == f"{path}:2: a character isn't UTF-8: save the file as UTF-8."


def test_a_large_file_is_refused_by_its_path_too(tmp_path: Path) -> None:
    path = tmp_path / "card.yaml"
    path.write_bytes(b"#" * 1_500_000)
    assert refusal(path) == f"{path}: the file is larger than 1 MB."
