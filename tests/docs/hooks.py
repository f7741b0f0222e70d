"""What MkDocs does beside its own: a link to a file of the repository becomes the file's name.

The pages are also read in the repository, where such links lead to code; the site has none.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

_RELATIVE_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((\.\./[^)#\s]+)[^)]*\)")


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Raises `PluginError`, which ends the build, for a link to a file that isn't there."""
    docs = Path(config.docs_dir).resolve()
    folder = (docs / page.file.src_uri).parent

    def without_link(found: re.Match[str]) -> str:
        target = (folder / found[2]).resolve()
        if target.is_relative_to(docs):
            return found[0]
        if not target.exists():
            raise PluginError(f"{page.file.src_uri} links to {found[2]}, which isn't there")
        return found[1]

    return _RELATIVE_LINK.sub(without_link, markdown)
