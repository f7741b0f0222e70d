"""The form of what feeds a metric, with a way to try it before it is saved."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.edits import PartKind
from app.domain.scorecards import MetricState
from app.domain.sources import MOST_QUERY_LENGTH, Question, Source, SourceKind
from app.domain.values import Value
from app.slack.blocks import figures, forms, kit
from app.slack.blocks.kit import Block, bold, escaped
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.part_names import part_name
from app.slack.blocks.setup_fields import changed_meanwhile, confirmed
from app.slack.blocks.sources import source_line
from app.slack.ids import Action, Field, Form

TITLE = "Source"
MOST_ADDRESS_LENGTH = 2_000
MOST_TIMES_LENGTH = 40
MOST_EVERY_LENGTH = 40
ASKING = "Asking…"

_KINDS: Mapping[SourceKind, str] = {
    SourceKind.SQL: "A SQL query to a database",
    SourceKind.PROMQL: "A PromQL query to a Prometheus server",
    SourceKind.JSON: "A JSON document at an address",
}
_QUERIES: Mapping[SourceKind, tuple[str, str]] = {
    SourceKind.SQL: ("SQL query", "It gives one row with one number."),
    SourceKind.PROMQL: ("PromQL query", "It gives one number, such as sum(rollbacks)."),
    SourceKind.JSON: ("JMESPath expression", "Where the number stands, such as builds.failed."),
}
_NO_DATABASE = (
    "The operator has named no database yet: each takes a setting such as "
    "`KPI_SOURCE_DATABASE_SHOP`."
)
_NO_ADDRESS = (
    "The operator has allowed no address yet: `KPI_SOURCE_ADDRESSES` takes a list of hosts."
)


def source_form(
    state: MetricState,
    place: FormPlace,
    databases: Sequence[str],
    *,
    allows_addresses: bool,
    kind: SourceKind | None = None,
    told: str = "",
    is_changed: bool = False,
) -> dict[str, Any]:
    """The form of a metric's source, empty or as it is.

    `databases` are those that may be asked. `kind` is the one that is chosen by now, `told` what
    came of trying it, in mrkdwn; `is_changed` if somebody saved another source meanwhile.
    """
    source = state.metric.source
    if kind is None:
        first = SourceKind.SQL if databases or not allows_addresses else SourceKind.JSON
        kind = source.question.kind if source else first
    known = source.question if source and source.question.kind is kind else None
    goes = [kit.context(source_line(state))] if source else []
    return forms.modal(
        TITLE,
        Form.SOURCE,
        [
            kit.section(f"What records {bold(state.metric.name)} by itself."),
            *goes,
            *changed_meanwhile([source_line(state) or "It has no source now."] * is_changed),
            *_fields(kind, known, databases, allows_addresses=allows_addresses),
            *_times_and_rhythm(source),
            kit.actions(*_buttons(state)),
            *([{**kit.section(told), "block_id": Field.TRIED}] if told else []),
        ],
        submit="Save",
        metadata=place.as_metadata(),
    )


def _fields(
    kind: SourceKind, known: Question | None, databases: Sequence[str], *, allows_addresses: bool
) -> list[Block]:
    label, hint = _QUERIES[kind]
    query = forms.text_input(
        Action.INPUT,
        initial=known.query if known else "",
        most=MOST_QUERY_LENGTH,
        multiline=True,
    )
    is_sql = kind is SourceKind.SQL
    place = _database(known, databases) if is_sql else _address(known, is_allowed=allows_addresses)
    return [
        forms.field(Field.KIND, "What is asked", _kind_input(kind), dispatches=True),
        *place,
        forms.field(Field.QUERY, label, query, hint=hint),
        *([] if is_sql else [_headers(known)]),
    ]


def _kind_input(initial: SourceKind) -> Block:
    options = {kind: kit.option(kind.value, label) for kind, label in _KINDS.items()}
    return {
        "type": "static_select",
        "action_id": Action.CHOOSE_SOURCE_KIND,
        "options": list(options.values()),
        "initial_option": options[initial],
    }


def _database(known: Question | None, databases: Sequence[str]) -> list[Block]:
    """The databases there are; what a source names that isn't there any more has to be chosen
    anew."""
    if not databases:
        return [kit.section(_NO_DATABASE)]
    shown = databases[: kit.MOST_OPTIONS]
    select = kit.choice(Action.INPUT, dict(zip(shown, shown, strict=True)), placeholder="Choose")
    name = known.place.strip().lower() if known else ""
    if name in shown:
        select["initial_option"] = kit.option(name, name)
    return [forms.field(Field.DATABASE, "Database", select)]


def _address(known: Question | None, *, is_allowed: bool) -> list[Block]:
    text = forms.text_input(
        Action.INPUT,
        initial=known.place if known else "",
        most=MOST_ADDRESS_LENGTH,
        placeholder="https://prometheus.example.com",
    )
    missing = [] if is_allowed else [kit.section(_NO_ADDRESS)]
    return [*missing, forms.field(Field.ADDRESS, "Address", text)]


def _headers(known: Question | None) -> Block:
    headers = known.headers if known else {}
    text = forms.text_input(
        Action.INPUT,
        initial="\n".join(f"{name}: {value}" for name, value in headers.items()),
        most=kit.MOST_SECTION_LENGTH,
        multiline=True,
        placeholder="Authorization: Bearer ${CI_TOKEN}",
    )
    hint = "One a line. A secret stands in it by the name that the operator gave it: ${NAME}."
    return forms.field(Field.HEADERS, "Headers", text, hint=hint, optional=True)


def _times_and_rhythm(source: Source | None) -> list[Block]:
    times = source.question.times if source else None
    factor = forms.text_input(
        Action.INPUT,
        initial=f"{times:f}" if times is not None and times != 1 else "",
        most=MOST_TIMES_LENGTH,
        placeholder="100",
    )
    every = forms.text_input(
        Action.INPUT, initial=str(source.every) if source else "1h", most=MOST_EVERY_LENGTH
    )
    return [
        forms.field(
            Field.TIMES,
            "Multiply by",
            factor,
            hint="100 for a share that is to be read in percent.",
            optional=True,
        ),
        forms.field(
            Field.EVERY,
            "How often",
            every,
            hint="15m, 6h, daily at 07:00 or mondays at 07:00, in the scorecard's time zone.",
        ),
    ]


def _buttons(state: MetricState) -> list[Block]:
    key = part_name(PartKind.METRIC, state.metric.key)
    attempt = kit.button("Try it", Action.TRY_SOURCE, key)
    if state.metric.source is None:
        return [attempt]
    remove = confirmed(
        kit.button("Remove the source", Action.REMOVE_SOURCE, key),
        "Remove this source?",
        "The metric is recorded by people alone. Its readings stay, and it can be undone.",
        "Remove",
    )
    return [attempt, remove]


def tried(state: MetricState, value: Value) -> str:
    """What a source gives, beside what the metric has now: `It gives *9*; now ~12, target 0`."""
    gives = f"✓ It gives {bold(state.metric.shown(value))}"
    now = f"now {figures.current(state)}" if state.current else "no reading yet"
    return f"{gives}; {now}, {figures.target(state)}. Nothing is recorded until you save."


def not_tried(reason: str) -> str:
    return f"⚠ {escaped(reason)}"


def removed_view(name: str) -> dict[str, Any]:
    """What stands in the place of the form once the source is removed."""
    told = f"{bold(name)} has no source any more. Its readings stay; undo it from the history."
    return forms.told(TITLE, told)
