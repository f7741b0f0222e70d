"""What Schemathesis is to know of this API: SCHEMATHESIS_HOOKS names this module."""

import json
from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson", "text/csv")
def lines(_: schemathesis.SerializationContext, value: Any) -> bytes:
    """One object a line; what is generated as text is sent as it is."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode(errors="replace")
