"""Each format as its publisher writes it: a row in, an event of core.imported_events out; or a reason."""

import gzip
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import InputError
from pipeline.imports.actors import ActorCodes
from pipeline.imports.formats import GDELT_COLUMNS, Format
from pipeline.imports.reading import Skipped, read_events
from pipeline.knowledge.actors import load_actors

Read = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def codes() -> ActorCodes:
    return ActorCodes(load_actors())


@pytest.fixture
def read(tmp_path: Path, codes: ActorCodes) -> Read:
    def read(form: Format, text: str, name: str = "events.csv", actors: ActorCodes | None = None) -> list[Any]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return list(read_events(path, form, "other", actors or codes))

    return read


def gdelt_row(n: int, **cells: str) -> str:
    given = {
        "GLOBALEVENTID": "1001", "SQLDATE": "20210503", "Actor1Code": "PAKMIL", "Actor2Code": "IND", "EventCode": "190", "QuadClass": "4",
        "GoldsteinScale": "-10.0", "NumSources": "3", "NumArticles": "8", "ActionGeo_FullName": "Northtown", "SOURCEURL": "https://example.org/1",
        **cells,
    }  # fmt: skip
    return "\t".join(given.get(c, "") for c in GDELT_COLUMNS[n]) + "\n"


@pytest.mark.parametrize("columns", [57, 58, 61])
def test_gdelt_exports_of_both_versions(read: Read, columns: int) -> None:
    (event,) = read("gdelt", gdelt_row(columns), "export.CSV")
    assert (event["source_actor_id"], event["target_actor_id"], event["event_type"]) == ("PAK", "IND", "ASSAULT")
    assert (event["start_date"], event["goldstein"], event["quad_class"], event["quad_scheme"]) == (
        date(2021, 5, 3),
        -10,
        4,
        "other",
    )
    assert (event["n_sources"], event["n_articles"], event["location"], event["url"]) == (
        3,
        8,
        "Northtown",
        None if columns == 57 else "https://example.org/1",
    )
    assert event["is_unique"] is False


def test_gdelt_with_a_header_is_read_by_its_names(read: Read) -> None:
    text = 'GlobalEventID,Day,Actor1Code,Actor2Code,EventCode,QuadClass,GoldsteinScale,ActionGeo_FullName\n1,20210503,PAKMIL,IND,190,4,-10.0,"Northtown, Hills"\n'
    (event,) = read("gdelt", text)
    assert (event["source_actor_id"], event["start_date"], event["location"]) == (
        "PAK",
        date(2021, 5, 3),
        "Northtown, Hills",
    )


def test_a_row_with_too_many_cells_is_skipped_rather_than_read_askew(read: Read) -> None:
    (skipped,) = read("gdelt", gdelt_row(57) + gdelt_row(58))[1:]
    assert skipped == Skipped("events.csv:2", "it has 58 cells for 57 columns")


def test_gdelt_events_with_one_actor_are_skipped_with_a_reason(read: Read) -> None:
    (skipped,) = read("gdelt", gdelt_row(58, Actor2Code=""), "export.CSV")
    assert skipped == Skipped("export.CSV:1", "actor2code is empty")


ICEWS = (
    "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\t"
    "Target Country\tStory ID\tSentence Number\tPublisher\tCity\n"
)


def test_icews_actors_of_a_government_stand_for_its_state(read: Read) -> None:
    row = "7\t2018-02-01\tHead of a Ministry\tGovernment,Executive\tPakistan\tConsult\t040\t1.0\tAn Unheard of Guild\tBusiness\tIndia\t1\t2\tHerald\tNorthtown\n"
    (event,) = read("icews", ICEWS + row, "icews.tab")
    assert (event["source_actor_id"], event["target_actor_id"]) == ("PAK", "An Unheard of Guild")
    assert (event["event_type"], event["goldstein"], event["publisher"]) == ("CONSULT", 1.0, "Herald")


