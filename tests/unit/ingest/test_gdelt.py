"""GDELT's files in their published forms, with made-up rows."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from local_server import Server, page, reply

from pipeline.ingest.fetcher import Fetcher, Manners
from pipeline.ingest.fields import USUAL_NAMES
from pipeline.ingest.gdelt import EVERY_PAGE, Choice, GdeltSource
from pipeline.ingest.gdelt_files import Table, published_files
from pipeline.ingest.remote import Downloads
from pipeline.ingest.source import DEFAULT_LIMITS, Item, SourceFailedError
from pipeline.records import Article, Done, Rejected


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(Manners(delay_seconds=0, timeout_seconds=2, tries=1, private_hosts=("127.0.0.1",))) as fetcher:
        yield fetcher


def row(columns: int, **cells: str) -> str:
    found = [""] * columns
    for place, value in cells.items():
        found[int(place[1:])] = value
    return "\t".join(found) + "\n"


def packed(name: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, text)
    return buffer.getvalue()


def source(fetcher: Fetcher, *paths: Path, choice: Choice = EVERY_PAGE) -> GdeltSource:
    return GdeltSource("gdelt", paths, fetcher, DEFAULT_LIMITS, USUAL_NAMES, choice=choice)


def from_server(
    server: Server,
    fetcher: Fetcher,
    folder: Path,
    *tables: Table,
    since: date | None = None,
    until: date | None = None,
    choice: Choice = EVERY_PAGE,
) -> GdeltSource:
    return GdeltSource(
        "gdelt",
        (),
        fetcher,
        DEFAULT_LIMITS,
        USUAL_NAMES,
        choice=choice,
        published=lambda: published_files(server.url, tables, since, until, fetcher),
        downloads=Downloads(folder / "downloads"),
    )


def done(items: list[Item]) -> dict[str, str]:
    return {i.item: i.version for i in items if isinstance(i, Done)}


def ngrams(*words: tuple[str, str, str]) -> str:
    """Lines of Web NGrams, made up: (word, language, address)."""
    return "".join(
        json.dumps(
            {
                "date": "2021-12-07T00:01:00Z",
                "ngram": w,
                "lang": lang,
                "type": 1,
                "pos": 10,
                "pre": "by the",
                "post": "at",
                "url": url,
            }
        )
        + "\n"
        for w, lang, url in words
    )


def articles(items: list[Item]) -> dict[str | None, date | None]:
    return {i.title: i.published for i in items if isinstance(i, Article)}


def test_pages_of_every_table_are_read_once(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    server.routes |= {f"/{n}": reply(page(n, f"Report {n}.")) for n in "abcd"}
    url = server.url
    files = {
        "20210907.export.CSV": row(58, _57=f"{url}/a") + row(58, _57=f"{url}/a"),
        "20210907000000.export.CSV": row(61, _60=f"{url}/b", _59="20210907000000"),
        "20210907000000.mentions.CSV": row(16, _3="1", _5=f"{url}/c") + row(16, _3="2", _5="BBC Monitoring"),
        "20210907000000.gkg.csv": row(27, _1="20210907001500", _2="1", _4=f"{url}/d")
        + row(27, _1="20210907", _2="1", _4=f"{url}/a"),
    }
    for name, text in files.items():
        (tmp_path / f"{name}.zip").write_bytes(packed(name, text))
    items = list(source(fetcher, tmp_path).read())
    found = articles(items)
    assert set(found) == {"a", "b", "c", "d"}
    assert found["d"] == date(2021, 9, 7), "GKG states the publication date"
    assert found["b"] is None, "the day on which GDELT came upon a page is no publication date"
    known = {i.item: i.version for i in items if isinstance(i, Done)}
    assert not list(source(fetcher, tmp_path).read(lambda items: known))


def test_file_with_a_page_to_be_asked_again_is_not_done(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    server.routes["/a"] = reply(status=503)
    path = tmp_path / "x.export.CSV"
    path.write_text(row(58, _57=f"{server.url}/a") + row(58, _57="javascript:alert(1)"))
    items = list(source(fetcher, path).read())
    assert {i.item for i in items if isinstance(i, Done)} == {"javascript:alert(1)"}
    server.routes["/a"] = reply(page("a", "Report a."))
    assert set(articles(list(source(fetcher, path).read()))) == {"a"}


def test_other_tables_are_rejected(fetcher: Fetcher, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a\tb\n")
    items = list(source(fetcher, path).read())
    [rejected] = [i for i in items if isinstance(i, Rejected)]
    assert "2 columns" in rejected.reason and rejected.line == 1
    with pytest.raises(SourceFailedError, match="nothing at"):
        list(source(fetcher, tmp_path / "absent").read())


def test_files_of_a_time_are_fetched_by_their_scheme_and_read_once(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    server.routes |= {f"/{n}": reply(page(n, f"Report {n}.")) for n in "abc"}
    for stamp, name in (("20210907001500", "a"), ("20210907003000", "b"), ("20210907010000", "c")):
        body = packed("x.export.CSV", row(61, _60=f"{server.url}/{name}"))
        server.routes[f"/gdeltv2/{stamp}.export.CSV.zip"] = reply(body, Content_Type="application/zip")
    reading = from_server(
        server, fetcher, tmp_path, "export", since=datetime(2021, 9, 7, 0, 5, tzinfo=UTC), until=datetime(2021, 9, 7, 0, 45, tzinfo=UTC)
    )  # fmt: skip
    items = list(reading.read())
    assert set(articles(items)) == {"a", "b"}
    asked = [r.path for r in server.requests if r.path.startswith("/gdeltv2/")]
    assert asked == [f"/gdeltv2/202109070{m}00.export.CSV.zip" for m in ("015", "030", "045")]
    assert done(items)[f"{server.url}/gdeltv2/20210907004500.export.CSV.zip"] == "not published", "a gap is no fault"
    assert not [i for i in items if isinstance(i, Rejected)] and not list((tmp_path / "downloads").iterdir())
    before = len(server.requests)
    assert not list(reading.read(lambda urls: done(items)))
    assert len(server.requests) == before


def test_without_a_time_the_newest_files_are_read(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    stamp = "20210907120000"
    names = [f"{stamp}.export.CSV.zip", f"{stamp}.mentions.CSV.zip", f"{stamp}.gkg.csv.zip"]
    listed = "".join(f"123 0a1b http://data.gdelt.example/gdeltv2/{n}\n" for n in names)
    server.routes["/gdeltv2/lastupdate.txt"] = reply(listed, Content_Type="text/plain")
    server.routes["/a"] = reply(page("a", "Report a."))
    server.routes["/b"] = reply(page("b", "Report b."))
    server.routes[f"/gdeltv2/{names[2]}"] = reply(
        packed("x.csv", row(27, _1="20210907113000", _2="1", _4=f"{server.url}/a"))
    )
    server.routes[f"/gdeltv2/{names[0]}"] = reply(packed("x.CSV", row(61, _60=f"{server.url}/b")))
    assert articles(list(from_server(server, fetcher, tmp_path, "export", "gkg").read())) == {
        "a": date(2021, 9, 7),
        "b": None,
    }
    # With a beginning: all files from there up to the newest one.
    found = published_files(server.url, ["gkg"], datetime(2021, 9, 7, 11, 20, tzinfo=UTC), None, fetcher)
    assert [f.at.strftime("%H%M") for f in found] == ["1130", "1145", "1200"]


def test_wrong_server_is_a_failure_and_a_late_file_is_asked_again(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    items: list[Item] = []
    with pytest.raises(SourceFailedError, match=r"none of 96 files\. Check base_url, since"):
        items.extend(
            from_server(server, fetcher, tmp_path, "gkg", since=date(2021, 9, 7), until=date(2021, 9, 7)).read()
        )
    assert not items, "none of them is taken for a gap"
    with pytest.raises(SourceFailedError, match=r"lastupdate.txt: it answers 404"):
        list(from_server(server, fetcher, tmp_path, "gkg").read())
    now = datetime.now(UTC)
    recent = list(from_server(server, fetcher, tmp_path, "webngrams", since=now - timedelta(minutes=2)).read())
    assert not done(recent)


def test_pages_of_a_published_file_that_do_not_answer_are_asked_again_for_two_days(
    server: Server, fetcher: Fetcher, tmp_path: Path
) -> None:
    server.routes["/a"] = reply(status=503)
    states = {}
    for age in (timedelta(hours=5), timedelta(days=5)):
        at = (datetime.now(UTC) - age).replace(second=0, microsecond=0)
        url = f"/gdeltv3/webngrams/{at:%Y%m%d%H%M%S}.webngrams.json.gz"
        server.routes[url] = reply(gzip.compress(ngrams(("pass", "en", f"{server.url}/a")).encode()))
        items = list(from_server(server, fetcher, tmp_path, "webngrams", since=at, until=at).read())
        assert [i.origin for i in items if isinstance(i, Rejected)] == [f"{server.url}/a"]
        states[age.days] = f"{server.url}{url}" in done(items)
    assert states == {0: False, 5: True}


def test_web_ngrams_give_addresses_and_no_text(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    server.routes |= {f"/{n}": reply(page(n, f"Report {n}.")) for n in ("a", "b", "es", "left")}
    url = server.url
    lines = ngrams(
        ("guards", "en", f"{url}/a"), ("paso", "es", f"{url}/es"), ("closed", "en", f"{url}/b"), ("pass", "en", f"{url}/a"),
        ("talks", "en", f"{url}/left"),
    )  # fmt: skip
    path = tmp_path / "20211207000100.webngrams.json.gz"
    path.write_bytes(gzip.compress(lines.encode()))
    choice = Choice(exclude=("*/left",), languages=("en",))
    items = list(source(fetcher, path, choice=choice).read())
    assert articles(items) == {"a": None, "b": None}, "when GDELT saw a page is no date of publication"
    assert all("Officials" in i.text for i in items if isinstance(i, Article)), "the text is the page's own"
    assert len(server.asked("/a")) == 1 and not server.asked("/es") and not server.asked("/left")
    path.write_bytes(gzip.compress(b'{"ngram": "x"}\n'))
    [rejected] = [i for i in source(fetcher, path).read() if isinstance(i, Rejected)]
    assert "no record of GDELT's Web NGrams" in rejected.reason and rejected.line == 1


def test_pages_are_chosen_by_their_addresses(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    server.routes |= {f"/{n}": reply(page(n, f"Report {n}.")) for n in "ab"}
    path = tmp_path / "x.export.CSV"
    path.write_text(row(61, _60=f"{server.url}/a") + row(61, _60=f"{server.url}/b"))
    assert set(articles(list(source(fetcher, path, choice=Choice(include=("*/b",))).read()))) == {"b"}
