"""Steps of workflows that the app carries out (docs.slack.dev/workflows/workflow-steps)."""

from dataclasses import dataclass

from app.playground.blocks import Json


@dataclass(eq=False)
class Step:
    """One execution of a step. It ends with `outputs` or with an `error` in words."""

    id: str
    callback_id: str
    inputs: Json
    outputs: Json | None = None
    error: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether the app has completed it, well or not."""
        return self.outputs is not None or self.error is not None


def parameter_problems(parameters: Json, given: Json) -> list[str]:
    """What is missing or not asked for: `parameters` as in the manifest's functions."""
    missing = [
        f"missing required parameter: {name}"
        for name, parameter in parameters.items()
        if parameter.get("is_required") and name not in given
    ]
    return missing + [f"unknown parameter: {name}" for name in given if name not in parameters]
