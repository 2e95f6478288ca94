"""Serving an application to tests: a real server on a real port, and a browser of few words."""

import datetime as dt
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from harvester.settings import ReviewSettings, Settings, load
from tests import build

SECRET = b"a secret of this test, 32 bytes."


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = build.NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def go_on(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


def settings(**review: Any) -> Settings:
    """The default settings, but for these of [review]."""
    loaded = load(environment={}).settings
    changed = ReviewSettings.model_validate(loaded.review.model_dump() | review)
    return loaded.model_copy(update={"review": changed})


@contextmanager
def served(app: ASGIApp, *, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve an application as `harvester review` does; yield its address."""
    with socket.create_server((host, 0)) as listening:  # who connects waits until it is up
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the program does
        config = uvicorn.Config(
            app,
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            ws="none",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://{host}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)


class Browser(httpx.Client):
    """A visitor with cookies, who sends the token of the page that he saw last."""

    def __init__(self, address: str, *, peer: str | None = None, **options: Any) -> None:
        transport = httpx.HTTPTransport(local_address=peer) if peer else None
        super().__init__(
            base_url=address, transport=transport, timeout=20, trust_env=False, **options
        )

    def token(self, path: str = "/") -> str:
        """The token in the form of a page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        assert found, f"{path} has no form"
        return found[1]

    def fill(self, path: str, *, form: str = "/", **fields: str) -> httpx.Response:
        """Send a form as a browser does that shows the page `form`."""
        token = self.token(form)
        origin = str(self.base_url).rstrip("/")
        return self.post(path, data={"csrf": token, **fields}, headers={"Origin": origin})


def raw(address: str, request: bytes) -> bytes:
    """Send bytes as they are, and return what comes back until the server closes."""
    request = request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
    host, _, port = address.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)
