"""What the last whole run was made from and what it left behind: whether another one would find nothing new.

What belongs here: the record beside the warehouse, and comparing it with what is there now. What does not: running.

A run is made from what is asked, the settings, the code with its knowledge, the SQL models, the installed packages and the files that are
read; it leaves the warehouse and what is published. Files are told apart by size and times of change, as sources do. Whatever cannot
be told so stays unsaid, and the run goes on: a doubt costs a run, never a missed article. Nothing heavy is imported: the answer must be
there before a run would have loaded its modules.
"""

import hashlib
import importlib.util
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pipeline.settings import Settings

_RECORD = "last_run.json"
_ROOT = Path(__file__).parent.parent
_CODE = ("pipeline", "automation", "assets", "resources")
# Another number where the record changes its meaning.
_FORMAT = 1


def made_from(settings: Settings, paths: Sequence[Path], sources: Sequence[str]) -> str | None:
    """Fingerprint of all that a daily run over these paths and sources is made from.

    None where it cannot be told without asking somebody, as with sources of the network, or where something is not there.
    """
    everything = not paths and not sources
    declared = [s for s in settings.sources if everything or s.name in sources]
    if settings.warehouse.kind != "duckdb":
        return None  # other machines write a lake too
    if any(s.kind != "files" for s in declared) or not {s.name for s in declared}.issuperset(sources):
        return None
    read = [*paths, *(settings.source_paths if everything else ())]
    read += [settings.at(p) for s in declared if s.kind == "files" for p in s.paths]
    asked = json.dumps([_FORMAT, sys.version, [str(p) for p in paths], list(sources), settings.model_dump_json()])
    try:
        return _digest([asked, *_packages(), *_files(_code(settings)), *_files(read)])
    except OSError:
        return None


def ended(settings: Settings, made_from: str | None) -> datetime | None:
    """When the last whole run ended (UTC), if it was made from the same and what it left is as it was; else None."""
    if made_from is None:
        return None
    try:
        record = json.loads(_record(settings).read_text(encoding="utf-8"))
        if record["made_from"] == made_from and record["left"] == _left(settings):
            return datetime.fromisoformat(record["ended"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def forget(settings: Settings) -> None:
    """Call it when a run begins: until one has ended whole there is no last one."""
    _record(settings).unlink(missing_ok=True)


def remember(settings: Settings, made_from: str | None) -> None:
    """Call it when a run has ended whole. A warehouse that was written after its snapshot was taken leaves something to publish."""
    with suppress(OSError):  # without a record the next run does what it would find already done
        written, published = (p.stat().st_mtime_ns for p in (settings.warehouse_path, settings.snapshot_path))
        if made_from is None or written > published:
            return
        record = {"made_from": made_from, "left": _left(settings), "ended": datetime.now(UTC).isoformat("T", "seconds")}
        partial = _record(settings).with_suffix(".partial")
        partial.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        partial.replace(_record(settings))


def _record(settings: Settings) -> Path:
    return settings.data_dir / _RECORD


def _left(settings: Settings) -> str:
    """Fingerprint of the warehouse, with the log that DuckDB leaves of a writer that was killed, and of all that is published."""
    warehouse = settings.warehouse_path
    log = warehouse.with_name(f"{warehouse.name}.wal")
    return _digest([str(log.exists()), *_files([warehouse, settings.snapshot_path, settings.published_dir])])


def _code(settings: Settings) -> Iterator[Path]:
    """Code and knowledge, the SQL models, a user's own actors, and a spaCy model that no package's version stands for."""
    yield from (_ROOT / name for name in _CODE)
    yield settings.models_dir
    if settings.own_actors is not None:
        yield settings.own_actors
    model = settings.model.name
    if Path(model).is_dir():
        yield Path(model)
    elif model.isidentifier() and (package := importlib.util.find_spec(model)) and package.origin:
        yield Path(package.origin).parent


def _packages() -> Iterator[str]:
    """Installed packages: their metadata folders bear name and version, and are made anew with each installation."""
    for folder in sys.path:
        with suppress(OSError):  # a folder of sys.path need not exist
            for entry in sorted(os.scandir(folder or "."), key=lambda e: e.name):
                if entry.name.endswith((".dist-info", ".egg-info", ".pth")):
                    yield f"{entry.path}:{entry.stat().st_mtime_ns}"


def _files(paths: Iterable[Path]) -> Iterator[str]:
    """Every file at or below the paths, also hidden ones, with its size and times of change, of content and of rights.

    Raises:
        OSError: something is not there, cannot be looked at, or is no file that could be told apart so, such as a pipe.
    """

    def fail(error: OSError) -> None:
        raise error

    for path in paths:
        if not path.is_dir():
            yield _version(str(path))
            continue
        for folder, folders, files in os.walk(path, onerror=fail):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            yield from (_version(os.path.join(folder, name)) for name in sorted(files))  # noqa: PTH118 - thousands of files


def _version(path: str) -> str:
    try:
        status = os.stat(path)  # noqa: PTH116 - thousands of files
    except FileNotFoundError:
        status = os.lstat(path)  # a link that leads nowhere
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISLNK(status.st_mode):
        raise OSError(f"{path} is no regular file")
    return f"{path}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(lines).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
