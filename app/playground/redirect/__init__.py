"""A folder for an app's PYTHONPATH, in which Python finds `sitecustomize` when it starts."""

from pathlib import Path

FOLDER = Path(__file__).parent
