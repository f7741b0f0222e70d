"""Names that Slack hands back to us: actions, forms and their fields."""

import json
import re
from enum import StrEnum
from typing import Any, TypeVar

from app.domain.errors import BadInput

Read = TypeVar("Read")
Named = TypeVar("Named", bound=StrEnum)

COMMAND = "/kpi"
DELIVERY_EVENT = "kpi_delivery"
"""The type of the metadata that marks a message as one of our deliveries."""


class Action(StrEnum):
    SHOW_METRIC = "show_metric"
    SHOW_PAGE = "show_page"
    HOME_PAGE = "home_page"
    SHOW_ROADMAP = "show_roadmap"
    SHOW_HISTORY = "show_history"
    SHOW_MILESTONES = "show_milestones"
    SHARE_PAGE = "share_page"
    SHARE_METRIC = "share_metric"
    SHARE_ROADMAP = "share_roadmap"
    UNDO = "undo"
    UNDO_ONE = "undo_one"
    """One of several, so that the others can still be undone."""
    UPDATE = "update"
    SHOW_MILESTONE = "show_milestone"
    EDIT_MILESTONE = "edit_milestone"
    CHOOSE_STATUS = "choose_status"
    SHIP = "ship"
    SHIP_PLANNED = "ship_planned"
    CHOOSE_METRICS = "choose_metrics"
    CHOOSE_WORK_STREAMS = "choose_work_streams"
    CHOOSE_PHASE = "choose_phase"
    CHOOSE_SCORECARD = "choose_scorecard"
    SETUP_EDIT = "setup_edit"
    SETUP_METRICS = "setup_metrics"
    SETUP_STREAMS = "setup_streams"
    SETUP_PHASES = "setup_phases"
    SETUP_SCHEDULE = "setup_schedule"
    SETUP_ACCESS = "setup_access"
    SETUP_LINKS = "setup_links"
    SETUP_TOKENS = "setup_tokens"
    SETUP_ALERTS = "setup_alerts"
    SETUP_RETIRE = "setup_retire"
    FILES = "setup_files"
    EXPORT_CSV = "export_csv"
    EXPORT_YAML = "export_yaml"
    SET_REMINDERS = "set_reminders"
    SETUP_NEW = "setup_new"
    SETUP_EXAMPLES = "setup_examples"
    SETUP_EXAMPLE = "setup_example"
    SETUP_FILE = "setup_file"
    SETUP_BRING_BACK = "setup_bring_back"
    SETUP_BACK = "setup_back"
    SETUP_OPEN = "setup_open"
    CHOOSE_ZONE = "choose_zone"
    CHOOSE_GROUPS = "choose_groups"
    NEW_LINK = "new_link"
    REVOKE_LINK = "revoke_link"
    CHOOSE_REACH = "choose_reach"
    SETUP_HOOKS = "setup_hooks"
    NEW_HOOK = "new_hook"
    EDIT_HOOK = "edit_hook"
    SHOW_HOOK = "show_hook"
    REVOKE_HOOK = "revoke_hook"
    NEW_TOKEN = "new_token"  # noqa: S105 (a word)
    REVOKE_TOKEN = "revoke_token"  # noqa: S105 (a word)
    SHOW_PARTS = "show_parts"
    OPEN_PART_FORM = "open_part_form"
    MOVE_PART = "move_part"
    RETIRE_PART = "retire_part"
    UNDO_PART = "undo_part"
    CHOOSE_DRIVERS = "choose_drivers"
    CHOOSE_NEEDS = "choose_needs"
    OPEN_SOURCE_FORM = "open_source_form"
    CHOOSE_SOURCE_KIND = "choose_source_kind"
    TRY_SOURCE = "try_source"
    REMOVE_SOURCE = "remove_source"
    MUTE_METRIC = "mute_metric"
    UNMUTE_METRIC = "unmute_metric"
    LOG_OFFER = "log_offer"
    EDIT_OFFER = "edit_offer"
    DECLINE_OFFER = "decline_offer"
    SEND_AGAIN = "send_again"
    IS_THERE = "is_there"
    INPUT = "input"


class Form(StrEnum):
    SHIP = "ship_milestone"
    UPDATE = "update_metrics"
    PLAN = "plan_milestone"
    EDIT = "edit_milestone_form"
    CHOOSE_SCORECARD = "choose_scorecard_form"
    ACCESS = "access_form"
    ALERTS = "alerts_form"
    SETUP = "setup"
    SETUP_NEW = "setup_new_form"
    SETUP_EXAMPLE = "setup_example_form"
    SETUP_FILE = "setup_file_form"
    SETUP_LOAD = "setup_load_form"
    TABLE = "table_form"
    TABLE_PLAN = "table_plan_form"
    SETUP_GOAL = "setup_goal_form"
    LINKS = "links"
    PARTS = "parts"
    HOOKS = "hooks"
    HOOK = "hook_form"
    TOKENS = "tokens"
    TOKEN = "token_form"  # noqa: S105 (a word)
    METRIC = "metric_form"
    WORK_STREAM = "work_stream_form"
    PHASE = "phase_form"
    SOURCE = "source_form"
    SETUP_SCHEDULE = "setup_schedule_form"