def test_icews_ids_that_come_on_two_days_are_two_events(read: Read) -> None:
    row = "7\t2018-02-0{}\tPakistan\t\tPakistan\tConsult\t040\t1.0\tIndia\t\tIndia\t1\t2\tHerald\tNorthtown\n"
    snake = ICEWS.lower().replace(" ", "_")
    events = read("icews", snake + row.format(1) + row.format(2), "icews.tab")
    assert len({e["event_id"] for e in events}) == 2
    assert [e["native_id"] for e in events] == ["7 2018-02-01", "7 2018-02-02"]


def test_cameo_codes_are_text_and_unlisted_leaves_are_read_as_their_kind(read: Read) -> None:
    rows = "date,source,target,code\n2001-02-03,ISR,EGY,0256\n2001-02-03,ISR,EGY,57\n2001-02-30,ISR,EGY,010\n"
    leaf, *skipped = read("cameo", rows)
    assert (leaf["cameo_code"], leaf["event_type"], leaf["plover_score"]) == ("0256", "APPEAL", 0)
    assert [s.where for s in skipped] == ["events.csv:3", "events.csv:4"]
    assert "010 is not 10" in skipped[0].reason
    assert "is not like" in skipped[1].reason


def test_the_data_sets_own_score_and_quad_class_win(read: Read) -> None:
    (event,) = read("cameo", "date;source;target;code;goldstein;quad\n20010203;ISR;EGY;040;-1.5;3\n")
    assert (event["goldstein"], event["quad_class"]) == (-1.5, 3)


def test_weis_roots_have_types(read: Read) -> None:
    (event,) = read("weis", "date,source,target,code,goldstein,quad\n1998-08-31,IRN,AFGTAL,173,-7.0,3\n")
    assert (event["event_type"], event["goldstein"], event["cameo_code"]) == ("THREATEN", -7.0, None)


UCDP = "id,type_of_violence,side_a,side_b,date_start,date_end,date_prec,low,best,high\n"


@pytest.mark.parametrize(("precision", "expected"), [(1, "day"), (3, "week"), (4, "month"), (5, "year")])
def test_ucdp_events_keep_bounds_and_precision(read: Read, precision: int, expected: str) -> None:
    (event,) = read("ucdp", f"{UCDP}9,1,Government of Syria,Northern Column,2016-01-01,2016-01-03,{precision},2,4,9\n")
    assert (event["source_actor_id"], event["target_actor_id"], event["date_precision"]) == (
        "SYR",
        "Northern Column",
        expected,
    )
    assert (event["killed_low"], event["killed_best"], event["killed_high"], event["is_unique"]) == (2, 4, 9, True)


def test_a_best_estimate_outside_its_bounds_widens_them(read: Read) -> None:
    (event,) = read("ucdp", f"{UCDP}9,2,Reds,Blues,2016-01-01,2016-01-01,1,2,5,3\n")
    assert (event["killed_low"], event["killed_best"], event["killed_high"]) == (2, 5, 5)


ACLED = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,location,fatalities,notes\n"


def test_acled_types_actors_and_precision(read: Read) -> None:
    rows = (
        'PAK1,03 May 2021,1,Battles,Armed clash,Military Forces of Pakistan (2018-),TTP: Tehrik-i-Taliban Pakistan,Northtown,3,"A clash, it says."\n'
        "PAK2,05 May 2021,2,Explosions/Remote violence,Shelling/artillery/missile attack,TTP,Civilians (Pakistan),Northtown,0,x\n"
        "PAK3,05 May 2021,1,Protests,Peaceful protest,Protesters (Pakistan),,Northtown,0,x\n"
        "PAK4,05 May 2021,1,Strategic developments,Change to group/activity,TTP,Reds,Northtown,0,x\n"
        "PAK5,05 May 2021,1,Strategic developments,Unheard of,TTP,Reds,Northtown,0,x\n"
    )
    clash, shelling, *skipped = read("acled-csv", ACLED + rows)
    assert (clash["source_actor_id"], clash["target_actor_id"], clash["event_type"]) == ("PAK", "TTP", "ASSAULT")
    assert (clash["killed_best"], clash["description"], clash["start_date"]) == (
        3,
        "A clash, it says.",
        date(2021, 5, 3),
    )
    assert shelling["target_actor_id"] == "PAKCVL"
    assert (shelling["start_date"], shelling["end_date"], shelling["date_precision"]) == (
        date(2021, 5, 3),
        date(2021, 5, 9),
        "week",
    )
    assert [s.reason.split(" (")[0] for s in skipped] == [
        "actor2 is empty",
        "Strategic developments/Change to group/activity is no act between two actors",
        "the event type 'Strategic developments/Unheard of' is not known",
    ]


