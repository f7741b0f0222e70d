"""The README shows the pictures as they are drawn now."""

from tests.charts.pictures import DOCS, kept, pictures

README = (DOCS.parent / "README.md").read_text(encoding="utf-8")


def test_the_readme_shows_the_pictures_as_they_are_drawn_now() -> None:
    for path, chart in pictures():
        assert f"docs/{path.name}" in README
        assert path.read_text(encoding="utf-8") == kept(chart), (
            f"{path.name}: draw the pictures anew"
        )
