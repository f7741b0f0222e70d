"""JSON Schema of a scorecard file, for completion and checks in editors."""

from typing import Any

from app.files.format import ScorecardFile


def scorecard_schema() -> dict[str, Any]:
    """The format as JSON Schema, draft 2020-12 (json-schema.org/draft/2020-12).

    An editor takes it from a comment in the file:
    `# yaml-language-server: $schema=scorecard.schema.json`. Keys aren't required:
    the reader makes those that are left out.
    """
    schema = ScorecardFile.model_json_schema()
    for entry in (schema, *schema["$defs"].values()):
        if "key" in entry.get("required", ()):
            entry["required"].remove("key")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
