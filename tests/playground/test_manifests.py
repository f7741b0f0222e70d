"""Manifest files: what is taken, and what is refused in one line with its place."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.playground import ManifestError, read_manifest
from app.playground.request_urls import RequestUrls, is_on_this_machine
from tests.playground.samples import MANIFEST, MANIFEST_HTTP

LUNCH: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))


def refusal(path: Path, content: str) -> str:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ManifestError) as refused:
        read_manifest(path)
    [line] = str(refused.value).splitlines()
    return line.removeprefix(str(path))


def test_yaml_and_json_are_read(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(LUNCH, indent="\t"))
    assert read_manifest(path) == read_manifest(MANIFEST) == LUNCH


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("broken.yml", "a: [", " isn't YAML: "),
        ("broken.yml", "a:\n\t- b", "line 2, column 1"),
        ("broken.json", '{"a": 1,}', " isn't JSON: "),
        ("empty.yml", "", ": must provide an object"),
        ("list.yml", "- a", ": must provide an object"),
    ],
)
def test_what_is_no_manifest(tmp_path: Path, name: str, content: str, words: str) -> None:
    assert words in refusal(tmp_path / name, content)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.yml", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(ManifestError, match=f"{path} can't be read: {reason}"):
            read_manifest(path)
    binary = tmp_path / "binary.yml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ManifestError, match="not UTF-8"):
        read_manifest(binary)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"display_information": {}}, "display_information: missing required field: name"),
        ({"display_information": {"name": "x" * 36}}, "display_information.name: must be less"),
        ({"setings": {}}, "invalid additional property: setings"),
        (
            {"features": {"slash_commands": [{"command": "lunch", "description": "x"}]}},
            "features.slash_commands[0].command: must be a slash",
        ),
        (
            {"features": {"slash_commands": [{"command": "/a", "description": "x"}] * 2}},
            "features.slash_commands[1].command: /a is there already",
        ),
        (
            {"features": {"shortcuts": [{"name": "a", "type": "gloabl"}]}},
            "features.shortcuts[0]: missing required field: callback_id (and 2 more)",
        ),
        ({"features": {"slash_commands": []}}, "features.slash_commands: no fewer than 1 items"),
        (
            {"settings": {"interactivity": {"is_enabled": "yes"}}},
            "settings.interactivity.is_enabled: must provide a boolean",
        ),
        (
            {"settings": {"event_subscriptions": {"request_url": "lunch.example.com"}}},
            "settings.event_subscriptions.request_url: must be an address",
        ),
        ({"settings": {}}, "functions need settings.org_deploy_enabled"),
        (
            {"functions": {"order": {"title": "Order", "description": "x"}}},
            "functions.order: missing required field: input_parameters (and 1 more)",
        ),
    ],
)
def test_what_slack_would_refuse(tmp_path: Path, changes: dict[str, Any], place: str) -> None:
    changed = LUNCH | changes
    assert refusal(tmp_path / "manifest.yml", yaml.safe_dump(changed)).startswith(f": {place}")


def test_parameters_of_version_2(tmp_path: Path) -> None:
    parameters = {"properties": {"dish": {"type": "string"}}, "required": ["dish"]}
    function = {
        "title": "Order",
        "description": "Orders",
        "input_parameters": parameters,
        "output_parameters": {"properties": {}, "required": []},
    }
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(LUNCH | {"functions": {"order": function}}))
    assert read_manifest(path)["functions"]["order"]["input_parameters"] == parameters
    parameters["properties"]["dish"] = "string"  # type: ignore[index]
    place = "functions.order.input_parameters.properties.dish: must provide an object"
    written = yaml.safe_dump(LUNCH | {"functions": {"order": function}})
    assert place in refusal(path, written)


class TestRequestUrls:
    URL = "https://lunch.example.com/slack/events"

    def test_each_kind_goes_to_its_own(self) -> None:
        urls = RequestUrls("e", "i", "o", commands={"/lunch": "c"})
        assert urls.of("events_api", {}) == "e"
        assert urls.of("interactive", {"type": "block_actions"}) == "i"
        assert urls.of("interactive", {"type": "block_suggestion"}) == "o"
        assert urls.of("slash_commands", {"command": "/lunch"}) == "c"
        assert urls.of("slash_commands", {"command": "/dinner"}) == ""

    def test_they_are_those_of_the_manifest(self) -> None:
        urls = RequestUrls.read(read_manifest(MANIFEST_HTTP))
        assert urls == RequestUrls(self.URL, self.URL, self.URL, commands={"/lunch": self.URL})
        assert RequestUrls.read(LUNCH).everywhere == {}

    def test_an_address_without_a_path_keeps_theirs(self) -> None:
        urls = RequestUrls("https://a.example/e", commands={"/lunch": "https://a.example/c?d=1"})
        moved = urls.moved_to("http://127.0.0.1:3000/")
        assert moved.events == "http://127.0.0.1:3000/e"
        assert moved.commands == {"/lunch": "http://127.0.0.1:3000/c?d=1"}
        assert moved.interactivity == ""

    def test_an_address_with_a_path_takes_everything(self) -> None:
        here = "http://127.0.0.1:3000/slack/events"
        moved = RequestUrls("https://a.example/e", commands={"/lunch": "x"}).moved_to(here)
        assert moved == RequestUrls.at(here)
        assert moved.of("slash_commands", {"command": "/lunch"}) == here

    @pytest.mark.parametrize(
        ("url", "is_here"),
        [
            ("http://127.0.0.1:3000/slack/events", True),
            ("http://localhost:3000", True),
            ("https://[::1]/slack", True),
            ("http://127.0.0.1.example.com/", False),
            ("http://10.0.0.1/", False),
            ("https://lunch.example.com@127.0.0.1/", True),
            ("http://127.0.0.1@lunch.example.com/", False),
            ("ftp://127.0.0.1/", False),
            ("127.0.0.1:3000", False),
            ("", False),
        ],
    )
    def test_addresses_of_this_machine(self, url: str, is_here: bool) -> None:
        assert is_on_this_machine(url) is is_here
