import ipaddress
import socket

import httpx
import pytest

from pipeline.ingest.http_guard import ForbiddenAddressError, GuardedTransport, is_public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False), ("10.0.0.1", False), ("172.16.5.5", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False),  # noqa: S104
        ("::1", False), ("::", False), ("fe80::1", False), ("fc00::1", False), ("ff02::1", False),
        ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False), ("::ffff:93.184.216.34", True),
    ],
)  # fmt: skip
def test_public_addresses_are_told_from_others(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


class Recorder(httpx.BaseTransport):
    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200)


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: answers)


def test_connection_goes_to_the_checked_address_under_the_hosts_name(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "93.184.216.34")
    recorder = Recorder()
    with httpx.Client(transport=GuardedTransport(recorder)) as client:
        client.get("https://news.example/a")
    [request] = recorder.requests
    assert str(request.url) == "https://93.184.216.34/a"
    assert request.headers["Host"] == "news.example"
    assert request.extensions["sni_hostname"] == "news.example"


def test_host_with_one_private_address_among_public_ones_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "93.184.216.34", "192.168.1.1")
    recorder = Recorder()
    with (
        httpx.Client(transport=GuardedTransport(recorder)) as client,
        pytest.raises(ForbiddenAddressError, match="private_hosts"),
    ):
        client.get("https://news.example/a")
    assert not recorder.requests


def test_named_host_may_have_a_private_address(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "192.168.1.1")
    recorder = Recorder()
    with httpx.Client(transport=GuardedTransport(recorder, ["News.Example"])) as client:
        client.get("https://news.example/a")
    assert len(recorder.requests) == 1
