"""What a person is told about a scorecard file that can't be used: where, what, and the way out."""

import pytest

from app.domain.errors import KpiError
from app.files import FileErrors
from tests.files.telling import HEAD, problems, told

METRIC = """\
metrics:
  - name: Rollbacks
    unit: / day
    baseline: {value: 196, label: Q3 '25, on: 2025-09-30}
    target: 0
"""


def test_a_problem_has_its_line_its_column_its_field_and_a_way_out() -> None:
    text = HEAD + METRIC.replace("target: 0", "target: none")
    (problem,) = problems(text)
    assert (problem.line, problem.column) == (7, 5)
    assert problem.field == "metrics[0].target"
    assert problem.message == (
        "“none” isn't a value. Type a number such as 12, ~12 (about), 5+ (at least), 1,234, "
        "1.2k, 3 / day."
    )


def test_the_message_is_one_line_a_problem_that_an_editor_can_jump_to() -> None:
    [problem] = told("ticket_address: https://tickets.example.com\n")
    assert "such as https://tickets.example.com/browse/{key}." in problem
    assert told("zone: Berlin\nchannel: general\n") == [
        "card.yaml:3: zone: “Berlin” isn't a time zone: did you mean “Europe/Berlin”?",
        (
            "card.yaml:4: channel: “general” isn't a channel ID such as C024BE91L: copy it from "
            "the end of the channel's details in Slack."
        ),
    ]


def test_file_errors_are_messages_for_people() -> None:
    assert issubclass(FileErrors, KpiError)


# --- fields -----------------------------------------------------------------


def test_a_field_that_stands_twice_is_told_with_both_lines() -> None:
    assert told("zone: UTC\nname: Other\n") == [
        "card.yaml:4: name: stands here again; it is on line 1 too."
    ]


def test_a_mistyped_field_gets_a_suggestion() -> None:
    assert told(METRIC + "    targt: 3\n") == [
        "card.yaml:8: metrics[0].targt: unknown field “targt”: did you mean “target”?"
    ]


def test_an_unknown_field_without_a_close_one_gets_the_list() -> None:
    assert told("phases:\n  - {name: A, window: Q2 2026, needs: {people: [x]}}\n") == [
        "card.yaml:4: phases[0].needs.people: unknown field “people”: there is phases, milestones."
    ]


def test_a_field_name_is_a_word() -> None:
    assert told("? [a, b]\n: c\n") == ["card.yaml:3: A field's name is a plain word before “:”."]


def test_missing_fields_are_told_where_their_entry_begins_with_an_example() -> None:
    assert told("metrics:\n  - name: Rollbacks\n    unit: / day\n") == [
        (
            "card.yaml:4: metrics[0].baseline: is missing: write it as "
            "baseline: {value: 196, label: Q3 '25, on: 2025-09-30}"
        ),
        "card.yaml:4: metrics[0].target: is missing: write it as target: 0",
    ]


def test_an_empty_text_is_told_like_a_missing_one() -> None:
    assert told('work_streams:\n  - name: " "\n') == [
        "card.yaml:4: work_streams[0].name: is empty: write it as name: Recompute engine"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "metrics: rollbacks",
            "metrics: needs a list: write each entry on its own line after “- ”.",
        ),
        ("work_streams: [PDE]", "work_streams[0]: needs fields, written as name: value."),
        ("digest: monday", "digest: needs fields, written as name: value."),
        ("zone: [UTC]", "zone: needs one value."),
        ("possibilities: [[a]]", "possibilities[0]: needs one value."),
        ("work_streams: [{name: x}, ]\nmilestones: [~]", "milestones[0]: needs fields, written as"),
    ],
)
def test_the_wrong_kind_of_value_is_told_with_the_right_one(text: str, words: str) -> None:
    (line,) = told(text)
    assert words in line


