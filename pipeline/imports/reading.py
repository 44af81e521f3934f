"""Files of event data as rows of core.imported_events, one at a time.

What belongs here: opening (plain, .gz, .zip; JSON Lines by its name), delimiters, scores and quad classes, and what is said of rows that
cannot be used. What does not: the columns of each format (``formats``) and storing.
"""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.imports.actors import ActorCodes
from pipeline.imports.formats import FORMATS, Coded, Format, FormatSpec, Row, UnusableError
from pipeline.knowledge.scales import Scales, load_scales
from pipeline.knowledge.tables import read_table

_TYPES = Path(__file__).with_name("types.csv")
# PLOVER drops CAMEO's roots 01 and 02, words that do nothing to anybody; their score there is 0.
_DROPPED_ROOTS = {"01": "STATE", "02": "APPEAL"}
_ENDS_OF_SCALE = 10.0


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that became no event, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Type:
    event_type: str
    mode: str | None
    cameo_code: str | None


def read_events(path: Path, form: Format, dataset: str, actors: ActorCodes) -> Iterator[dict[str, Any] | Skipped]:
    """Rows of core.imported_events, and what could not become one.

    Raises:
        InputError: the file cannot be read as this format at all.
    """
    spec, scales = FORMATS[form], load_scales()
    for number, row in _rows(path, spec, form):
        where = f"{path.name}:{number}"
        if isinstance(row, Skipped):
            yield row
            continue
        try:
            coded = spec.read(row)
            yield _event(coded, spec, scales, dataset, where, actors)
        except UnusableError as error:
            yield Skipped(where, str(error))


def _event(
    coded: Coded, spec: FormatSpec, scales: Scales, dataset: str, where: str, actors: ActorCodes
) -> dict[str, Any]:
    if coded.start > coded.end:
        raise UnusableError(f"it ends ({coded.end}) before it begins ({coded.start})")
    kind = _type(coded, scales)
    plover = scales.event_types.get((kind.event_type, kind.mode or "")) or scales.event_types.get((kind.event_type, ""))
    goldstein = coded.goldstein
    if goldstein is None and kind.cameo_code:
        goldstein = scales.cameo_codes[kind.cameo_code].goldstein
    quad = coded.quad_class or (plover.quad_class if plover else 1)
    if goldstein is None or not -_ENDS_OF_SCALE <= goldstein <= _ENDS_OF_SCALE:
        raise UnusableError(f"its Goldstein score {goldstein} is not within -10 to +10")
    if quad not in (1, 2, 3, 4):
        raise UnusableError(f"its quad class {quad} is none of 1 to 4")
    low, best, high = coded.killed
    if any(n is not None for n in coded.killed):
        # Some rows of UCDP have a best estimate outside their own bounds: the bounds are widened to hold it.
        stated = [n for n in coded.killed if n is not None]
        low, high = min(stated), max(stated)
    native = coded.native_id or where

    def actor(said: str, country: str | None) -> str:
        return actors.name(said, country) if coded.named else actors.code(said)

    return {
        "event_id": blake2b(f"{dataset}\x1f{native}".encode(), digest_size=12).hexdigest(),
        "dataset": dataset,
        "native_id": native,
        "source_code": coded.source,
        "target_code": coded.target,
        "source_actor_id": actor(coded.source, coded.source_country),
        "target_actor_id": actor(coded.target, coded.target_country),
        "event_type": kind.event_type,
        "cameo_code": coded.code if coded.scheme == "cameo" else None,
        "quad_class": quad,
        "quad_scheme": dataset if coded.quad_class else "plover",
        "goldstein": goldstein,
        "plover_score": plover.plover_score if plover else 0.0,
        "start_date": coded.start,
        "end_date": coded.end,
        "date_precision": coded.precision,
        "location": coded.location,
        "killed_low": low,
        "killed_best": best,
        "killed_high": high,
        "n_articles": coded.n_articles,
        "n_sources": coded.n_sources,
        "publisher": coded.publisher,
        "is_unique": spec.is_unique,
        "url": coded.url,
        "description": coded.description,
        "origin": where,
    }


