"""Where the program may connect to: web addresses whose host has public addresses only.

What belongs here: the guard against server-side request forgery. A feed, a redirect or a name server must not make the program
ask a machine of the user's own network. What does not: manners (``fetcher``).

The name is resolved once, every address is checked, and the connection goes to a checked address: a name that answers
differently a moment later (DNS rebinding) gains nothing. TLS still checks the certificate against the name.
"""

import ipaddress
import socket
from collections.abc import Collection

import httpx

from pipeline.ingest.source import UnreadableError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ForbiddenAddressError(UnreadableError):
    """The address is none that may be asked."""


class GuardedTransport(httpx.BaseTransport):
    """Sends requests to checked addresses only.

    Args:
        inner: sends them.
        private_hosts: names (``intranet.example`` or ``127.0.0.1:8000``) that may have private addresses.
    """

    def __init__(self, inner: httpx.BaseTransport, private_hosts: Collection[str] = ()) -> None:
        self._inner = inner
        self._private_hosts = frozenset(h.lower() for h in private_hosts)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first checked address of its host.

        Raises:
            ForbiddenAddressError: the scheme is not of the web, or an address of the host is not public.
            httpx.ConnectError: the name cannot be resolved.
        """
        url = request.url
        if url.scheme not in ("http", "https"):
            raise ForbiddenAddressError(f"addresses of the kind {url.scheme}: are not fetched, only http and https")
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = _resolve(url.host, port, request)
        if not {url.host.lower(), f"{url.host.lower()}:{port}"} & self._private_hosts:
            for address in addresses:
                if not is_public(address):
                    itself = url.host.strip("[]") == str(address)
                    what = "is no public address" if itself else f"has the address {address}, which is not a public one"
                    raise ForbiddenAddressError(
                        f"{url.host} {what}: it was not asked. "
                        "If it is a server of yours, name it under http.private_hosts in faultline.toml"
                    )
        guarded = httpx.Request(
            request.method,
            url.copy_with(host=str(addresses[0])),
            headers=request.headers,  # with the Host header of the name
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return self._inner.handle_request(guarded)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def _resolve(host: str, port: int, request: httpx.Request) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"the name {host} cannot be resolved ({error})", request=request) from error
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, also by the IPv4 address that it may carry within."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in ipaddress.IPv6Network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast
