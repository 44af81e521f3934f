"""GDELT's files in their published forms, with made-up rows."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from local_server import Server, page, reply

from pipeline.ingest.fetcher import Fetcher, Manners
from pipeline.ingest.fields import USUAL_NAMES
from pipeline.ingest.gdelt import GdeltSource
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


def source(fetcher: Fetcher, *paths: Path) -> GdeltSource:
    return GdeltSource("gdelt", paths, fetcher, DEFAULT_LIMITS, USUAL_NAMES)


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