class Shortcut(StrEnum):
    """Callback ids of the shortcuts in manifest.yml."""

    LOG_MILESTONE = "log_milestone"
    LOG_MESSAGE = "log_message_as_milestone"


class Step(StrEnum):
    """Callback ids of the workflow steps in manifest.yml."""

    RECORD = "record_reading"
    SHIP = "log_shipped_milestone"


class Field(StrEnum):
    """Block ids of our forms; `value_field` and `focus_field` make those of a metric or stream."""

    TITLE = "title"
    DETAIL = "detail"
    WORK_STREAMS = "work_streams"
    SHIPPED_ON = "shipped_on"
    DUE_ON = "due_on"
    STATUS = "status"
    PHASE = "phase"
    LINKS = "links"
    TICKETS = "tickets"
    METRICS = "metrics"
    NOTE = "note"
    AT = "at"
    SCORECARD = "scorecard"
    NAME = "name"
    GOAL = "goal"
    FILE = "file"
    POSSIBILITIES = "possibilities"
    TICKET_ADDRESS = "ticket_address"
    ON_TRACK_FROM = "on_track_from"
    AT_RISK_FROM = "at_risk_from"
    CHANNEL = "channel"
    DAY = "day"
    TIME = "time"
    ZONE = "zone"
    TEST_POST = "test_post"
    OWNERS = "owners"
    EDITORS = "editors"
    VIEWERS = "viewers"
    ALLOWED = "allowed"
    SCORECARDS = "scorecards"
    MAY = "may"
    FORGE = "forge"
    REPOSITORIES = "repositories"
    LABEL = "label"
    TAKEN = "taken"
    MODE = "mode"
    UNIT = "unit"
    BASELINE = "baseline"
    BASELINE_LABEL = "baseline_label"
    BASELINE_ON = "baseline_on"
    KIND = "kind"
    TARGET = "target"
    TARGET_ON = "target_on"
    CURRENT = "current"
    OWNER = "owner"
    FRESH_DAYS = "fresh_days"
    DRIVERS = "drivers"
    WINDOW = "window"
    DESCRIPTION = "description"
    STATE = "state"
    DONE_ON = "done_on"
    NEEDS = "needs"
    PERSON = "person"
    QUIET = "quiet"
    QUIET_FROM = "quiet_from"
    QUIET_UNTIL = "quiet_until"
    DATABASE = "database"
    ADDRESS = "address"
    QUERY = "query"
    HEADERS = "headers"
    TIMES = "times"
    EVERY = "every"
    TRIED = "tried"


class Allowed(StrEnum):
    """Who else may be an editor, under the names of the fields of a scorecard's access."""

    STRANGERS = "strangers_edit"
    WORKFLOWS = "workflows_edit"


class MayDo(StrEnum):
    """What a token may do."""

    READ = "read"
    READ_AND_WRITE = "read_and_write"


class AlsoTaken(StrEnum):
    """What a hook takes beside merged changes."""

    RELEASES = "releases"


class QuietAt(StrEnum):
    """When no alert goes out."""

    NIGHT = "night"
    WEEKENDS = "weekends"


class SendTest(StrEnum):
    """When a test post goes out before a digest's schedule is saved."""

    IF_NEW = "if_new"
    ALWAYS = "always"
    NEVER = "never"


NO_METRIC = "-"
"""What the button to log a milestone carries where it is about no metric; never a key."""


def about(scorecard: str | None, subject: str) -> str:
    """What a button carries: a metric or a page, and the scorecard that it is of.

    Without a scorecard it is that of the channel in which the button is clicked. Keys hold no `/`.
    """
    return f"{scorecard}/{subject}" if scorecard else subject


def read_about(value: str) -> tuple[str | None, str]:
    """The scorecard and the subject that a button carries."""
    scorecard, _, subject = value.rpartition("/")
    return scorecard or None, subject


class OutOfDate(BadInput):
    """What a button or a form carries was made by another version of the bot, or is gone."""

    def __init__(self) -> None:
        super().__init__("This is out of date. Type /kpi to see how things stand now.")


_NUMBER = re.compile("[0-9]{1,9}")


def read_number(value: str) -> int:
    """The page or the change that a button carries; raises `OutOfDate`."""
    if _NUMBER.fullmatch(value) is None:
        raise OutOfDate
    return int(value)


def read_choice(kind: type[Named], value: str) -> Named:
    """The one of its kind that a button or an option carries; raises `OutOfDate`."""
    try:
        return kind(value)
    except ValueError as error:
        raise OutOfDate from error


def read_metadata(kind: type[Read], metadata: str) -> Read:
    """What a form carries; raises `OutOfDate` for one that another version has opened."""
    try:
        fields: dict[str, Any] = json.loads(metadata)
        return kind(**fields)
    except (ValueError, TypeError, RecursionError) as error:
        raise OutOfDate from error


_VALUE = "value:"


def value_field(metric: str) -> str:
    return f"{_VALUE}{metric}"


def alert_field(kind: str) -> str:
    """The field with where alerts of a kind go."""
    return f"alert:{kind}"


def groups_field(role: str) -> str:
    """The field with the user groups of a role, beside that with its people."""
    return f"{role}_groups"


def focus_field(work_stream: str) -> str:
    return f"focus:{work_stream}"
