"""``faultline doctor``: looks at everything that a run stands on and says how to mend what is wrong."""

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from pipeline.errors import FaultlineError, WarehouseError
from pipeline.settings import Settings, find_settings_file, load_settings

_LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is sound, and a sentence about it."""

    what: str
    sound: bool
    detail: str


def examine() -> Iterator[Finding]:
    """Look at Python, settings, model, actors, folders, warehouse, snapshot, SQL models and what stands between them, in this order."""
    version = ".".join(str(p) for p in sys.version_info[:3])
    yield Finding(
        "Python",
        sys.version_info[:2] == (3, 12),
        f"{version} ({sys.executable}); 3.12 is what the lock file is made for",
    )
    try:
        settings = load_settings()
    except FaultlineError as error:
        yield Finding("settings", False, str(error))
        return
    file = find_settings_file()
    yield Finding("settings", True, str(file) if file else "no faultline.toml here or above: defaults are used")
    for what, look in (
        ("model", _model),
        ("actors", _actors),
        ("data folder", _data_folder),
        ("sources", _sources),
        ("SQL models", _sql_models),
        ("run history", _history),
        ("alerts", _alerts),
        ("warehouse", _warehouse),
        ("snapshot", _snapshot),
    ):
        yield _finding(what, look, settings)


def _finding(what: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(what, True, look(settings))
    except FaultlineError as error:
        return Finding(what, False, str(error))


def _actors(settings: Settings) -> str:
    from pipeline.knowledge.actors import load_actors

    known = load_actors(settings.own_actors)
    own = (
        f", {settings.own_actors} among them"
        if settings.own_actors
        else "; knowledge.actors may name a table of your own"
    )
    return f"{len(known.by_id):,} actors under {len(known.aliases):,} names{own}"


def _model(settings: Settings) -> str:
    from pipeline.tag.model import find_model, load_model, model_meta

    path = find_model(settings.model.name)
    meta = model_meta(path)
    missing = {"tagger", "parser", "ner", "lemmatizer"} - set(meta.get("pipeline", ()))
    if missing:
        msg = (
            f"{settings.model.name} lacks {', '.join(sorted(missing))}: choose a full pipeline such as en_core_web_md."
        )
        raise FaultlineError(msg)
    load_model(path)
    return f"{meta['lang']}_{meta['name']} {meta['version']} loads"


def _data_folder(settings: Settings) -> str:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".write-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        msg = f"{folder} cannot be written ({error.strerror}): set paths.data in faultline.toml to a folder of yours."
        raise FaultlineError(msg) from error
    free = shutil.disk_usage(folder).free
    # Publishing writes a copy beside the snapshot, compacting one beside the warehouse.
    size = settings.warehouse_path.stat().st_size if settings.warehouse_path.is_file() else 0
    needed = max(_LEAST_FREE_BYTES, 1.2 * size)
    if free < needed:
        msg = f"{folder} has {free / 1e6:,.0f} MB left and the next run may need {needed / 1e6:,.0f}: make room."
        raise FaultlineError(msg)
    return f"{folder} can be written, {free / 1e9:.1f} GB free"


def _history(settings: Settings) -> str:
    """Dagster's own storage, as far as it is SQLite in the data folder."""
    home = settings.data_dir / "dagster"
    files = sorted(home.rglob("*.db"))
    for file in files:
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as con:
                verdict = con.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.Error as error:
            verdict = str(error)
        if verdict != "ok":
            msg = (
                f"{file} is damaged ({verdict}): move {home} away. Only the history of runs is lost; articles and codings "
                "are in the warehouse."
            )
            raise FaultlineError(msg)
    return f"{len(files)} files of run history are sound" if files else "none yet"


def _alerts(settings: Settings) -> str:
    from pipeline.notify import Channels

    channels = Channels.from_settings(settings)
    if channels.file is not None and channels.file.is_dir():
        msg = f"alerts.file {channels.file} is a folder: name a file."
        raise FaultlineError(msg)
    named = [n for n, there in (("a webhook", channels.webhook), (str(channels.file), channels.file)) if there]
    return f"go to core.alerts and to {' and '.join(named)}" if named else "go to core.alerts only (`faultline alerts`)"


def _sources(settings: Settings) -> str:
    missing = [str(p) for p in settings.source_paths if not p.exists()]
    if missing:
        msg = f"paths.sources names what is not there: {', '.join(missing)}. Create it, or change faultline.toml."
        raise FaultlineError(msg)
    found = [str(p) for p in settings.source_paths] + [f"{s.name} ({s.kind})" for s in settings.sources]
    return ", ".join(found) or "none: name files or folders on the command line"


def _sql_models(settings: Settings) -> str:
    from pipeline.sqlmodels import load_project
    from pipeline.warehouse.sources import relation_columns

    return f"{len(load_project(settings.models_dir, relation_columns()).models)} models parse"


def _warehouse(settings: Settings) -> str:
    from pipeline.warehouse.store import Warehouse

    warehouse = Warehouse.from_settings(settings, lock_timeout_seconds=2)
    if not warehouse.storage.exists():
        return f"none yet at {warehouse.storage}: `faultline run` makes it"
    return f"{warehouse.storage} opens, {warehouse.row_counts()['raw.articles']:,} articles"


def _snapshot(settings: Settings) -> str:
    from pipeline.warehouse.upkeep import verify_snapshot

    if not settings.snapshot_path.is_file():
        return f"none yet at {settings.snapshot_path}: `faultline run` publishes it"
    if problems := verify_snapshot(settings.snapshot_path):
        msg = f"{'; '.join(problems)}. The warehouse is another file: `faultline run` publishes a new snapshot from it."
        raise WarehouseError(msg)
    return f"{settings.snapshot_path} reads whole and keeps its rules"