def _type(coded: Coded, scales: Scales) -> _Type:
    if coded.scheme == "cameo":
        # A code that no table lists is read as the kind that it belongs to: 0256 as 025.
        code = next((coded.code[:n] for n in (4, 3, 2) if coded.code[:n] in scales.cameo_codes), None)
        known = scales.cameo_codes[code] if code else None
        if known is None:
            raise UnusableError(f"{coded.code!r} is no CAMEO code (they are text: 010 is not 10)")
        return _Type(known.event_type or _DROPPED_ROOTS[known.root], known.mode, known.cameo_code)
    types = _types()
    # The most exact entry wins: a sub-event of ACLED before its event type, a root of WEIS for all its codes.
    keys = [k for k in (coded.code, coded.kind, coded.code[:2]) if (coded.scheme, k) in types]
    if keys:
        found = types[coded.scheme, keys[0]]
        if not found.event_type:
            raise UnusableError(f"{coded.code} is no act between two actors")
        return found
    raise UnusableError(f"the event type {coded.code!r} is not known (pipeline/imports/types.csv)")


@cache
def _types() -> dict[tuple[str, str], _Type]:
    rows = read_table(_TYPES, ("scheme", "code", "event_type", "mode", "cameo_code"))
    return {(r["scheme"], r["code"]): _Type(r["event_type"], r["mode"] or None, r["cameo_code"] or None) for r in rows}


def _rows(path: Path, spec: FormatSpec, form: Format) -> Iterator[tuple[int, Row | Skipped]]:
    with _opened(path) as file:
        if any(s in (".jsonl", ".ndjson") for s in path.suffixes):
            yield from _json_rows(path, file)
            return
        head = file.readline()
        if not head.strip():
            raise InputError(f"{path}: the file is empty")
        names, first, delimiter = _names(path, head, spec, form)
        # GDELT's own files quote nothing; with a header they are an export of some other program.
        bare = spec.columns is not None and first is not None
        reader = csv.reader(
            _chain(first, file), delimiter=delimiter, quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL
        )
        offset = 1 if first is None else 0
        try:
            for cells in reader:
                if len(cells) > len(names):
                    reason = f"it has {len(cells)} cells for {len(names)} columns"
                    yield reader.line_num + offset, Skipped(f"{path.name}:{reader.line_num + offset}", reason)
                elif cells:
                    yield reader.line_num + offset, dict(zip(names, cells, strict=False))
        except (csv.Error, UnicodeDecodeError) as error:
            raise InputError(f"{path}:{reader.line_num + offset}: not readable as {form}: {error}") from error


def _chain(first: str | None, file: io.TextIOBase) -> Iterator[str]:
    if first is not None:
        yield first
    yield from file


def _names(path: Path, head: str, spec: FormatSpec, form: Format) -> tuple[Sequence[str], str | None, str]:
    """Column names as ``_plain`` writes them, the first line where it is no header, and the delimiter."""
    delimiter = max(",\t;|", key=head.count)
    cells = [_plain(c) for c in next(csv.reader([head], delimiter=delimiter))]
    if spec.columns is not None and not any(c in cells for c in spec.required):
        number = head.count("\t") + 1
        if number not in spec.columns:
            *some, last = map(str, spec.columns)
            raise InputError(
                f"{path}:1: {form} has {', '.join(some)} or {last} columns separated by tabs, or a header; this line has {number}"
            )
        return [_plain(c) for c in spec.columns[number]], head, "\t"
    missing = [c for c in spec.required if c not in cells and not _stands_in(c, cells)]
    if missing:
        raise InputError(
            f"{path}:1: {form} needs the columns {', '.join(spec.required)}; {', '.join(missing)} is missing"
        )
    return cells, None, delimiter


def _plain(name: str) -> str:
    """A column's name whoever wrote it: ``Event ID``, ``EVENT_ID`` and ``event_id`` are one."""
    return name.strip().lstrip("\ufeff").strip().strip('"').lower().replace(" ", "_").replace(".", "_")


# Names that older or shortened files have for a column.
_STAND_INS = {
    "code": ("cameo_code", "cameo"),
    "date": ("event_date",),
    "event_id_cnty": ("data_id",),
    "sqldate": ("day",),
}


def _stands_in(column: str, cells: Sequence[str]) -> bool:
    return any(c in cells for c in _STAND_INS.get(column, ()))


def _json_rows(path: Path, file: io.TextIOBase) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}:{number}: not JSON: {error.msg}") from error
        if not isinstance(parsed, dict):
            raise InputError(f"{path}:{number}: each line must be an object with one event")
        yield number, {_plain(k): "" if v is None else str(v) for k, v in parsed.items()}


@contextmanager
def _opened(path: Path) -> Iterator[io.TextIOBase]:
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                names = [n for n in archive.namelist() if not n.endswith("/")]
                if len(names) != 1:
                    raise InputError(f"{path} holds {len(names)} files; unpack it and import them one by one")
                with archive.open(names[0]) as raw:
                    yield io.TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="")
        elif path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
                yield file
        else:
            with path.open(encoding="utf-8", errors="replace", newline="") as file:
                yield file
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
