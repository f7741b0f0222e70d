"""Steps of workflows that the app carries out.

Sources: docs.slack.dev/workflows/workflow-steps, .../tools/bolt-js/tutorials/custom-steps,
.../reference/app-manifest and the schemas in slackapi/manifest-schema.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.playground.blocks import Json

MOST_PARAMETERS = 50
_DESCRIBED_BY = {"title", "description", "input_parameters", "output_parameters"}
_TEXT_TYPES = ("string", "date", "channel_id", "file_id", "message_ts", "user_id", "usergroup_id")
_VALUES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys((f"slack#/types/{each}" for each in _TEXT_TYPES), (str,)),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "slack#/types/timestamp": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


@dataclass(eq=False)
class Step:
    """One execution of a step. It ends with `outputs` or with an `error` in words.

    `token` is the bot's for this execution: the app may use it like its own
    (docs.slack.dev/authentication/tokens, workflow tokens).
    """

    id: str
    callback_id: str
    inputs: Json
    token: str
    outputs: Json | None = None
    error: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether the app has completed it, well or not."""
        return self.outputs is not None or self.error is not None


def parameters_of(section: Mapping[str, Any]) -> list[Json]:
    """Input or output parameters of a function in the manifest, as events list them.

    A manifest of version 1 has `is_required` at each parameter, one of version 2 puts them under
    `properties` and names those that are needed under `required`.
    """
    if "properties" in section:
        needed = section.get("required", [])
        described = {
            name: {**each, "is_required": name in needed}
            for name, each in section["properties"].items()
        }
    else:
        described = dict(section)
    return [{"is_required": False, **each, "name": name} for name, each in described.items()]


def parameter_problems(parameters: list[Json], given: Json) -> list[str]:
    """What is missing, not asked for, or of another type than the parameter."""
    known = {parameter["name"]: parameter for parameter in parameters}
    missing = [
        f"missing required parameter: {name}"
        for name, parameter in known.items()
        if parameter["is_required"] and given.get(name) is None
    ]
    unknown = [f"unknown parameter: {name}" for name in given if name not in known]
    wrong = [
        f"{name} must be of type {known[name]['type']}"
        for name, value in given.items()
        if name in known and value is not None and not _is_of(known[name]["type"], value)
    ]
    return missing + unknown + wrong


def _is_of(kind: str, value: object) -> bool:
    allowed = _VALUES.get(kind, (object,))
    if isinstance(value, bool):
        return bool in allowed or object in allowed
    return isinstance(value, allowed)


def function_problems(functions: Mapping[str, Any]) -> Iterator[str]:
    """What Slack would refuse in the `functions` of a manifest."""
    for callback_id, function in functions.items():
        for field in sorted(_DESCRIBED_BY - set(function)):
            yield f"functions.{callback_id} needs {field}"
        for field in sorted(set(function) - _DESCRIBED_BY):
            yield f"functions.{callback_id} takes no {field}"
        for side in ("input_parameters", "output_parameters"):
            parameters = parameters_of(function.get(side, {}))
            if len(parameters) > MOST_PARAMETERS:
                yield f"functions.{callback_id}.{side} has more than {MOST_PARAMETERS}"
            for parameter in parameters:
                if "type" not in parameter:
                    yield f"functions.{callback_id}.{side}.{parameter['name']} needs a type"
