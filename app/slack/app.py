"""The Bolt app: its listeners, and what it answers when something fails."""

import re
from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from app.domain.errors import KpiError
from app.slack import origin
from app.slack.blocks import forms
from app.slack.blocks.forms import FormState
from app.slack.blocks.kit import Message
from app.slack.bot import Body, Bot
from app.slack.failures import explain
from app.slack.ids import COMMAND, Action, Form, OutOfDate, Shortcut, Step
from app.slack.inputs.forms import field_errors, first_field
from app.slack.listeners import (
    access,
    actions,
    alerts,
    commands,
    events,
    home,
    hooks,
    landings,
    links,
    lists,
    parts,
    planning,
    reminders,
    setup,
    setup_file,
    setup_forms,
    setup_start,
    sharing,
    shortcuts,
    sources,
    steps,
    submissions,
    tables,
    tokens,
    troubles,
    updating,
)
from app.slack.requests import OUTCOME, Outcome, WatchedApp


def build_app(bot: Bot, *, signing_secret: str | None) -> AsyncApp:
    """The app with everything registered.

    Without a signing secret nothing may come in over HTTP, where a request's
    signature is what tells Slack from anybody else.
    """
    app = WatchedApp(
        name=__name__,  # Bolt would look for one on the stack, which takes some 50 ms
        client=AsyncWebClient(base_url=bot.client.base_url),
        authorize=_authorization(bot),
        signing_secret=signing_secret or "",
        process_before_response=True,
        request_verification_enabled=signing_secret is not None,
        raise_error_for_unhandled_request=True,
    )

    @app.use
    async def provide(
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002
    ) -> BoltResponse | None:
        if answer := await origin.refusal(bot, context):
            return answer
        context["bot"] = bot
        await next()
        return None

    _listen(app)
    _listen_to_set_up(app)

    @app.error
    async def answer_failure(
        error: Exception, body: Body, context: AsyncBoltContext
    ) -> BoltResponse:
        if isinstance(error, BoltUnhandledRequestError):
            error = OutOfDate()  # a button or a form that another version has shown
        context[OUTCOME] = Outcome.REFUSED if isinstance(error, KpiError) else Outcome.FAILED
        # Over a socket any other status than 200 is silence to the person.
        if isinstance(error, KpiError) and (fields := _fields(body)):
            return _errors(field_errors(error, fields))
        message = explain(error, f"answering {_kind(body)}")
        return await _failure_answer(bot, body, message)

    return app


