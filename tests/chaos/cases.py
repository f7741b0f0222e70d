"""What is sent: real payloads with something else in them, commands, and bodies of any kind."""

import copy
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from app.playground.envelopes import EnvelopeType
from app.slack import grammar
from app.slack.ids import Action, Form
from tests.chaos.seeds import Json, Seed

Path = tuple[str | int, ...]


class Sort(StrEnum):
    """How far a case is from what Slack sends, and so what may be expected of the answer."""

    COMMAND = "command"
    """Any words behind /kpi."""
    WORDS = "words"
    """The shape is Slack's; what people typed, and what buttons and forms carry, is anything."""
    OLD = "old"
    """A button or a form of another version of the bot."""
    CROSSED = "crossed"
    """Any action or form of the bot's, where it never stands, with what any other one carries."""
    SHAPE = "shape"
    """Fields are missing, or hold what Slack never puts there."""
    BODY = "body"
    """Signed bytes."""

    @property
    def is_slacks(self) -> bool:
        """Whether people could cause it, so that they have to be answered in plain words."""
        return self in {Sort.COMMAND, Sort.WORDS, Sort.OLD}


@dataclass(frozen=True)
class Case:
    """One thing to send; `body` is what goes over HTTP, the payload what goes over a socket."""

    sort: Sort
    name: str
    envelope: EnvelopeType
    payload: Json
    raw: bytes | None = None

    def body(self) -> tuple[bytes, str]:
        """The body and its content type."""
        if self.raw is not None:
            return self.raw, _JSON if self.envelope == "events_api" else _FORM
        if self.envelope == "slash_commands":
            return urlencode(self.payload, errors="surrogatepass").encode(), _FORM
        text = json.dumps(self.payload)
        if self.envelope == "interactive":
            return urlencode({"payload": text}).encode(), _FORM
        return text.encode(), _JSON


_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"

NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202egnihton\u202c",
    "\u200b",
    "\u0301" * 50,
    "__proto__",
    "constructor",
    "null",
    "NaN",
    "-1",
    "1e999999",
    "9" * 400,
    "²",
    "٣",
    "../../etc/passwd",
    "'; DROP TABLE metrics; --",
    "<!channel> <@U0BOB> <https://evil.example|here>",
    "{}",
    "[]",
    "{" * 2_000,
    '{"scorecard": "gone", "channel": null}',
    '{"scorecard": null, "channel": 7, "unknown": true}',
    "gone/rollbacks",
    "billing/gone",
    "billing/rollbacks",
    "billing/0",
    "billing/99999999999999999999",
    "billing/-1",
    "billing/older:99999999999999999999",
    "99999999999999999999",
    "0",
    "metric",
    "metric gone",
    "phase one-code-path",
    "x" * 4_000,
    "😀" * 1_000,
    "\n" * 500,
    "C0000000002",
    "U0000000001",
)

_WORDS = st.one_of(st.sampled_from(NASTY), st.text(max_size=80))
_ANYTHING: SearchStrategy[Any] = st.one_of(
    _WORDS,
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**40), max_value=10**40),
    st.floats(allow_nan=False),
    st.lists(_WORDS, max_size=3),
    st.dictionaries(_WORDS, _WORDS, max_size=3),
    st.just([[[[{"a": [[[]]]}]]]]),
    st.just({"__proto__": {"admin": True}}),
)
_WORDS_OF_ANA = re.findall(
    r"\S+",
    """rollbacks bad debt dunning ~12 5+ 78% 1,234 1.2k 3 / day preview now schedule shipped since
    this week late <@U0000000001|ana> <#C0000000002|billing> <https://a.example|a> − ~""",
)
_SPOKEN = st.one_of(st.sampled_from((*grammar.WORDS, *_WORDS_OF_ANA)), _WORDS)
_TYPED = st.lists(_SPOKEN, max_size=6).map(" ".join)

_FREE = frozenset({"text", "value", "private_metadata"})
"""What people type, and what the bot gave to buttons, options and forms."""


def cases(seeds: Sequence[Seed], sorts: Sequence[Sort] = tuple(Sort)) -> SearchStrategy[Case]:
    """Cases of these sorts, each as likely as the others."""
    made = {
        Sort.COMMAND: _commands(seeds),
        Sort.WORDS: _words(seeds),
        Sort.OLD: _crossed(seeds, Sort.OLD, ["of_another_version"], ["of_another_version"]),
        Sort.CROSSED: _crossed(seeds, Sort.CROSSED, list(Action), list(Form)),
        Sort.SHAPE: _shapes(seeds),
        Sort.BODY: _bodies(seeds),
    }
    return st.one_of([made[sort] for sort in sorts])


