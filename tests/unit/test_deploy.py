"""The files of deploy/: they parse, name what is there, and agree with the settings of the repository."""

import configparser
import shlex
from pathlib import Path

import pytest
import yaml
from dagster._daemon.cli import cli as daemon
from dagster_webserver.cli import dagster_webserver

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"


def load(path: Path) -> dict[str, object]:
    return yaml.safe_load(path.read_text())  # type: ignore[no-any-return]


def commands() -> list[list[str]]:
    compose = load(DEPLOY / "compose.yaml")["services"]
    assert isinstance(compose, dict)
    found = [compose[name]["command"] for name in ("webserver", "daemon")]
    for unit in ("webserver", "daemon"):
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(DEPLOY / f"faultline-{unit}.service")
        found.append(shlex.split(parser["Service"]["ExecStart"]))
    return found


@pytest.mark.parametrize("command", commands(), ids=lambda c: Path(c[0]).name)
def test_services_start_programs_that_are_there_with_options_that_they_have(command: list[str]) -> None:
    program, *arguments = command
    options = {o for o in arguments if o.startswith("-")}
    if Path(program).name == "dagster-daemon":
        assert arguments[0] == "run"
        parser = daemon.commands["run"]
    else:
        assert Path(program).name == "dagster-webserver"
        parser = dagster_webserver
    assert options <= {o for p in parser.params for o in (*p.opts, *p.secondary_opts)}


def test_storage_is_all_that_a_deployment_on_postgresql_has_of_its_own() -> None:
    settings = load(DEPLOY / "dagster.postgres.yaml")
    storage = settings.pop("storage")
    assert settings == load(ROOT / "dagster.yaml")
    assert set(storage) == {"postgres"}  # type: ignore[call-overload]


def test_the_page_is_read_only_and_published_to_loopback_only() -> None:
    compose = load(DEPLOY / "compose.yaml")["services"]
    assert isinstance(compose, dict)
    assert all(p.startswith("127.0.0.1:") for s in compose.values() for p in s.get("ports", []))
    for command in commands():
        if "webserver" in command[0]:
            assert "--read-only" in command


def test_the_image_takes_only_what_is_there_and_what_is_not_ignored() -> None:
    taken = [line.lstrip("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for line in (DEPLOY / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), source
                assert source in taken, f"{source} is ignored by .dockerignore"
