"""File formats of event data: which column means what.

What belongs here: one function per format, from a row of the file to a ``Coded`` event in the data set's own terms. What does not: opening files
and making rows of core.imported_events (``reading``), whom an actor's code means (``actors``).

Sources: the GDELT 1.0 and 2.0 event codebooks; the ICEWS coded-event README (Dataverse 28075); the UCDP GED codebook (deaths are low, best
and high; date_prec 1 day to 5 longer than a month); the ACLED codebook (time_precision 1 day, 2 week, 3 month; who is actor1 and who
actor2 does not say who acted).
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

Format = Literal["gdelt", "icews", "cameo", "weis", "ucdp", "acled-csv"]
Row = Mapping[str, str]


class UnusableError(ValueError):
    """A row that cannot be an event between two actors; the message says why."""


@dataclass(frozen=True, slots=True)
class Coded:
    """An event as a data set codes it. ``scheme`` says how ``code`` is read: cameo, or a scheme of types.csv.

    ``kind`` is the type that a code without an entry of its own falls under; ``named`` says that actors are names and no codes.
    """

    native_id: str
    source: str
    target: str
    scheme: str
    code: str
    start: date
    end: date
    precision: str = "day"
    kind: str = ""
    named: bool = False
    source_country: str | None = None
    target_country: str | None = None
    goldstein: float | None = None
    quad_class: int | None = None
    location: str | None = None
    killed: tuple[int | None, int | None, int | None] = (None, None, None)
    n_articles: int | None = None
    n_sources: int | None = None
    publisher: str | None = None
    url: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """How files of a format look. ``columns`` are names for files without a header, by number of columns; ``required`` must be there.

    ``is_unique`` says that the data set has one row per event.
    """

    read: Callable[[Row], Coded]
    required: tuple[str, ...] = ()
    columns: Mapping[int, tuple[str, ...]] | None = None
    is_unique: bool = False


_GDELT_HEAD = [
    "GLOBALEVENTID",
    "SQLDATE",
    "MonthYear",
    "Year",
    "FractionDate",
    "Actor1Code",
    "Actor1Name",
    "Actor1CountryCode",
    "Actor1KnownGroupCode",
    "Actor1EthnicCode",
    "Actor1Religion1Code",
    "Actor1Religion2Code",
    "Actor1Type1Code",
    "Actor1Type2Code",
    "Actor1Type3Code",
    "Actor2Code",
    "Actor2Name",
    "Actor2CountryCode",
    "Actor2KnownGroupCode",
    "Actor2EthnicCode",
    "Actor2Religion1Code",
    "Actor2Religion2Code",
    "Actor2Type1Code",
    "Actor2Type2Code",
    "Actor2Type3Code",
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
]  # noqa: SIM905 - readable as it is


def _gdelt_columns(place: str, *added: str) -> tuple[str, ...]:
    places = [f"{who}Geo_{part}" for who in ("Actor1", "Actor2", "Action") for part in place.split()]
    return (*_GDELT_HEAD, *places, "DATEADDED", *added)


# Version 1.0 up to March 2013, which has no addresses; version 1.0 since; version 2.0.
GDELT_COLUMNS = {
    57: _gdelt_columns("Type FullName CountryCode ADM1Code Lat Long FeatureID"),
    58: _gdelt_columns("Type FullName CountryCode ADM1Code Lat Long FeatureID", "SOURCEURL"),
    61: _gdelt_columns("Type FullName CountryCode ADM1Code ADM2Code Lat Long FeatureID", "SOURCEURL"),
}


def _text(row: Row, *names: str) -> str | None:
    """The first of these columns that is there and not empty. Names are as ``reading`` writes them: small, with underscores."""
    return next((v.strip() for n in names if (v := row.get(n)) and v.strip()), None)


def _needed(row: Row, *names: str) -> str:
    value = _text(row, *names)
    if value is None:
        raise UnusableError(f"{names[0]} is empty")
    return value


def _number(row: Row, *names: str) -> float | None:
    value = _text(row, *names)
    if value is None or value.upper() in ("NA", "NULL", "NAN"):
        return None
    try:
        return float(value)
    except ValueError as error:
        raise UnusableError(f"{names[0]} {value!r} is no number") from error


def _whole(row: Row, *names: str) -> int | None:
    value = _number(row, *names)
    return None if value is None else int(value)


def day(text: str) -> date:
    """A date as the formats write it: 2021-08-15, 20210815, 15 August 2021, 15-Aug-21. Days and months as figures could be either way round.

    Raises:
        UnusableError: it is none of these.
    """
    # The first is ten times as fast as strptime, and reads 20210815 and times of day too.
    with suppress(ValueError):
        return datetime.fromisoformat(text.strip()).date()
    for pattern in ("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y"):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - days have no zone
    raise UnusableError(f"the date {text!r} is not like 2021-08-15, 20210815 or 15 August 2021")


def _gdelt(row: Row) -> Coded:
    when = day(_needed(row, "sqldate", "day"))
    return Coded(
        native_id=_needed(row, "globaleventid"),
        source=_needed(row, "actor1code"),
        target=_needed(row, "actor2code"),
        scheme="cameo",
        code=_needed(row, "eventcode"),
        start=when,
        end=when,
        goldstein=_number(row, "goldsteinscale"),
        quad_class=_whole(row, "quadclass"),
        location=_text(row, "actiongeo_fullname"),
        n_articles=_whole(row, "numarticles"),
        n_sources=_whole(row, "numsources"),
        url=_text(row, "sourceurl"),
    )


def _icews(row: Row) -> Coded:
    when = day(_needed(row, "event_date"))
    return Coded(
        # An id of ICEWS may stand for two events on two days; with the day it is unique (Beger, R package icews).
        native_id=f"{_needed(row, 'event_id')} {when}",
        source=_needed(row, "source_name"),
        target=_needed(row, "target_name"),
        named=True,
        source_country=_governing(row, "source"),
        target_country=_governing(row, "target"),
        scheme="cameo",
        code=_needed(row, "cameo_code"),
        start=when,
        end=when,
        goldstein=_number(row, "intensity"),
        location=_text(row, "city", "district", "province", "country"),
        publisher=_text(row, "publisher"),
        description=_text(row, "event_text"),
    )


def _governing(row: Row, role: str) -> str | None:
    """The country of an ICEWS actor that is or acts for its government; sectors of others say nothing of whom they stand for."""
    country, sectors = _text(row, f"{role}_country"), _text(row, f"{role}_sectors") or ""
    acts = any(s.strip() in ("Government", "Military", "Police") for s in sectors.replace(";", ",").split(","))
    return country if acts or row.get(f"{role}_name") == country else None


def _cameo(row: Row) -> Coded:
    when = day(_needed(row, "date", "event_date"))
    return Coded(
        native_id=_text(row, "id", "event_id") or "",
        source=_needed(row, "source"),
        target=_needed(row, "target"),
        scheme="cameo",
        code=_needed(row, "code", "cameo_code", "cameo"),
        start=when,
        end=when,
        goldstein=_number(row, "goldstein"),
        quad_class=_whole(row, "quad", "quad_class"),
        location=_text(row, "location"),
        url=_text(row, "url"),
        description=_text(row, "description", "text"),
    )


def _weis(row: Row) -> Coded:
    return replace(_cameo(row), scheme="weis")


_UCDP_PRECISION = {1: "day", 2: "week", 3: "week", 4: "month", 5: "year"}


def _ucdp(row: Row) -> Coded:
    start, end = day(_needed(row, "date_start")), day(_needed(row, "date_end"))
    precision = _UCDP_PRECISION.get(_whole(row, "date_prec") or 0)
    if precision is None:
        raise UnusableError(f"date_prec {row.get('date_prec')!r} is none of 1 to 5")
    return Coded(
        native_id=_needed(row, "id"),
        source=_needed(row, "side_a"),
        target=_needed(row, "side_b"),
        named=True,
        scheme="ucdp",
        code=_needed(row, "type_of_violence"),
        start=start,
        end=end,
        precision=precision,
        location=_text(row, "where_coordinates", "where", "adm_1"),
        killed=(_whole(row, "low"), _whole(row, "best"), _whole(row, "high")),
        n_sources=_whole(row, "number_of_sources", "n_sources"),
        publisher=_text(row, "source_office"),
        description=_text(row, "source_article", "source_headline", "dyad_name", "dyad"),
    )


_ACLED_PRECISION = {1: "day", 2: "week", 3: "month"}


def _acled(row: Row) -> Coded:
    when = day(_needed(row, "event_date"))
    precision = _ACLED_PRECISION.get(_whole(row, "time_precision") or 1)
    if precision is None:
        raise UnusableError(f"time_precision {row.get('time_precision')!r} is none of 1 to 3")
    kind, sub = _needed(row, "event_type"), _text(row, "sub_event_type")
    deaths = _whole(row, "fatalities")
    start = when - timedelta(days=when.weekday()) if precision == "week" else when
    if precision == "month":
        start = when.replace(day=1)
    return Coded(
        native_id=_needed(row, "event_id_cnty", "data_id"),
        source=_needed(row, "actor1"),
        target=_needed(row, "actor2"),
        named=True,
        scheme="acled",
        code=f"{kind}/{sub}" if sub else kind,
        kind=kind,
        start=start,
        end=start + timedelta(days=6) if precision == "week" else _month_end(start) if precision == "month" else when,
        precision=precision,
        location=_text(row, "location", "admin1"),
        killed=(deaths, deaths, deaths),
        publisher=_text(row, "source"),
        description=_text(row, "notes"),
    )


def _month_end(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


FORMATS: Mapping[Format, FormatSpec] = {
    "gdelt": FormatSpec(
        _gdelt, ("globaleventid", "sqldate", "actor1code", "actor2code", "eventcode"), columns=GDELT_COLUMNS
    ),
    "icews": FormatSpec(_icews, ("event_id", "event_date", "source_name", "target_name", "cameo_code")),
    "cameo": FormatSpec(_cameo, ("date", "source", "target", "code")),
    "weis": FormatSpec(_weis, ("date", "source", "target", "code")),
    "ucdp": FormatSpec(
        _ucdp, ("id", "type_of_violence", "side_a", "side_b", "date_start", "date_end", "date_prec"), is_unique=True
    ),
    "acled-csv": FormatSpec(_acled, ("event_id_cnty", "event_date", "event_type", "actor1", "actor2"), is_unique=True),
}