@pytest.mark.parametrize(
    ("field", "length", "most"), [("name", 81, 80), ("detail", 2_001, 2_000), ("title", 151, 150)]
)
def test_a_text_that_is_too_long_is_told_with_both_lengths(
    field: str, length: int, most: int
) -> None:
    entry = (
        "phases:\n  - window: Q2 2026\n"
        if field == "name"
        else "milestones:\n  - status: planned\n"
    )
    title = "    title: T\n" if field == "detail" else ""
    assert told(f"{entry}{title}    {field}: {'x' * length}\n")[-1].endswith(
        f".{field}: has {length} characters; at most {most} are possible."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-02-30", "“2026-02-30” doesn't exist in the calendar or on the clock."),
        ("28.3.2026", "“28.3.2026” isn't a date: write it as 2026-03-28."),
        ("20260328", "“20260328” isn't a date: write it as 2026-03-28."),
        ("0001-01-01", "The year 1 lies outside 1900 to 2999."),
    ],
)
def test_a_date_that_is_none(text: str, words: str) -> None:
    assert told(f"milestones:\n  - title: A\n    due_on: {text}\n") == [
        f"card.yaml:5: milestones[0].due_on: {words}"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("yesterday", "“yesterday” is neither a date nor a time: write it as 2026-03-16 or "),
        ("2026-03-16 24:30", "“2026-03-16 24:30” doesn't exist in the calendar or on the clock."),
        ("2026-02-30", "“2026-02-30” doesn't exist in the calendar or on the clock."),
    ],
)
def test_a_reading_needs_a_time_that_exists(text: str, words: str) -> None:
    (line,) = told(METRIC + f"    readings:\n      - {{value: 12, at: {text}}}\n")
    assert line.startswith(f"card.yaml:9: metrics[0].readings[0].at: {words}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zone: europe/berlin", "“europe/berlin” isn't a time zone: did you mean “Europe/Berlin”?"),
        ("zone: ../secrets", "“../secrets” isn't a time zone"),
        ("zone: x", "“x” isn't a time zone"),
        ("zone: Europe", "“Europe” isn't a time zone"),
        ("digest: {day: mondy}", "“mondy” isn't known here: did you mean “monday”?"),
        ("digest: {time: 9 am}", "“9 am” isn't a time of day: write it as 09:00 or 17:30."),
        ("digest: {time: 24:00}", "“24:00” isn't a time of day: write it as 09:00 or 17:30."),
        ("key: Billing!", "“Billing!” can't be a key: use small letters, digits and single"),
        (METRIC + "    owner: '@ana'", "“@ana” isn't a member ID such as U024BE7LH: copy it from"),
        (METRIC + "    fresh_days: two weeks", "“two weeks” isn't a number of days"),
        (METRIC + "    fresh_days: 0", "“0” isn't a number of days from 1 to 9999"),
        ("milestones: [{title: A, status: in progress}]", "did you mean “in_progress”?"),
        ("milestones: [{title: A, links: [wiki]}]", "“wiki” isn't a link: it begins with https://"),
        ("phases: [{name: A, window: spring}]", "“spring” isn't a target window. Write it as Q2"),
        ("phases: [{name: A, window: Q1 2026, status: don}]", "did you mean “done”?"),
    ],
)
def test_a_field_teaches_its_form(text: str, words: str) -> None:
    (line,) = told(text)
    assert words in line


# --- what the entries mean --------------------------------------------------


@pytest.mark.parametrize("key", ["update", "ship", "help"])
def test_a_word_of_the_command_is_no_metric_key(key: str) -> None:
    text = METRIC.replace("- name", f"- key: {key}\n    name")
    assert told(text) == [
        (
            f"card.yaml:4: metrics[0].key: “{key}” is a word of /kpi and can't be a metric's key: "
            "take another."
        )
    ]


def test_a_metric_whose_baseline_is_its_target_has_no_way_to_go() -> None:
    assert told(METRIC.replace("target: 0", "target: 196.0")) == [
        (
            "card.yaml:7: metrics[0].target: “Rollbacks” has the same baseline and target (196.0): "
            "there is no way to go. Change one of them."
        )
    ]


def test_a_target_is_exact() -> None:
    assert told(METRIC.replace("target: 0", "target: ~0")) == [
        (
            "card.yaml:7: metrics[0].target: “~0” isn't exact, but a target is: write it without "
            "~ and +."
        )
    ]


def test_a_target_date_lies_after_the_baseline() -> None:
    (line,) = told(METRIC + "    target_on: 2025-09-30\n")
    assert line.startswith("card.yaml:8: metrics[0].target_on: “Rollbacks” has its target date")


def test_values_that_do_not_fit_their_unit_are_each_told() -> None:
    readings = "    readings:\n      - {value: 12%, at: 2026-01-01}\n      - {value: a, at: b}\n"
    lines = told(METRIC + readings)
    assert lines[0].startswith("card.yaml:9: metrics[0].readings[0].value: “%” doesn't fit")
    assert lines[1].startswith("card.yaml:10: metrics[0].readings[1].value: “a” isn't a value.")
    assert lines[2].startswith("card.yaml:10: metrics[0].readings[1].at: “b” is neither")


def test_only_a_shipped_milestone_has_a_ship_date() -> None:
    assert told("milestones:\n  - title: A\n    shipped_on: 2026-03-01\n") == [
        "card.yaml:5: milestones[0].shipped_on: “A” has a ship date but is planned."
    ]


# --- references -------------------------------------------------------------


