"""The files of deploy/: they parse, name what is there, and agree with the settings of the repository."""

import configparser
import importlib
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from dagster._config import process_config
from dagster._daemon.cli import cli as daemon
from dagster_celery.cli import get_validated_config
from dagster_celery.launcher import CeleryRunLauncher
from dagster_k8s import K8sRunLauncher
from dagster_k8s.job import DagsterK8sJobConfig, UserDefinedDagsterK8sConfig, construct_dagster_k8s_job
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


@pytest.mark.parametrize(
    ("file", "launcher"), [("dagster.k8s.yaml", K8sRunLauncher), ("dagster.celery.yaml", CeleryRunLauncher)]
)
def test_launchers_of_a_team_take_their_settings(
    file: str, launcher: type[K8sRunLauncher] | type[CeleryRunLauncher], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DAGSTER_CELERY_BROKER_URL", "DAGSTER_CELERY_BACKEND_URL"):
        monkeypatch.setenv(name, "filesystem://")
    settings: dict[str, Any] = load(DEPLOY / file)
    chosen = settings["run_launcher"]
    assert getattr(importlib.import_module(chosen["module"]), chosen["class"]) is launcher
    result = process_config(launcher.config_type(), chosen["config"])
    assert result.success, result.errors
    assert not process_config(launcher.config_type(), {**chosen["config"], "unknown": 1}).success


def test_workers_of_celery_take_their_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DAGSTER_CELERY_BROKER_URL", "DAGSTER_CELERY_BACKEND_URL"):
        monkeypatch.setenv(name, f"filesystem://{name}")
    settings: Any = get_validated_config(str(DEPLOY / "celery.yaml"))
    assert settings["broker"].endswith("BROKER_URL")
    assert settings["backend"].endswith("BACKEND_URL")


def test_pods_are_described_in_words_that_kubernetes_knows() -> None:
    config: dict[str, Any] = load(DEPLOY / "dagster.k8s.yaml")["run_launcher"]["config"]  # type: ignore[index]
    pod = UserDefinedDagsterK8sConfig.from_dict(config["run_k8s_config"])  # it refuses what no model of the client has
    job = construct_dagster_k8s_job(
        DagsterK8sJobConfig(
            job_image=config["job_image"],
            dagster_home=config["dagster_home"],
            instance_config_map=config["instance_config_map"],
            postgres_password_secret=config["postgres_password_secret"],
            env_secrets=config["env_secrets"],
        ),
        ["dagster", "api", "execute_run"], "faultline-run", pod, "faultline-run",
    )  # fmt: skip
    container = job.spec.template.spec.containers[0]
    assert container.image == config["job_image"]
    assert container.resources.limits == {"memory": "4Gi"}
    assert {e.secret_ref.name for e in container.env_from if e.secret_ref} == {"faultline-secrets"}


@pytest.mark.parametrize("file", ["dagster.k8s.yaml", "dagster.celery.yaml"])
def test_what_a_team_has_of_its_own_is_storage_launcher_and_the_number_of_runs_and_writers(file: str) -> None:
    settings: dict[str, Any] = load(DEPLOY / file)
    usual: dict[str, Any] = load(ROOT / "dagster.yaml")
    assert settings.pop("storage")["postgres"]["postgres_db"].keys() == load(DEPLOY / "dagster.postgres.yaml")["storage"]["postgres"]["postgres_db"].keys()  # type: ignore[index]  # fmt: skip
    settings.pop("run_launcher")
    assert settings["concurrency"]["pools"].pop("default_limit") > usual["concurrency"]["pools"].pop("default_limit")
    assert settings["concurrency"]["runs"].pop("max_concurrent_runs") > usual["concurrency"]["runs"].pop("max_concurrent_runs")  # fmt: skip
    assert settings == usual


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
