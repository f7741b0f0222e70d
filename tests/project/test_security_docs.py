"""docs/security.md names tests and files that are there."""

import re

from tests.project.files import ROOT, text_of


def test_each_file_that_the_page_on_security_names_is_there() -> None:
    named = re.findall(r"`((?:tests|app)/[\w/]+\.py)`", text_of("docs/security.md"))
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).is_file()] == []
