"""What Slack answers to calls that can't be done."""

from collections.abc import Awaitable

import pytest
from slack_sdk.errors import SlackApiError


async def refusal(call: Awaitable[object]) -> str:
    """The error code with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as refused:
        await call
    code: str = refused.value.response["error"]
    return code
