"""The page on scorecard files, from their JSON Schema."""

from app.files import scorecard_schema
from tests.docs.markdown import page
from tests.docs.schemas import heading_of, section


def file_format() -> str:
    schema = scorecard_schema()
    known = schema["$defs"]
    return page(
        "Scorecard files",
        "A scorecard as YAML, for `kpi load` and `/kpi setup`. `kpi schema` prints this format as "
        "JSON Schema, which gives editors completion. What isn't named here is refused, with its "
        "line. Examples: `app/demo/billing.yaml` and `app/files/examples/`.",
        section("The scorecard", schema, known),
        *(section(heading_of(name), each, known) for name, each in known.items() if
          "properties" in each),
    )  # fmt: skip
