"""Manners towards servers, tried on a real one."""

import gzip
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from local_server import Server, conditional, reply, serving

from pipeline.ingest.fetcher import Fetcher, FetchError, Manners
from pipeline.ingest.http_cache import HttpCache

Fetch = Callable[..., Fetcher]


def fetcher(cache: HttpCache | None = None, **manners: object) -> Fetcher:
    quick = {
        "delay_seconds": 0,
        "timeout_seconds": 2,
        "private_hosts": ("127.0.0.1",),
        "user_agent": "faultline/1 (test)",
    }
    return Fetcher(Manners(**{**quick, **manners}), cache)  # type: ignore[arg-type]


def refused(url: str, **manners: object) -> FetchError:
    with fetcher(**manners) as asking, pytest.raises(FetchError) as caught:
        asking.fetch(url)
    return caught.value


def test_answer_is_fetched_under_an_honest_name(server: Server) -> None:
    server.routes["/a"] = reply("words")
    with fetcher() as asking:
        answer = asking.fetch(f"{server.url}/a")
    assert (answer.body, answer.content_type, answer.unchanged) == (b"words", "text/html; charset=utf-8", False)
    assert server.asked("/a")[0].headers["User-Agent"] == "faultline/1 (test)"


def test_what_is_stored_is_asked_for_only_if_it_has_changed(server: Server, tmp_path: Path) -> None:
    server.routes["/feed"] = conditional("first", '"1"')
    cache = HttpCache(tmp_path, 1_000_000)
    with fetcher(cache) as asking:
        assert not asking.fetch(f"{server.url}/feed").unchanged
    with fetcher(cache) as asking:  # another run
        again = asking.fetch(f"{server.url}/feed")
        assert (again.unchanged, again.body) == (True, b"first")
        server.routes["/feed"] = conditional("second", '"2"')
        assert asking.fetch(f"{server.url}/feed").body == b"second"
    assert [r.headers.get("If-None-Match") for r in server.asked("/feed")] == [None, '"1"', '"1"']


def test_last_modified_serves_where_there_is_no_etag(server: Server, tmp_path: Path) -> None:
    server.routes["/a"] = [reply("x", Last_Modified="Mon, 01 Mar 2021 10:00:00 GMT"), reply(status=304)]
    with fetcher(HttpCache(tmp_path, 1_000_000)) as asking:
        asking.fetch(f"{server.url}/a")
        assert asking.fetch(f"{server.url}/a").body == b"x"
    assert server.asked("/a")[1].headers["If-Modified-Since"] == "Mon, 01 Mar 2021 10:00:00 GMT"


def test_fresh_answer_is_not_asked_for_again_and_a_forbidden_one_not_stored(server: Server, tmp_path: Path) -> None:
    server.routes["/fresh"] = reply("x", Cache_Control="public, max-age=600")
    server.routes["/secret"] = reply("x", Cache_Control="no-store", ETag='"1"')
    with fetcher(HttpCache(tmp_path, 1_000_000)) as asking:
        for _ in range(2):
            asking.fetch(f"{server.url}/fresh")
            asking.fetch(f"{server.url}/secret")
    assert len(server.asked("/fresh")) == 1
    assert [r.headers.get("If-None-Match") for r in server.asked("/secret")] == [None, None]


def test_cache_stays_within_its_size_and_survives_damage(tmp_path: Path) -> None:
    cache = HttpCache(tmp_path, 2500)
    for i in range(4):
        cache.put(f"http://x.example/{i}", {}, b"x" * 800)
        time.sleep(0.01)
    cache.prune()
    assert cache.get("http://x.example/0") is None
    stored = cache.get("http://x.example/3")
    assert stored and stored.body == b"x" * 800
    for file in tmp_path.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-5])
    assert cache.get("http://x.example/3") is None


def test_too_many_requests_waits_as_asked_and_tries_again(server: Server) -> None:
    server.routes["/a"] = [reply(status=429, Retry_After="1"), reply("x")]
    with fetcher() as asking:
        assert asking.fetch(f"{server.url}/a").body == b"x"
    first, second = server.asked("/a")
    assert second.at - first.at >= 1


def test_retry_after_may_be_a_date(server: Server) -> None:
    server.routes["/a"] = [reply(status=503, Retry_After=formatdate(time.time() + 2, usegmt=True)), reply("x")]
    with fetcher() as asking:
        assert asking.fetch(f"{server.url}/a").body == b"x"
    first, second = server.asked("/a")
    assert second.at - first.at >= 0.9


