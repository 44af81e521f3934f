"""A real HTTP server on the loopback address whose answers a test sets, and that remembers what it was asked."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Handler = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Request:
    path: str
    headers: Mapping[str, str]
    at: float
    body: bytes = b""


@dataclass
class Server:
    """``routes`` maps paths to a handler, or to answers as ``reply`` makes them; a list is given one by one, its last for ever."""

    url: str = ""
    routes: dict[str, Handler | list[Handler]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def asked(self, path: str) -> list[Request]:
        return [r for r in self.requests if r.path == path]


def reply(body: str | bytes = b"", status: int = 200, wait: float = 0, **headers: str) -> Handler:
    """An answer; header names with underscores: ``Retry_After="1"``."""
    data = body.encode() if isinstance(body, str) else body

    def handler(request: BaseHTTPRequestHandler) -> None:
        time.sleep(wait)
        request.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Type": "text/html; charset=utf-8", **named}.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    return handler


def conditional(body: str, etag: str, content_type: str = "application/rss+xml") -> Handler:
    """Answers 304 to who has this state already."""

    def handler(request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("If-None-Match") == etag:
            reply(status=304)(request)
        else:
            reply(body, ETag=etag, Content_Type=content_type)(request)

    return handler


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    lock = threading.Lock()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:  # noqa: N802 - the base class names it
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with lock:
                server.requests.append(Request(self.path, dict(self.headers), time.monotonic(), body))
                found = server.routes.get(self.path, reply("not here", 404))
                handler = (found.pop(0) if len(found) > 1 else found[0]) if isinstance(found, list) else found
            try:
                handler(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_POST = do_GET  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *arguments: object) -> None:  # clients that break off are part of the tests
            pass

    httpd = Quiet(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{httpd.server_port}"
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def page(title: str, sentence: str, head: str = "") -> str:
    """A page with enough text that the extractor finds the article in it."""
    body = "".join(
        f"<p>{sentence} Officials of the {word} district confirmed the report and said that the road to the {word} pass was closed "
        f"until further notice, while traders waited with their lorries at the {word} bridge.</p>"
        for word in ("northern", "eastern", "upper")
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{body}</article><footer>Imprint</footer></body></html>"
    )