@st.composite
def _commands(draw: st.DrawFn, seeds: Sequence[Seed]) -> Case:
    command = next(seed for seed in seeds if seed.kind == "slash_commands")
    return _case(Sort.COMMAND, command, {**command.payload, "text": draw(_TYPED)})


@st.composite
def _words(draw: st.DrawFn, seeds: Sequence[Seed]) -> Case:
    seed = draw(st.sampled_from(seeds))
    payload = copy.deepcopy(seed.payload)
    places = [path for path in _paths(payload) if _is_free(payload, path)]
    for path in draw(st.lists(st.sampled_from(places), max_size=3)) if places else ():
        _put(payload, path, draw(_WORDS))
    return _case(Sort.WORDS, seed, payload)


@st.composite
def _crossed(
    draw: st.DrawFn, seeds: Sequence[Seed], sort: Sort, actions: Sequence[str], forms: Sequence[str]
) -> Case:
    """A click or a form of one kind that carries what another kind does."""
    seed = draw(
        st.sampled_from([s for s in seeds if s.name in {"block_actions", "view_submission"}])
    )
    payload = copy.deepcopy(seed.payload)
    carried = [each.payload["actions"][0].get("value", "") for each in seeds if _acts(each)]
    if seed.name == "block_actions":
        action = payload["actions"][0]
        action["action_id"] = draw(st.sampled_from(actions))
        action["value"] = draw(st.one_of(st.sampled_from(carried), _WORDS))
    else:
        payload["view"]["callback_id"] = draw(st.sampled_from(forms))
    return _case(sort, seed, payload)


def _acts(seed: Seed) -> bool:
    return seed.name == "block_actions"


@st.composite
def _shapes(draw: st.DrawFn, seeds: Sequence[Seed]) -> Case:
    seed = draw(st.sampled_from(seeds))
    payload = copy.deepcopy(seed.payload)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(_paths(payload))))
        if draw(st.booleans()):
            _drop(payload, path)
        else:
            _put(payload, path, draw(_ANYTHING))
    return _case(Sort.SHAPE, seed, payload)


@st.composite
def _bodies(draw: st.DrawFn, seeds: Sequence[Seed]) -> Case:
    seed = draw(st.sampled_from(seeds))
    whole, _ = _case(Sort.BODY, seed, seed.payload).body()
    at = draw(st.integers(0, len(whole)))
    put = draw(st.one_of(st.binary(max_size=30), _WORDS.map(_encoded)))
    raw = draw(
        st.sampled_from(
            [whole[:at], whole[:at] + put + whole[at:], put, b"payload=" + put, whole[at:]]
        )
    )
    return Case(Sort.BODY, seed.name, seed.kind, {}, raw)


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _case(sort: Sort, seed: Seed, payload: Json) -> Case:
    return Case(sort, seed.name, seed.kind, payload)


def _paths(part: Any, above: Path = ()) -> Iterator[Path]:
    """Where something stands in a payload, from the top down."""
    if isinstance(part, dict):
        inside: Iterator[tuple[str | int, Any]] = iter(part.items())
    elif isinstance(part, list):
        inside = iter(enumerate(part))
    else:
        return
    for key, each in inside:
        yield (*above, key)
        yield from _paths(each, (*above, key))


def _is_free(payload: Json, path: Path) -> bool:
    """Whether people or the bot chose these words; blocks only repeat what the bot has sent."""
    inputs = "inputs" in path[:-1]
    return (
        (path[-1] in _FREE or inputs)
        and "blocks" not in path
        and isinstance(_at(payload, path), str)
    )


def _at(payload: Any, path: Path) -> Any:
    for key in path:
        payload = payload[key]
    return payload


def _put(payload: Json, path: Path, value: Any) -> None:
    if path[:-1] in [(), *_paths(payload)]:
        inner = _at(payload, path[:-1])
        inner[path[-1]] = copy.deepcopy(value)


def _drop(payload: Json, path: Path) -> None:
    inner = _at(payload, path[:-1])
    del inner[path[-1]]
