"""What the inspector says of an exchange in words, whatever is in it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.playground import Entry
from app.playground.blocks import Json
from app.playground.page.html.copies import documentation
from app.playground.page.html.exchanges import about, duration
from app.playground.page.html.inspector import copies, facts, row
from tests.playground.blocks import button, modal

NAMES = {"C1": "billing", "U1": "Ana Beck", "D1": ""}


def _of(kind: Any, method: str, payload: Any) -> Entry:
    return Entry(kind, method, payload, started=0.0)


def _interaction(kind: str, **more: Any) -> Json:
    return {"type": kind, "user": {"id": "U1"}, **more}


FIELDS = [
    *("type", "event", "user", "user_id", "channel", "view", "title", "text", "actions", "blocks"),
    *("action_id", "command", "callback_id", "value", "response_type", "token"),
]
any_json = st.recursive(
    st.none() | st.integers() | st.sampled_from(["button", "block_actions", "[", "{}", "<b>", ""]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5)
    ),
    max_leaves=12,
)


class TestInWords:
    @given(
        kind=st.sampled_from(["call", "delivery", "response_url"]),
        method=st.sampled_from(["slash_commands", "interactive", "events_api", "api.test"]),
        payload=st.dictionaries(st.sampled_from(FIELDS), any_json),
    )
    def test_whatever_was_sent_is_shown(self, kind: Any, method: str, payload: Json) -> None:
        entry = _of(kind, method, payload)
        time = datetime(2026, 3, 16, 9, tzinfo=UTC)

        assert str(row(entry, NAMES, time, is_open=False)).startswith("<tr")
        assert str(facts(entry, time)).startswith("<dl")
        assert str(copies(entry, "http://127.0.0.1/api/")).startswith("<div")

    @pytest.mark.parametrize(
        ("entry", "words"),
        [
            (_of("call", "chat.postMessage", {"channel": "C1"}), "chat.postMessage → #billing"),
            (
                _of("call", "chat.postMessage", {"channel": "D1"}),
                "chat.postMessage → direct message",
            ),
            (_of("call", "views.publish", {"user_id": "U1"}), "views.publish → Ana Beck"),
            (_of("call", "auth.test", {}), "auth.test"),
            (
                _of("delivery", "slash_commands", {"command": "/kpi", "text": "update x"}),
                "/kpi update x",
            ),
            (_of("delivery", "slash_commands", {"command": "/kpi", "text": ""}), "/kpi"),
            (
                _of(
                    "delivery",
                    "interactive",
                    _interaction("block_actions", actions=[button("undo", "Undo")]),
                ),
                "click: Undo",
            ),
            (
                _of(
                    "delivery",
                    "interactive",
                    _interaction(
                        "block_actions", actions=[{"type": "static_select", "action_id": "metric"}]
                    ),
                ),
                "choice: metric",
            ),
            (
                _of(
                    "delivery",
                    "interactive",
                    _interaction("view_submission", view=modal(title="Log a milestone")),
                ),
                "view_submission: Log a milestone",
            ),
            (
                _of("delivery", "interactive", _interaction("shortcut", callback_id="log")),
                "shortcut: log",
            ),
            (
                _of("delivery", "interactive", _interaction("block_suggestion", value="roll")),
                "block_suggestion: “roll”",
            ),
            (
                _of(
                    "delivery",
                    "events_api",
                    {"event": {"type": "app_mention", "channel": "C1", "user": "U1"}},
                ),
                "app_mention in #billing",
            ),
            (_of("response_url", "response_url", {"text": "x"}), "response_url: message"),
            (
                _of("response_url", "response_url", {"replace_original": True}),
                "response_url: replace the original",
            ),
            (_of("upload", "upload", {"bytes": 12345}), "upload of 12,345 bytes"),
            (_of("download", "download", "/files-pri/T1-F1/a.csv"), "download of a.csv"),
            (_of("connection", "hello", {}), "connected"),
            (
                _of("connection", "disconnect", {"reason": "warning"}),
                "asked to reconnect (warning)",
            ),
        ],
        ids=lambda each: each if isinstance(each, str) else "",
    )
    def test_what_it_is_about(self, entry: Entry, words: str) -> None:
        assert about(entry, NAMES) == words

    def test_a_long_command_is_cut(self) -> None:
        entry = _of("delivery", "slash_commands", {"command": "/kpi", "text": "x" * 3000})
        assert len(about(entry, NAMES)) == 80

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(0.0004, "0.4 ms"), (0.0123, "12 ms"), (1.26, "1.3 s"), (61.0, "61 s")],
    )
    def test_how_long_it_took(self, seconds: float, words: str) -> None:
        assert duration(seconds) == words

    @pytest.mark.parametrize(
        ("entry", "page"),
        [
            (_of("call", "views.open", {}), "reference/methods/views.open"),
            (_of("delivery", "slash_commands", {}), "interactivity/implementing-slash-commands"),
            (
                _of("delivery", "interactive", _interaction("block_actions")),
                "reference/interaction-payloads/block_actions-payload",
            ),
            (
                _of("delivery", "events_api", {"event": {"type": "app_home_opened"}}),
                "reference/events/app_home_opened",
            ),
        ],
    )
    def test_where_to_read_about_it(self, entry: Entry, page: str) -> None:
        assert documentation(entry) == f"https://docs.slack.dev/{page}"