def _listen(app: AsyncApp) -> None:
    """Each thing that Slack tells of, and who hears it."""
    app.command(COMMAND)(commands.kpi)
    app.action(re.compile(f"^{Action.SHOW_METRIC}"))(actions.show_metric)
    app.action(re.compile(f"^{Action.SHOW_PAGE}"))(actions.show_page)
    app.action(re.compile(f"^{Action.SHOW_MILESTONES}"))(lists.show_milestones)
    app.action(re.compile(f"^{Action.SHOW_HISTORY}"))(lists.show_history)
    app.action(re.compile(f"^{Action.SHOW_ROADMAP}"))(lists.show_roadmap)
    app.action(Action.SHARE_PAGE)(sharing.share_page)
    app.action(Action.SHARE_METRIC)(sharing.share_metric)
    app.action(Action.SHARE_ROADMAP)(sharing.share_roadmap)
    app.action(Action.UNDO)(actions.undo)
    app.action(Action.UNDO_ONE)(actions.undo_one)
    app.action(Action.UPDATE)(updating.open_form)
    app.action(Action.SHOW_MILESTONE)(planning.show)
    app.action(Action.EDIT_MILESTONE)(planning.open_edit_form)
    app.action(Action.SHIP)(actions.ship)
    app.action(Action.SHIP_PLANNED)(planning.ship_planned)
    app.action(Action.CHOOSE_METRICS)(actions.choose_metrics)
    app.action(Action.LOG_OFFER)(landings.log)
    app.action(Action.EDIT_OFFER)(landings.open_form)
    app.action(Action.DECLINE_OFFER)(landings.decline)
    app.options(Action.CHOOSE_SCORECARD)(shortcuts.scorecard_options)
    app.options(Action.CHOOSE_ZONE)(setup_forms.zone_options)
    app.options(Action.CHOOSE_GROUPS)(access.group_options)
    app.options(Action.CHOOSE_REACH)(tokens.reach_options)
    app.options(re.compile("^choose_"))(actions.options)
    app.view(Form.SHIP)(submissions.ship)
    app.view(Form.PLAN)(planning.plan)
    app.view(Form.EDIT)(planning.edit)
    app.view(Form.UPDATE)(updating.record)
    app.view(Form.CHOOSE_SCORECARD)(shortcuts.choose_scorecard)
    app.shortcut(Shortcut.LOG_MILESTONE)(shortcuts.log_milestone)
    app.shortcut(Shortcut.LOG_MESSAGE)(shortcuts.log_message)
    app.action(re.compile(f"^{Action.HOME_PAGE}"))(home.turn_page)
    app.action(re.compile(f"^{Action.SET_REMINDERS}"))(reminders.choose)
    app.action(Action.MUTE_METRIC)(alerts.mute)
    app.action(Action.UNMUTE_METRIC)(alerts.unmute)
    _listen_to_parts(app)
    app.function(Step.RECORD)(steps.record)
    app.function(Step.SHIP)(steps.ship)
    app.event("app_mention")(events.mention)
    app.event("app_home_opened")(home.opened)
    app.event("member_joined_channel")(home.membership_changed)
    app.event("member_left_channel")(home.membership_changed)
    app.event("subteam_members_changed")(access.group_changed)
    app.event("channel_archive")(home.channel_changed)
    app.event("channel_unarchive")(home.channel_changed)
    app.event("group_archive")(home.channel_changed)
    app.event("group_unarchive")(home.channel_changed)


def _listen_to_set_up(app: AsyncApp) -> None:
    """The modals in which scorecards are made and edited."""
    app.action(Action.SETUP_NEW)(setup_start.open_new_form)
    app.action(Action.SETUP_EXAMPLES)(setup_start.show_examples)
    app.action(re.compile(f"^{Action.SETUP_EXAMPLE}:"))(setup_start.open_example_form)
    app.action(Action.SETUP_FILE)(setup_file.open_file_form)
    app.action(Action.SETUP_BRING_BACK)(setup_start.bring_back)
    app.action(Action.SETUP_BACK)(setup_start.go_back)
    app.action(Action.SETUP_OPEN)(setup_start.open_menu)
    app.action(Action.SETUP_EDIT)(setup_forms.open_goal_form)
    app.action(Action.SETUP_SCHEDULE)(setup_forms.open_schedule_form)
    app.action(Action.SETUP_RETIRE)(setup.retire)
    app.action(Action.FILES)(tables.open_files)
    app.action(Action.EXPORT_CSV)(tables.export)
    app.action(Action.EXPORT_YAML)(tables.export)
    app.view(Form.TABLE)(tables.look)
    app.view(Form.TABLE_PLAN)(tables.record)
    app.action(Action.SEND_AGAIN)(troubles.send_again)
    app.action(Action.IS_THERE)(troubles.is_there)
    app.view(Form.SETUP_NEW)(setup_start.make)
    app.view(Form.SETUP_EXAMPLE)(setup_start.make_from_example)
    app.action(Action.SETUP_ALERTS)(alerts.open_alerts_form)
    app.view(Form.ALERTS)(alerts.save_alerts)
    app.action(Action.SETUP_ACCESS)(access.open_access_form)
    app.view(Form.ACCESS)(access.save_access)
    app.action(Action.SETUP_LINKS)(links.open_list)
    app.action(re.compile(f"^{Action.NEW_LINK}:"))(links.make)
    app.action(Action.REVOKE_LINK)(links.revoke)
    app.action(Action.SETUP_TOKENS)(tokens.open_list)
    app.action(Action.NEW_TOKEN)(tokens.open_form)
    app.action(Action.REVOKE_TOKEN)(tokens.revoke)
    app.view(Form.TOKEN)(tokens.make)
    app.action(Action.SETUP_HOOKS)(hooks.open_list)
    app.action(Action.NEW_HOOK)(hooks.open_form)
    app.action(Action.EDIT_HOOK)(hooks.open_edit_form)
    app.action(Action.SHOW_HOOK)(hooks.show)
    app.action(Action.REVOKE_HOOK)(hooks.revoke)
    app.view(Form.HOOK)(hooks.save)
    app.view(Form.SETUP_FILE)(setup_file.read)
    app.view(Form.SETUP_LOAD)(setup_file.load)
    app.view(Form.SETUP_GOAL)(setup_forms.save_goal)
    app.view(Form.SETUP_SCHEDULE)(setup_forms.save_schedule)