def test_every_unknown_reference_is_told_at_its_own_line() -> None:
    text = f"""\
work_streams:
  - name: Domain events
{METRIC}\
    drivers:
      - work_stream: domain-event
    readings:
      - {{value: 3, at: 2026-03-16, milestone: reversal}}
milestones:
  - title: Reversal logic
    work_streams: [billing]
phases:
  - name: Steps
    window: Q2 2026
    needs:
      phases:
        - stepps
      milestones:
        - shore-up
"""
    assert told(text) == [
        (
            "card.yaml:11: metrics[0].drivers[0].work_stream: there is no work stream "
            "“domain-event”: did you mean “domain-events”?"
        ),
        (
            "card.yaml:13: metrics[0].readings[0].milestone: there is no milestone “reversal”: "
            "did you mean “reversal-logic”?"
        ),
        (
            "card.yaml:16: milestones[0].work_streams[0]: there is no work stream “billing”: "
            "there is domain-events."
        ),
        (
            "card.yaml:22: phases[0].needs.phases[0]: there is no phase “stepps”: "
            "did you mean “steps”?"
        ),
        (
            "card.yaml:24: phases[0].needs.milestones[0]: there is no milestone “shore-up”: "
            "there is reversal-logic."
        ),
    ]


def test_a_reference_into_nothing_says_that_there_is_none() -> None:
    (line,) = told("milestones: [{title: A, work_streams: [pde]}]\n")
    assert line.endswith("there is no work stream “pde”: there is none in this file.")


def test_a_key_that_is_used_twice_is_told_at_the_second_entry() -> None:
    assert told("work_streams:\n  - {key: pde, name: PDE}\n  - {key: pde, name: Other}\n") == [
        "card.yaml:5: work_streams[1].key: “pde” is the key of another entry above: take another."
    ]


def test_phases_that_wait_for_each_other_are_named_in_a_circle() -> None:
    text = """\
phases:
  - {name: First, window: Q1 2026}
  - {name: Split, window: Q2 2026, needs: {phases: [collect]}}
  - {name: Collect, window: Q2 2026, needs: {phases: [first, checkout]}}
  - {name: Checkout, window: Q3 2026, needs: {phases: [split]}}
"""
    (line,) = told(text)
    circles = {
        "Split → Collect → Checkout → Split",
        "Collect → Checkout → Split → Collect",
        "Checkout → Split → Collect → Checkout",
    }
    shown = line.split("in a circle: ")[1].removesuffix(". Remove one of these.")
    assert shown in circles
    at = {"Split": 5, "Collect": 6, "Checkout": 7}[shown.split(" → ", maxsplit=1)[0]]
    assert line.startswith(f"card.yaml:{at}: phases[{at - 4}].needs: phases can't wait for")


def test_problems_of_all_kinds_are_told_at_once_in_the_order_of_the_file() -> None:
    text = """\
goal: Pay first.
zone: Mars/Olympus
zone: UTC
metrics:
  - name: A
    targt: 3
    baseline: {value: many, label: Q3, on: 2026-02-30}
    drivers: [{work_stream: pde}]
  - name: B
    baseline: {value: 1, label: Q3, on: 2026-02-20}
    target: 1
phases:
  - {name: P, window: Q1 2026, needs: {phases: [p]}}
"""
    assert [(problem.line, problem.field) for problem in problems(text)] == [
        (1, "name"),
        (3, "zone"),
        (5, "metrics[0].target"),
        (6, "metrics[0].targt"),
        (7, "metrics[0].baseline.value"),
        (7, "metrics[0].baseline.on"),
        (8, "metrics[0].drivers[0].work_stream"),
        (11, "metrics[1].target"),
        (13, "phases[0].needs"),
    ]


def test_what_an_entry_names_twice_is_told_at_the_second_place() -> None:
    text = """\
work_streams:
  - {key: pde, name: PDE}
milestones:
  - title: Two of a kind
    work_streams: [pde, pde]
phases:
  - {name: Wait, window: Q1 2026, needs: {milestones: [two-of-a-kind, two-of-a-kind]}}
"""
    assert told(text) == [
        "card.yaml:7: milestones[0].work_streams[1]: “pde” stands here twice: remove one of them.",
        (
            "card.yaml:9: phases[0].needs.milestones[1]: “two-of-a-kind” stands here twice: "
            "remove one of them."
        ),
    ]


def test_a_second_reading_of_one_instant_is_told() -> None:
    readings = (
        "    readings:\n      - {value: 3, at: 2026-03-16}\n      - {value: 4, at: 2026-03-16}\n"
    )
    (line,) = told(METRIC + readings)
    assert line.endswith("readings[1].at: “2026-03-16” stands here twice: remove one of them.")
