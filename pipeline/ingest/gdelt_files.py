"""GDELT's files on its server: their addresses by the fixed scheme, from the time that they cover.

What belongs here: which files there should be. What does not: what they hold (``gdelt``), fetching (``fetcher``, ``remote``).

Events, mentions and GKG come every 15 minutes, and ``lastupdate.txt`` names the newest ones; Web NGrams come every minute, a quarter of an
hour late and with gaps, and nothing names them. The list of all files is not asked for: it has a hundred megabytes and says no more than
the scheme does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from pipeline.ingest.fetcher import Fetcher, FetchError
from pipeline.ingest.source import SourceFailedError

Table = Literal["export", "mentions", "gkg", "webngrams"]

_PATHS: dict[str, str] = {
    "export": "gdeltv2/{}.export.CSV.zip",
    "mentions": "gdeltv2/{}.mentions.CSV.zip",
    "gkg": "gdeltv2/{}.gkg.csv.zip",
    "webngrams": "gdeltv3/webngrams/{}.webngrams.json.gz",
}
_STEPS = {"webngrams": timedelta(minutes=1)}
_QUARTER = timedelta(minutes=15)
_NEWEST = re.compile(r"/(\d{14})\.(?:export|mentions|gkg)\.")
_STAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file that GDELT should have published, and the end of the time that it covers (UTC)."""

    url: str
    at: datetime

    @property
    def age(self) -> timedelta:
        """How long ago that was."""
        return datetime.now(UTC) - self.at


def published_files(
    base_url: str, tables: Sequence[Table], since: date | None, until: date | None, fetcher: Fetcher
) -> Iterator[PublishedFile]:
    """The files of some tables, oldest first.

    Args:
        base_url: where GDELT's files are.
        tables: which tables.
        since: beginning, a day or a time in UTC; None: the newest file of each table only.
        until: end, included; None: the newest file.
        fetcher: asks for the newest time.

    Raises:
        SourceFailedError: the server does not say which files are its newest.
    """
    base = base_url.rstrip("/")
    now = datetime.now(UTC)
    begin = _time(since, time.min) if since else None
    end = min(_time(until, time.max), now) if until else None
    if any(t != "webngrams" for t in tables) and (begin is None or end is None or end > now - _QUARTER):
        newest = _newest(base, fetcher)
        begin, end = begin or newest, end if end and end < newest else None
    else:
        newest = now
    times = {t: _stamps(begin or newest, end or (now if t == "webngrams" else newest), t) for t in tables}
    due = {t: next(stamps, None) for t, stamps in times.items()}
    while found := [(at, t) for t, at in due.items() if at is not None]:
        at, table = min(found)
        yield PublishedFile(f"{base}/{_PATHS[table].format(at.strftime(_STAMP))}", at)
        due[table] = next(times[table], None)


def _stamps(begin: datetime, end: datetime, table: Table) -> Iterator[datetime]:
    step = _STEPS.get(table, _QUARTER)
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + -(-(begin - midnight) // step) * step  # the first full step
    while at <= end:
        yield at
        at += step


def _time(value: date, of_day: time) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.combine(value, of_day, UTC)


def _newest(base: str, fetcher: Fetcher) -> datetime:
    url = f"{base}/gdeltv2/lastupdate.txt"
    try:
        said = fetcher.fetch(url).body.decode("ascii", "replace")
    except FetchError as error:
        raise error.of_source(url) from error
    found = _NEWEST.search(said)
    if not found:
        raise SourceFailedError(f"{url}: it names no files of GDELT. Check base_url in faultline.toml.")
    return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)