def _listen_to_parts(app: AsyncApp) -> None:
    """What is done to metrics, work streams and phases."""
    app.action(Action.SETUP_METRICS)(parts.open_list)
    app.action(Action.SETUP_STREAMS)(parts.open_list)
    app.action(Action.SETUP_PHASES)(parts.open_list)
    app.action(re.compile(f"^{Action.SHOW_PARTS}"))(parts.turn_page)
    app.action(re.compile(f"^{Action.MOVE_PART}"))(parts.move)
    app.action(Action.RETIRE_PART)(parts.retire)
    app.action(Action.UNDO_PART)(parts.undo)
    app.action(Action.OPEN_PART_FORM)(parts.open_form)
    app.action(Action.CHOOSE_DRIVERS)(parts.choose_drivers)
    app.view(Form.METRIC)(parts.save)
    app.action(Action.OPEN_SOURCE_FORM)(sources.open_form)
    app.action(Action.CHOOSE_SOURCE_KIND)(sources.choose_kind)
    app.action(Action.TRY_SOURCE)(sources.try_out)
    app.action(Action.REMOVE_SOURCE)(sources.remove)
    app.view(Form.SOURCE)(sources.save)
    app.view(Form.WORK_STREAM)(parts.save)
    app.view(Form.PHASE)(parts.save)


def _authorization(bot: Bot) -> Callable[..., Awaitable[AuthorizeResult]]:
    """The one token there is, for every request, and by whom it acts: Bolt ignores its own events.

    Left to itself Bolt would ask Slack for the token's owner when the first request
    comes, and tell that person to reinstall the app if Slack doesn't answer.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=bot.client.token,
            bot_user_id=bot.identity.user_id,
            bot_id=bot.identity.bot_id,
        )

    return authorize


def _kind(body: Body) -> str:
    return str(body.get("command") or body.get("type") or "a request")


def _fields(body: Body) -> FormState:
    """What stands in a form that was sent; nothing for what is none, or has no fields."""
    try:
        return dict(body["view"]["state"]["values"]) if body["type"] == "view_submission" else {}
    except (KeyError, TypeError, ValueError):
        return {}


def _errors(errors: dict[str, str]) -> BoltResponse:
    """A form that stays open, with what is wrong at its fields."""
    return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})


async def _failure_answer(bot: Bot, body: Body, message: Message) -> BoltResponse:
    """A failure as an answer of the kind that was asked for."""
    if "command" in body:
        answer = {"response_type": "ephemeral", **message.as_payload()}
        return BoltResponse(status=200, body=answer)
    if fields := _fields(body):
        return _errors({first_field(fields): message.text})
    if body.get("type") == "view_submission":
        told = forms.told("KPI", message.text)
        return BoltResponse(status=200, body={"response_action": "update", "view": told})
    if body.get("type") == "block_suggestion":
        return BoltResponse(status=200, body={"options": []})
    if body.get("type") == "block_actions":
        bot.tasks.spawn(bot.tell(body, message))
    return BoltResponse(status=200, body="")
