"""Files by their addresses: over HTTP from a local server, from S3 from a local store that speaks its protocol."""

import csv
import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from local_server import Server, reply
from moto.server import ThreadedMotoServer

from pipeline.ingest.fetcher import Fetcher, Manners
from pipeline.ingest.fields import USUAL_NAMES
from pipeline.ingest.object_store import ObjectStore, StoreAccess
from pipeline.ingest.remote import Downloads, RemoteFileSource
from pipeline.ingest.source import DEFAULT_LIMITS, Item, SourceFailedError
from pipeline.records import Article, Done, Rejected

# botocore, which only the test writes with
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:botocore", "ignore::ResourceWarning")

ROWS = [{"title": f"Report {i}", "text": f"Guards closed crossing {i}."} for i in range(3)]


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(Manners(delay_seconds=0, timeout_seconds=2, tries=1, private_hosts=("127.0.0.1",))) as fetcher:
        yield fetcher


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A fresh bucket, and the credentials in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "something")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.client("s3", endpoint_url=s3)
    client.create_bucket(Bucket="news")
    yield client
    for entry in client.list_objects_v2(Bucket="news").get("Contents", ()):
        client.delete_object(Bucket="news", Key=entry["Key"])
    client.delete_bucket(Bucket="news")
    client.close()


def jsonl(rows: list[dict[str, str]] = ROWS) -> bytes:
    return "".join(json.dumps(r) + "\n" for r in rows).encode()


def parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), buffer)
    return buffer.getvalue()


def table() -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, ["title", "text"])
    writer.writeheader()
    writer.writerows(ROWS)
    return text.getvalue().encode()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("a.jsonl", jsonl())
    return buffer.getvalue()


KINDS = {"a.jsonl": jsonl, "a.jsonl.gz": lambda: gzip.compress(jsonl()), "a.csv": table, "a.parquet": parquet, "a.zip": archive}  # fmt: skip


def source(
    folder: Path, fetcher: Fetcher, *urls: str, endpoint: str | None = None, max_bytes: int = 10_000_000
) -> RemoteFileSource:
    store = ObjectStore(StoreAccess(endpoint))
    return RemoteFileSource(
        "remote", urls, Downloads(folder / "downloads"), fetcher, store, DEFAULT_LIMITS, USUAL_NAMES, max_bytes
    )


def titles(items: list[Item]) -> list[str | None]:
    return [i.title for i in items if isinstance(i, Article)]


def done(items: list[Item]) -> dict[str, str]:
    return {i.item: i.version for i in items if isinstance(i, Done)}


def left(folder: Path) -> list[Path]:
    return list((folder / "downloads").rglob("*"))


def versioned(body: bytes, etag: str):  # type: ignore[no-untyped-def]
    def handler(request):  # type: ignore[no-untyped-def]
        if request.headers.get("If-None-Match") == etag:
            reply(status=304)(request)
        else:
            reply(body, ETag=etag, Content_Type="application/octet-stream")(request)

    return handler


@pytest.mark.parametrize("name", KINDS)
def test_file_of_each_kind_is_read_once_over_http(tmp_path: Path, fetcher: Fetcher, server: Server, name: str) -> None:
    url = f"{server.url}/{name}"
    server.routes[f"/{name}"] = versioned(KINDS[name](), '"one"')
    items = list(source(tmp_path, fetcher, url).read())
    assert titles(items) == ["Report 0", "Report 1", "Report 2"]
    origins = [i.origin for i in items if isinstance(i, Article)]
    assert all(o and o.startswith(url) for o in origins), "each can be traced to its address"
    assert done(items)[url] == '"one"' and not left(tmp_path)
    assert not list(source(tmp_path, fetcher, url).read(lambda urls: done(items)))
    assert server.requests[-1].headers["If-None-Match"] == '"one"'
    server.routes[f"/{name}"] = versioned(KINDS[name](), '"two"')
    assert len(titles(list(source(tmp_path, fetcher, url).read(lambda urls: done(items))))) == 3


