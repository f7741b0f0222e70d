"""functions.completeSuccess, functions.completeError."""

from app.playground.blocks import Json
from app.playground.errors import SlackError
from app.playground.steps import Step, parameter_problems
from app.playground.web_api.call import Call, Method


def complete_success(call: Call) -> Json:
    """End a step with its outputs, which may be none but have to be there.

    Errors: function_execution_not_found, execution_not_in_running_state,
    parameter_validation_failed (docs.slack.dev/reference/methods/functions.completeSuccess).
    """
    step = _running_step(call)
    outputs = call.structure("outputs")
    if not isinstance(outputs, dict):
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: outputs"])
    function = call.workspace.installation.manifest.function(step.callback_id)
    if function is not None:
        problems = parameter_problems(function["output_parameters"], outputs)
        if problems:
            raise SlackError("parameter_validation_failed", messages=problems)
    step.outputs = outputs
    return {}


def complete_error(call: Call) -> Json:
    """End a step with an error for people to read.

    Errors: function_execution_not_found, execution_not_in_running_state
    (docs.slack.dev/reference/methods/functions.completeError).
    """
    _running_step(call).error = call.required("error")
    return {}


def _running_step(call: Call) -> Step:
    step = call.workspace.steps.get(call.required("function_execution_id"))
    if step is None:
        raise SlackError("function_execution_not_found")
    if step.is_over:
        raise SlackError("execution_not_in_running_state")
    return step


METHODS = {
    "functions.completeSuccess": Method(complete_success),
    "functions.completeError": Method(complete_error),
}
