"""Running the dashboard until Ctrl-C: one process, on loopback unless another address is asked for.

What belongs here: listening, and saying where. What does not: the application (``app.py``).
"""

import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

from pipeline.errors import InputError


def serve(snapshot: Path, cache: Path, host: str, port: int, say: Callable[[str], None]) -> None:
    """Answer requests until Ctrl-C.

    Raises:
        InputError: nothing can listen there.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()  # a browser that comes while the rest is loaded waits and is not turned away
    except OSError as error:
        msg = f"Cannot listen on {host}, port {port}: {error.strerror}. Choose another with --port."
        raise InputError(msg) from error
    shown = f"[{host}]" if ":" in host else host
    say(f"The dashboard answers at http://{shown}:{listener.getsockname()[1]} (Ctrl-C stops it)")
    if not snapshot.is_file():
        say(f"There is no snapshot at {snapshot} yet: `faultline run` makes one; reload the page then.")
    import uvicorn

    from pipeline.report.dashboard.app import LOOPBACK, create_app

    names = LOOPBACK if is_loopback(host) else ("*",)
    config = uvicorn.Config(
        create_app(snapshot, cache, names), log_level="warning", lifespan="off", timeout_graceful_shutdown=2
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