def test_acled_files_of_the_years_up_to_2018(read: Read) -> None:
    head = "DATA_ID;EVENT_DATE;TIME_PRECISION;EVENT_TYPE;ACTOR1;ALLY_ACTOR_1;ACTOR2;FATALITIES\n"
    rows = "11;12-Mar-16;1;Battle-No change of territory;TTP;;Military Forces of Pakistan (2013-);2\n12;13 March 2016;1;Riots/Protests;Protesters (Pakistan);;Police Forces of Pakistan (2013-);0\n"
    battle, protest = read("acled-csv", head + rows)
    assert (battle["event_type"], battle["start_date"], battle["killed_best"]) == ("ASSAULT", date(2016, 3, 12), 2)
    assert (protest["event_type"], protest["cameo_code"], protest["goldstein"]) == ("PROTEST", None, -6.5)


@pytest.mark.parametrize(
    ("code", "by_country", "expected"),
    [
        ("PAKGOV", False, "PAK"), ("PAKMIL", False, "PAK"), ("PAKREB", False, "PAKREB"), ("XYZGOV", False, "XYZ"), ("QQQ", False, "QQQ"),
        ("PAKREB", True, "PAK"), ("PALREB", True, "PAL"),
    ],
)  # fmt: skip
def test_codes_of_a_government_stand_for_the_state_and_by_country_all_do(
    code: str, by_country: bool, expected: str
) -> None:
    assert ActorCodes(load_actors(), by_country=by_country).code(code) == expected


def test_packed_files_and_json_lines(tmp_path: Path, codes: ActorCodes) -> None:
    line = '{"id": 1, "type_of_violence": 1, "side_a": "Reds", "side_b": "Blues", "date_start": "2016-01-01", "date_end": "2016-01-01", "date_prec": 1, "low": 1, "best": 1, "high": 1}\n'
    with gzip.open(tmp_path / "e.jsonl.gz", "wt") as file:
        file.write(line)
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("e.csv", f"{UCDP}1,1,Reds,Blues,2016-01-01,2016-01-01,1,1,1,1\n")
    ids = [
        e["event_id"]
        for name in ("e.jsonl.gz", "e.zip")
        for e in read_events(tmp_path / name, "ucdp", "x", codes)
        if isinstance(e, dict)
    ]
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.parametrize(
    ("form", "text", "message"),
    [
        ("cameo", "", r"events\.csv: the file is empty"),
        ("cameo", "day,source,target,code\n", r"events\.csv:1: cameo needs the columns .*; date is missing"),
        (
            "gdelt",
            "a\tb\n",
            r"events\.csv:1: gdelt has 57, 58 or 61 columns separated by tabs, or a header; this line has 2",
        ),
        ("icews", "Event ID\tx\n", r"events\.csv:1: icews needs the columns"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_line(read: Read, form: Format, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(form, text)


def test_a_file_that_is_not_there_or_damaged_is_said_so(tmp_path: Path, codes: ActorCodes) -> None:
    (tmp_path / "bad.gz").write_bytes(b"no gzip")
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    for name in ("none.csv", "bad.gz", "bad.zip"):
        with pytest.raises(InputError, match=f"{name} cannot be read"):
            list(read_events(tmp_path / name, "cameo", "x", codes))
