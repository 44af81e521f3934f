"""The rules of the house (ARCHITECTURE.md), as far as a machine can check them."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# Rooms from the bottom up: a room imports only rooms below it, or its own.
LEVELS = [
    {"pipeline", "pipeline.errors", "pipeline.indicator_settings"},
    {"pipeline.records", "pipeline.settings", "pipeline.progress", "pipeline.turns"},
    {"pipeline.knowledge"},
    {
        "pipeline.ingest",
        "pipeline.tag",
        "pipeline.warehouse",
        "pipeline.sqlmodels",
        "pipeline.imports",
        "pipeline.changepoints",
    },
    {
        "pipeline.read",
        "pipeline.report",
        "pipeline.steps",
        "pipeline.workers",
        "pipeline.maintenance",
        "pipeline.notify",
        "pipeline.console",
        "pipeline.instance",
        "pipeline.last_run",
    },
    {"resources"},
    {"assets"},
    {
        "pipeline.definitions",
        "automation",
        "pipeline.cli",
        "pipeline.cli_actors",
        "pipeline.cli_import",
        "pipeline.cli_lake",
        "pipeline.cli_lexicon",
        "pipeline.cli_operations",
        "pipeline.cli_report",
        "pipeline.cli_settings",
        "pipeline.cli_sources",
        "pipeline.cli_sql",
        "pipeline.sql_prompt",
        "pipeline.cli_text",
        "pipeline.doctor",
    },
]
LEVEL_OF = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
TOPS = ("pipeline", "automation", "assets", "resources")
SOURCES = sorted(f for top in TOPS for f in (ROOT / top).rglob("*.py"))


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "pipeline" else parts[0]


def imports_of(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {
                f"{node.module}.{alias.name}" for alias in node.names if (ROOT / node.module.replace(".", "/")).is_dir()
            }
    return found


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_go_down_only(file: Path) -> None:
    room = room_of(module_of(file))
    if room == "pipeline":  # the front door: it names the read API, and loads it when asked
        return
    assert room in LEVEL_OF, f"{room} has no place in the house: add it to LEVELS and ARCHITECTURE.md"
    for name in imports_of(file):
        if name.split(".")[0] in TOPS:
            other = room_of(name)
            if other not in LEVEL_OF:  # a name imported from a package, not a module
                continue
            allowed = other == room or LEVEL_OF[other] < LEVEL_OF[room] or LEVEL_OF[other] == LEVEL_OF[room] >= 4
            assert allowed, f"{file.relative_to(ROOT)} ({room}) imports {name}"


@pytest.mark.parametrize(
    "file",
    [f for f in SOURCES if LEVEL_OF.get(room_of(module_of(f)), 99) < LEVEL_OF["resources"]],
    ids=lambda f: str(f.relative_to(ROOT)),
)
def test_lower_rooms_know_nothing_of_dagster(file: Path) -> None:
    assert not {
        name for name in imports_of(file) if name.split(".")[0] in ("dagster", "automation", "assets", "resources")
    }


def test_there_are_no_import_circles() -> None:
    graph: dict[str, set[str]] = {}
    for file in SOURCES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        top = {n.module for n in tree.body if isinstance(n, ast.ImportFrom) and n.module}
        top |= {alias.name for n in tree.body if isinstance(n, ast.Import) for alias in n.names}
        graph[module_of(file)] = {name for name in top if name.split(".")[0] in TOPS}
    list(TopologicalSorter(graph).static_order())


def test_spacy_stays_in_the_tagger() -> None:
    users = {room_of(module_of(f)) for f in SOURCES if any(n.split(".")[0] == "spacy" for n in imports_of(f))}
    assert users <= {"pipeline.tag", "pipeline.doctor"}


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [
        str(f.relative_to(ROOT)) for f in SOURCES if not ast.get_docstring(ast.parse(f.read_text(encoding="utf-8")))
    ]
    generated = [name for name in silent if "migrations/versions" in name]
    assert set(silent) == set(generated)


def test_files_stay_short_enough_to_read() -> None:
    long = {
        str(f.relative_to(ROOT)): n for f in SOURCES if (n := len(f.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not {name for name in long if "migrations/versions" not in name}, long


def test_every_setting_is_in_the_settings_file() -> None:
    from pipeline.settings import Settings

    text = (ROOT / "faultline.toml").read_text(encoding="utf-8")
    for section, info in Settings.model_fields.items():
        if section in ("root", "sources"):
            continue
        assert f"[{section}]" in text
        for key in info.annotation.model_fields:  # type: ignore[union-attr]
            assert re.search(rf"^(# )?{key} = ", text, re.MULTILINE), f"{section}.{key} is missing in faultline.toml"


def test_every_kind_of_source_is_in_the_settings_file() -> None:
    from pipeline import settings

    text = (ROOT / "faultline.toml").read_text(encoding="utf-8")
    examples = {block.split("\n", 1)[0]: block for block in text.split("# [[sources]]\n# kind = ")[1:]}
    for kind in (
        settings.FilesSection,
        settings.RemoteSection,
        settings.FeedSection,
        settings.UrlsSection,
        settings.SitemapSection,
        settings.GdeltSection,
    ):
        (name,) = kind.model_fields["kind"].annotation.__args__  # type: ignore[union-attr]
        for key in kind.model_fields.keys() - {"kind", "defaults"}:
            assert re.search(rf"^# {key} = ", examples[f'"{name}"'], re.MULTILINE), (
                f"{name}.{key} is missing in faultline.toml"
            )
