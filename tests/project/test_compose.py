"""compose.yaml, as far as it can be looked at without Docker: nobody starts it in these tests."""

import re
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from app.config import Settings, settings_for
from app.store.engine import async_url
from tests.cli.test_help import COMMANDS
from tests.docs.snippets import snippets_of
from tests.project.files import ROOT, text_of
from tests.project.manifest_schema import WORDS, YES_OR_NO, Schema, named, several, text, thing
from tests.project.test_container import given

COMPOSE: dict[str, Any] = yaml.safe_load(text_of("compose.yaml"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: each for name, each in SERVICES.items() if "build" in each}

SPAN = text(10, pattern=r"^\d+s$")
STRINGS = several(WORDS, 20)
SERVICE: Schema = thing(
    "image",
    "restart",
    image=text(200, pattern=r"^[a-z-]+(:\d+\.\d+-[a-z]+)?$"),
    build=WORDS,
    command=STRINGS,
    env_file=WORDS,
    environment=named({"type": "string"}, 20),
    volumes=STRINGS,
    ports=several(text(60, pattern=r"^127\.0\.0\.1:\d+:\d+$"), 5),
    healthcheck=thing(
        "test", test=STRINGS, interval=SPAN, timeout=SPAN, retries={"type": "integer"}
    ),
    depends_on=named(
        thing(
            "condition",
            condition={"enum": ["service_healthy", "service_completed_successfully"]},
        ),
        5,
    ),
    read_only=YES_OR_NO,
    tmpfs=STRINGS,
    cap_drop={"const": ["ALL"]},
    security_opt={"const": ["no-new-privileges:true"]},
    stop_grace_period=SPAN,
    restart={"enum": ["no", "unless-stopped"]},
)
"""The parts of the Compose specification that are used here; what isn't described is refused, so
that a part that is added is looked up first: https://github.com/compose-spec/compose-spec."""

SCHEMA = thing("services", services=named(SERVICE, 5), volumes=named({"type": "null"}, 5))


def test_compose_takes_it() -> None:
    problems = Draft202012Validator(SCHEMA).iter_errors(COMPOSE)
    assert [f"{problem.json_path}: {problem.message}" for problem in problems] == []


def test_the_bot_waits_for_tables_and_tables_for_a_healthy_database() -> None:
    assert SERVICES["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "healthcheck" in SERVICES["database"]
    waits = SERVICES["bot"]["depends_on"]["migrate"]
    assert waits == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["restart"] == "no"  # or it would never have completed
    assert SERVICES["bot"]["restart"] == SERVICES["database"]["restart"] == "unless-stopped"


def test_its_commands_are_the_programs() -> None:
    assert set(OURS) == {"migrate", "bot"}
    for service in OURS.values():
        assert service["command"][:3] == ["python", "-m", "app"]
        assert tuple(service["command"][3:]) in COMMANDS


def test_what_runs_is_confined_as_the_image_is_meant_to_be() -> None:
    for service in OURS.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert set(service["tmpfs"]) == {"/tmp", *given("VOLUME")}  # noqa: S108
        assert "user" not in service  # the image's own, which has no rights


def test_its_port_is_the_images() -> None:
    [port] = SERVICES["bot"]["ports"]
    inside = port.rpartition(":")[2]
    assert inside == given("EXPOSE")[0]
    assert f"KPI_PORT={inside}" in " ".join(given("ENV"))


def test_the_address_of_the_database_is_the_databases() -> None:
    database = SERVICES["database"]["environment"]
    for service in OURS.values():
        assert set(service["environment"]) <= {name.upper() for name in Settings.model_fields}
        url = async_url(service["environment"]["DATABASE_URL"].replace("${", "").replace("}", ""))
        assert (url.host, url.username) == ("database", database["POSTGRES_USER"])
        assert url.database == database["POSTGRES_DB"]
    asked = SERVICES["database"]["healthcheck"]["test"]
    assert f"--dbname={database['POSTGRES_DB']}" in asked
    assert f"--username={database['POSTGRES_USER']}" in asked


def test_what_the_database_holds_outlives_it() -> None:
    named_volumes = {each.partition(":")[0] for each in SERVICES["database"]["volumes"]}
    assert named_volumes == set(COMPOSE["volumes"])


def test_it_is_stopped_no_sooner_than_it_can_finish() -> None:
    span = SERVICES["bot"]["stop_grace_period"]
    assert float(span.removesuffix("s")) > settings_for().kpi_stop_seconds


def test_its_secrets_stand_in_the_env_file_that_the_guide_shows() -> None:
    asked = set(re.findall(r"\$\{(\w+)", text_of("compose.yaml")))
    [shown] = [each for each in snippets_of("docs/guides/containers.md") if each.language == "ini"]
    written = {line.partition("=")[0] for line in shown.content.splitlines()}
    assert asked <= written
    assert written - asked <= {name.upper() for name in Settings.model_fields}
    assert all(service["env_file"] == ".env" for service in OURS.values())
    assert ".env" in text_of(".gitignore").splitlines()
    assert not re.search(r"(TOKEN|SECRET|PASSWORD): (?!\$\{)", text_of("compose.yaml"))


def test_it_is_built_from_this_folder() -> None:
    assert {service["build"] for service in OURS.values()} == {"."}
    assert (ROOT / "Dockerfile").exists()