def test_server_without_etag_is_told_by_the_date_of_change_or_by_the_content(
    tmp_path: Path, fetcher: Fetcher, server: Server
) -> None:
    url = f"{server.url}/a.jsonl"
    stamp = "Tue, 07 Sep 2021 10:00:00 GMT"
    server.routes["/a.jsonl"] = reply(jsonl(), Last_Modified=stamp)
    first = done(list(source(tmp_path, fetcher, url).read()))
    assert first == {url: stamp}
    assert not list(source(tmp_path, fetcher, url).read(lambda urls: first))
    assert server.requests[-1].headers["If-Modified-Since"] == stamp
    server.routes["/a.jsonl"] = reply(jsonl())
    plain = done(list(source(tmp_path, fetcher, url).read()))
    assert not list(source(tmp_path, fetcher, url).read(lambda urls: plain)), "the same content is the same version"
    server.routes["/a.jsonl"] = reply(jsonl(ROWS[:2]))
    assert len(titles(list(source(tmp_path, fetcher, url).read(lambda urls: plain)))) == 2


def test_address_that_fails_does_not_keep_the_others(tmp_path: Path, fetcher: Fetcher, server: Server) -> None:
    server.routes["/b.jsonl"] = reply(jsonl())
    server.routes["/large.jsonl"] = reply(b"x" * 2000)
    urls = [f"{server.url}/{n}.jsonl" for n in ("absent", "large", "b")]
    items: list[Item] = []
    with pytest.raises(SourceFailedError, match=r"absent.jsonl: it answers 404.*large.jsonl: it is larger"):
        items.extend(source(tmp_path, fetcher, *urls, max_bytes=1000).read())
    assert len(titles(items)) == 3 and not left(tmp_path)
    with pytest.raises(SourceFailedError, match="larger than 1,000 bytes"):
        list(source(tmp_path, fetcher, urls[1], max_bytes=1000).read())


def test_private_addresses_and_redirects_to_them_are_not_asked(tmp_path: Path, server: Server) -> None:
    with (
        Fetcher(Manners(delay_seconds=0, tries=1)) as guarded,
        pytest.raises(SourceFailedError, match="127.0.0.1 is no public address"),
    ):
        list(source(tmp_path, guarded, f"{server.url}/a.jsonl").read())
    assert not server.requests
    server.routes["/a.jsonl"] = reply(status=302, Location="http://10.0.0.1/secret")
    with (
        Fetcher(Manners(delay_seconds=0, tries=1, private_hosts=("127.0.0.1",))) as guarded,
        pytest.raises(SourceFailedError, match="10.0.0.1 is no public address"),
    ):
        list(source(tmp_path, guarded, f"{server.url}/a.jsonl").read())


def test_body_that_breaks_off_is_asked_again_and_never_read_in_part(
    tmp_path: Path, fetcher: Fetcher, server: Server
) -> None:
    def broken(request) -> None:  # type: ignore[no-untyped-def]
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        request.wfile.write(jsonl())
        request.close_connection = True

    server.routes["/a.jsonl"] = broken
    items: list[Item] = []
    with pytest.raises(SourceFailedError, match="The next run tries again"):
        items.extend(source(tmp_path, fetcher, f"{server.url}/a.jsonl").read())
    assert not items and not left(tmp_path)


def test_reading_that_was_stopped_goes_on_in_the_file_that_it_has(
    tmp_path: Path, fetcher: Fetcher, server: Server
) -> None:
    url = f"{server.url}/a.jsonl"
    rows = [{"text": f"Guards closed crossing {i}."} for i in range(250)]
    server.routes["/a.jsonl"] = versioned(jsonl(rows), '"one"')
    reading = source(tmp_path, fetcher, url).read()
    before = []
    for item in reading:
        before.append(item)
        if isinstance(item, Done):
            break
    reading.close()  # type: ignore[attr-defined]
    assert len([i for i in before if isinstance(i, Article)]) == 100
    rest = list(source(tmp_path, fetcher, url).read(lambda urls: done(before)))
    assert len([i for i in rest if isinstance(i, Article)]) == 150
    assert len(server.asked("/a.jsonl")) == 1, "it is not fetched a second time"
    assert not left(tmp_path)