def test_longer_wait_than_a_run_allows_is_left_to_the_next_run(server: Server) -> None:
    server.routes["/a"] = reply(status=429, Retry_After="3600")
    error = refused(f"{server.url}/a", longest_wait_seconds=5)
    assert "429, and asks to wait 3,600 s" in error.reason and not error.permanent
    assert len(server.asked("/a")) == 1


def test_broken_server_is_asked_again_with_growing_pauses_and_then_left(server: Server) -> None:
    server.routes["/a"] = reply(status=500)
    error = refused(f"{server.url}/a", tries=3)
    assert "500, 3 times in a row" in error.reason and not error.permanent
    times = [r.at for r in server.asked("/a")]
    assert len(times) == 3 and times[2] - times[1] > times[1] - times[0] > 0.7


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (410, True), (403, False), (401, False)])
def test_missing_page_is_not_asked_again(server: Server, status: int, permanent: bool) -> None:
    server.routes["/a"] = reply(status=status)
    error = refused(f"{server.url}/a")
    assert str(status) in error.reason and error.permanent is permanent
    assert len(server.asked("/a")) == 1


def test_host_that_does_not_answer_is_no_permanent_fault() -> None:
    with serving() as gone:
        url = gone.url
    error = refused(f"{url}/a", tries=1)
    assert not error.permanent
    assert not refused("http://no-such-host.invalid/", tries=1).permanent


def test_robots_txt_is_read_once_and_obeyed(server: Server) -> None:
    server.routes["/robots.txt"] = reply("User-agent: faultline\nDisallow: /private/\n\nUser-agent: *\nDisallow: /\n")
    server.routes["/open"] = reply("x")
    server.routes["/private/a"] = reply("x")
    with fetcher() as asking:
        asking.fetch(f"{server.url}/open")
        with pytest.raises(FetchError, match=r"robots.txt forbids"):
            asking.fetch(f"{server.url}/private/a")
    assert len(server.asked("/robots.txt")) == 1
    assert not server.asked("/private/a")


def test_crawl_delay_of_robots_txt_is_kept(server: Server) -> None:
    server.routes["/robots.txt"] = reply("User-agent: *\nCrawl-delay: 0.6\n")
    server.routes["/a"] = reply("x")
    with fetcher() as asking:
        for _ in range(3):
            asking.fetch(f"{server.url}/a")
    first, second, third = (r.at for r in server.asked("/a"))
    assert third - second >= 0.55 and second - first >= 0.55


def test_nothing_is_fetched_of_a_host_whose_robots_txt_cannot_be_read(server: Server) -> None:
    server.routes["/robots.txt"] = reply(status=503)
    server.routes["/a"] = reply("x")
    assert "robots.txt cannot be read" in refused(f"{server.url}/a", tries=1).reason
    assert not server.asked("/a")


def test_requests_to_one_host_keep_their_distance(server: Server) -> None:
    server.routes["/a"] = reply("x")
    jobs = [(f"{server.url}/a", i) for i in range(4)]
    with fetcher(delay_seconds=0.2) as asking:
        assert sorted(payload for payload, _ in asking.fetch_many(jobs)) == [0, 1, 2, 3]
    times = [r.at for r in server.asked("/a")]
    # The server notes a request when it comes to it, which on a busy machine is later than it was sent.
    assert min(b - a for a, b in zip(times, times[1:], strict=False)) >= 0.1


def test_slow_host_does_not_hold_up_another_one(server: Server) -> None:
    server.routes["/slow"] = reply("x", wait=1.0)
    with serving() as other:
        other.routes["/quick"] = reply("x")
        jobs = [(f"{server.url}/slow", "slow"), *((f"{other.url}/quick", "quick") for _ in range(5))]
        with fetcher() as asking:
            assert [payload for payload, _ in asking.fetch_many(jobs)][-1] == "slow"


def test_one_host_is_asked_by_as_many_at_a_time_as_allowed(server: Server) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def counting(request: BaseHTTPRequestHandler) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.1)
        with lock:
            running -= 1
        reply("x")(request)

    server.routes["/a"] = counting
    with fetcher(per_host=2) as asking:
        assert len(list(asking.fetch_many([(f"{server.url}/a", i) for i in range(8)]))) == 8
    assert most == 2


def test_jobs_are_read_ahead_only_so_far(server: Server) -> None:
    server.routes["/a"] = reply("x")
    taken = 0

    def endless() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield f"{server.url}/a", taken

    with fetcher() as asking:
        answers = asking.fetch_many(endless())  # type: ignore[arg-type]
        for _ in range(3):
            next(answers)
        answers.close()  # type: ignore[attr-defined]
    assert taken < 1000


