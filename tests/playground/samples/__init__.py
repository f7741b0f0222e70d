"""A Bolt app in its two forms, and its manifests for Socket Mode and for HTTP."""

from pathlib import Path

FOLDER = Path(__file__).parent
MANIFEST = FOLDER / "manifest.yml"
MANIFEST_HTTP = FOLDER / "manifest_http.yml"