@pytest.mark.parametrize("name", KINDS)
def test_object_of_each_kind_is_read_once_from_s3(
    tmp_path: Path,
    fetcher: Fetcher,
    s3: str,
    bucket,
    name: str,  # type: ignore[no-untyped-def]
) -> None:
    bucket.put_object(Bucket="news", Key=f"2021/{name}", Body=KINDS[name]())
    url = f"s3://news/2021/{name}"
    items = list(source(tmp_path, fetcher, url, endpoint=s3).read())
    assert titles(items) == ["Report 0", "Report 1", "Report 2"]
    assert list(done(items)) == [url] and not left(tmp_path)
    assert not list(source(tmp_path, fetcher, url, endpoint=s3).read(lambda urls: done(items)))
    bucket.put_object(Bucket="news", Key=f"2021/{name}", Body=jsonl(ROWS[:1]))
    changed = list(source(tmp_path, fetcher, url, endpoint=s3).read(lambda urls: done(items)))
    assert titles(changed) == ["Report 0"], "another ETag is another file"


def test_folders_and_patterns_of_s3(tmp_path: Path, fetcher: Fetcher, s3: str, bucket) -> None:  # type: ignore[no-untyped-def]
    for key in ("2021/b.jsonl", "2021/a.jsonl", "2021/more/c.csv", "2022/d.jsonl"):
        bucket.put_object(Bucket="news", Key=key, Body=table() if key.endswith("csv") else jsonl(ROWS[:1]))
    found = {
        url: list(done(list(source(tmp_path, fetcher, url, endpoint=s3).read())))
        for url in ("s3://news/2021", "s3://news/2021/", "s3://news/*/*.jsonl", "s3://news")
    }
    below = ["s3://news/2021/a.jsonl", "s3://news/2021/b.jsonl", "s3://news/2021/more/c.csv"]
    assert found["s3://news/2021"] == found["s3://news/2021/"] == below
    assert found["s3://news/*/*.jsonl"] == [*below[:2], "s3://news/2022/d.jsonl"]
    assert found["s3://news"] == [*below, "s3://news/2022/d.jsonl"]


def test_what_is_wrong_with_a_store_is_said(
    tmp_path: Path,
    fetcher: Fetcher,
    s3: str,
    bucket,
    monkeypatch: pytest.MonkeyPatch,  # type: ignore[no-untyped-def]
) -> None:
    for url, words in (
        ("s3://news/absent", "nothing there"),
        ("s3://olds/a", "no such bucket"),
        ("s3://news/*.x", "nothing"),
    ):
        with pytest.raises(SourceFailedError, match=words):
            list(source(tmp_path, fetcher, url, endpoint=s3).read())
    bucket.put_object(Bucket="news", Key="a.jsonl", Body=jsonl())
    items = list(source(tmp_path, fetcher, "s3://news/a.jsonl", endpoint=s3, max_bytes=10).read())
    [rejected] = [i for i in items if isinstance(i, Rejected)]
    assert "raise max_mb" in rejected.reason and not done(items)
    with pytest.raises(SourceFailedError, match=r"http://127.0.0.1:9 does not answer. Check endpoint"):
        list(source(tmp_path, fetcher, "s3://news/a.jsonl", endpoint="http://127.0.0.1:9").read())
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(SourceFailedError, match=r"Install it with: uv sync --extra s3"):
        list(source(tmp_path, fetcher, "s3://news/a.jsonl", endpoint=s3).read())


def test_nothing_of_the_extra_is_loaded_without_a_source_that_needs_it() -> None:
    code = "import sys, pipeline.ingest.remote, pipeline.ingest.catalog; sys.exit('obstore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