def test_redirects_are_followed_with_the_same_checks(server: Server) -> None:
    server.routes["/old"] = reply(status=301, Location="/new")
    server.routes["/new"] = reply("x")
    server.routes["/robots.txt"] = reply("User-agent: *\nDisallow: /hidden\n")
    server.routes["/trick"] = reply(status=302, Location="/hidden")
    with fetcher() as asking:
        assert asking.fetch(f"{server.url}/old").url == f"{server.url}/new"
    assert "robots.txt forbids" in refused(f"{server.url}/trick").reason


def test_endless_redirects_end(server: Server) -> None:
    server.routes["/a"] = reply(status=302, Location="/a")
    assert "redirects more than 5 times" in refused(f"{server.url}/a").reason
    assert len(server.asked("/a")) == 6


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.2/", "http://localhost:{port}/x", "http://[::1]/", "http://169.254.169.254/latest/meta-data/",
     "http://0.0.0.0/", "http://10.1.2.3/", "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://0x7f.1/"],
)  # fmt: skip
def test_redirect_to_a_private_address_is_not_followed(server: Server, target: str) -> None:
    port = server.url.rpartition(":")[2]
    server.routes["/a"] = reply(status=302, Location=target.format(port=port))
    error = refused(f"{server.url}/a", private_hosts=("127.0.0.1",), tries=1)
    assert "public" in error.reason and error.permanent, error.reason
    assert not server.asked("/x")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "javascript:alert(1)", "ftp://127.0.0.1/x", "gopher://x/"])
def test_redirect_to_what_is_no_web_address_is_not_followed(server: Server, target: str) -> None:
    server.routes["/a"] = reply(status=302, Location=target)
    assert "only http and https" in refused(f"{server.url}/a").reason


def test_private_addresses_are_refused_unless_named() -> None:
    with serving() as server:
        server.routes["/a"] = reply("x")
        assert refused(f"{server.url}/a", private_hosts=()).reason.startswith(
            "127.0.0.1 is no public address: it was not asked"
        )
        assert not server.requests
        host = server.url.removeprefix("http://")
        with fetcher(private_hosts=(host,)) as asking:
            assert asking.fetch(f"{server.url}/a").body == b"x"


def test_too_large_an_answer_is_not_read_to_its_end(server: Server) -> None:
    server.routes["/a"] = reply(b"x" * 100_000)
    assert "larger than 5,000 bytes" in refused(f"{server.url}/a", max_bytes=5000).reason


def test_bomb_in_gzip_is_not_unpacked(server: Server) -> None:
    server.routes["/a"] = reply(gzip.compress(b"0" * 200_000_000), Content_Encoding="gzip")
    assert "larger than 1,000,000 bytes" in refused(f"{server.url}/a", max_bytes=1_000_000).reason


def test_packed_answer_is_unpacked_and_a_damaged_one_refused(server: Server) -> None:
    packed = gzip.compress(b"words " * 1000)
    server.routes["/a"] = reply(packed, Content_Encoding="gzip")
    server.routes["/cut"] = reply(packed[:-10], Content_Encoding="gzip")
    with fetcher(tries=1) as asking:
        assert asking.fetch(f"{server.url}/a").body == b"words " * 1000
        with pytest.raises(FetchError, match="cut off"):
            asking.fetch(f"{server.url}/cut")


def test_endless_stream_ends(server: Server) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.close_connection = True
        while True:
            request.wfile.write(b"drop ")
            request.wfile.flush()
            time.sleep(0.05)

    server.routes["/a"] = endless
    assert "took longer than 0.5 s" in refused(f"{server.url}/a", total_seconds=0.5).reason


def test_silent_server_times_out(server: Server) -> None:
    server.routes["/a"] = reply("x", wait=3)
    error = refused(f"{server.url}/a", timeout_seconds=0.3, tries=1)
    assert not error.permanent


def test_connection_that_breaks_off_is_tried_again(server: Server) -> None:
    def broken(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b"half")
        request.close_connection = True

    server.routes["/a"] = [broken, reply("whole")]
    with fetcher() as asking:
        assert asking.fetch(f"{server.url}/a").body == b"whole"


def test_stopped_reading_does_not_sit_out_its_pauses(server: Server) -> None:
    server.routes["/a"] = reply("x")
    server.routes["/busy"] = reply(status=429, Retry_After="30")
    with serving() as other, fetcher(concurrency=2) as asking:
        other.routes["/a"] = reply("x")
        answers = asking.fetch_many([(f"{server.url}/busy", 1), (f"{other.url}/a", 2)])
        next(answers)
        while not server.asked("/busy"):
            time.sleep(0.01)
        begin = time.monotonic()
        answers.close()  # type: ignore[attr-defined]
        assert time.monotonic() - begin < 5
