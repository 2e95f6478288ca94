"""The stand-in over HTTP: keys, quota, faults, latency and the log of requests.

    with StandIn() as standin:
        channel = standin.world.channel(id="UC…", handle="@zwk")
        channel.upload("abc", title="…")
        … point the client at standin.address, with standin.api_key …
        assert standin.count("videos.list") == 1

One thread a connection, HTTP/1.1 with keep-alive.  Whitespace in the answers is
not Google's (`pretty` turns it on); all else is meant to be.
"""

import contextlib
import email.utils
import gzip
import json
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.standin import errors, methods
from tests.standin.errors import Refusal
from tests.standin.faults import (
    ERRORS,
    HTML,
    WITHOUT_ANSWER,
    Fault,
    Faults,
    Order,
    Request,
    damage,
)
from tests.standin.quota import COSTS, Quota
from tests.standin.world import World

API_KEY = "a-key-for-the-stand-in"
PREFIX = "/youtube/v3/"
ROUTES = {
    "channels": "channels.list",
    "playlistItems": "playlistItems.list",
    "playlists": "playlists.list",
    "videos": "videos.list",
    "videos:batchGetStats": "videos.batchGetStats",
    "captions": "captions.list",
    "search": "search.list",
}
Action = Callable[[], object]


class StandIn:
    """A running YouTube of our own.  All attributes may be changed while it runs."""

    def __init__(
        self,
        world: World | None = None,
        *,
        quota: Quota | None = None,
        latency_s: float = 0.0,
        port: int = 0,
    ) -> None:
        self.world = world or World()
        self.quota = quota or Quota()
        self.faults = Faults()
        self.api_key = API_KEY
        self.latency_s = latency_s
        self.pretty = False
        self.requests: list[Request] = []
        self.max_concurrency = 0
        self.broken: list[str] = []  # tracebacks of our own bugs; tests must see none
        self._under_way = 0
        self._after: list[tuple[Order, Action]] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    # --- for tests

    @property
    def address(self) -> str:
        """Where to point the client: "http://127.0.0.1:40123/"."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    @property
    def spent(self) -> dict[str, int]:
        """Quota units of the present day by bucket."""
        return self.quota.spent

    def calls(self, method: str | None = None) -> list[Request]:
        """Return the requests so far, of one method or all."""
        with self._lock:
            return [one for one in self.requests if method in (None, one.method)]

    def count(self, method: str | None = None) -> int:
        """Return how many requests came in, of one method or all."""
        return len(self.calls(method))

    def forget(self) -> None:
        """Empty the log of requests, for the next stage of a test; quota stays spent."""
        with self._lock:
            self.requests.clear()
            self.max_concurrency = 0

    def after(
        self,
        method: str | None,
        action: Action,
        *,
        nth: int = 1,
        times: int = 1,
        when: Callable[[Request], bool] | None = None,
    ) -> None:
        """Do something once the nth good answer of a method is made, and before the next one is.

        "A video is uploaded between pages 1 and 2" is
        `standin.after("playlistItems.list", lambda: channel.upload(…))`.
        """
        order = Order(kind=None, method=method, when=when, nth=nth, times=times, seconds=0)
        with self._lock:
            self._after.append((order, action))

    def start(self) -> "StandIn":
        """Serve in a thread of its own, and return itself."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving: silent and slow requests are let go, connections closed, threads ended."""
        self._closing.set()
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> "StandIn":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # --- for the handler

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the end of the server."""
        self._closing.wait(seconds)

    @contextlib.contextmanager
    def logged(self, request: Request) -> Iterator[None]:
        """Keep the request in the log, and count how many are under way at once."""
        with self._lock:
            self.requests.append(request)
            request.number = len(self.requests)
            self._under_way += 1
            self.max_concurrency = max(self.max_concurrency, self._under_way)
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def admit(self, request: Request, key: str) -> None:
        """Look at the key and count the request; raises a Refusal if it goes no further.

        Without a good key there is no project that could be charged.
        """
        if key != self.api_key:
            raise Refusal(errors.BAD_KEY if key else errors.NO_KEY)
        if not self.quota.spend(request.method):
            is_search = COSTS[request.method][0] == "search"
            raise Refusal(errors.SEARCHES_EXCEEDED if is_search else errors.QUOTA_EXCEEDED)

    def answer(self, request: Request) -> dict[str, Any]:
        """Return the body of a good answer; raises a Refusal for any other."""
        world = self.world
        with world.lock:
            body = methods.answer(request.method, request.params, world)
            with self._lock:
                due = [action for order, action in self._after if order.hits(request)]
            for action in due:
                action()
        return body


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close() waits for them
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], standin: StandIn) -> None:
        super().__init__(address, _Handler)
        self.standin = standin
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End the connections that clients keep alive."""
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep our own bugs for the test to see; a client that went away is none."""
        if not isinstance(sys.exception(), ConnectionError):
            self.standin.broken.append(traceback.format_exc())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16  # head and body in one packet
    server: _Server

    def do_GET(self) -> None:
        self._read()
        self._serve(urlsplit(self.path).query, key_from="query")

    def do_POST(self) -> None:
        """Serve a GET whose address would be too long: its parameters are in the body."""
        body = self._read()
        if self.headers.get("X-HTTP-Method-Override", "").upper() != "GET":
            self._send(404, _NOT_FOUND, "text/html; charset=UTF-8")
            return
        self._serve(body.decode(), key_from="body")

    def _read(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _serve(self, query: str, *, key_from: str) -> None:
        standin = self.server.standin
        path = urlsplit(self.path).path
        method = ROUTES.get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        if method is None:
            self._send(404, _NOT_FOUND, "text/html; charset=UTF-8")
            return
        params = parse_qs(query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in self.headers.items()}
        in_query = params.pop("key", [""])[-1]
        in_header = headers.pop("x-goog-api-key", "")
        request = Request(
            number=0,
            method=method,
            verb=self.command,
            params=params,
            headers=headers,
            key_from=key_from if in_query else "header" if in_header else None,
        )
        with standin.logged(request):
            order = standin.faults.take(request)
            if standin.latency_s:
                standin.wait(standin.latency_s)
            body: Any = {}
            status = 200
            try:
                standin.admit(request, in_query or in_header)
                if order is None or order.kind not in WITHOUT_ANSWER:
                    body = standin.answer(request)
            except Refusal as refusal:
                body, status = refusal.error.body(), refusal.error.http_status
            if order is None:
                request.status = status
                self._send_json(status, body)
            else:
                self._fail(order, request, status, body)

    def _fail(self, order: Order, request: Request, status: int, body: Any) -> None:
        """Answer in the way that was ordered."""
        kind = order.kind
        if order.seconds:
            self.server.standin.wait(order.seconds)
        if kind in (Fault.CUT, Fault.SILENCE):
            self._hang_up()
            return
        if kind in ERRORS:
            status, body = ERRORS[kind].http_status, ERRORS[kind].body()
        request.status = status
        if kind in HTML:
            request.status = HTML[kind][0]
            self._send(*HTML[kind], "text/html; charset=UTF-8")
        elif kind is Fault.TRUNCATED:
            data = self._encoded(status, body)
            self._send(status, data[: len(data) // 2])
        elif kind is Fault.CUT_IN_BODY:
            data = self._encoded(status, body)
            self._send(status, data[: len(data) // 2], length=len(data))
            self._hang_up()
        else:
            self._send_json(status, damage(kind, body) if status == 200 else body)

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _encoded(self, status: int, body: Any) -> bytes:
        indent = 2 if self.server.standin.pretty else None
        text = json.dumps(body, ensure_ascii=False, indent=indent)
        if status != 200:  # there are tags in messages, and they come escaped
            text = text.replace("<", "\\u003c").replace(">", "\\u003e")
        return text.encode()

    def _send_json(self, status: int, body: Any) -> None:
        data = self._encoded(status, body)
        # Google packs its answers only for clients that say so twice
        asked = (self.headers.get("Accept-Encoding", ""), self.headers.get("User-Agent", ""))
        if all("gzip" in text for text in asked):
            self._send(status, gzip.compress(data, compresslevel=1, mtime=0), encoding="gzip")
        else:
            self._send(status, data)

    def _send(
        self,
        status: int,
        data: bytes,
        content_type: str = "application/json; charset=UTF-8",
        *,
        length: int | None = None,
        encoding: str | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name in ("Origin", "X-Origin", "Referer"):
            self.send_header("Vary", name)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the time of the world, so that a recording is the same every time."""
        return email.utils.format_datetime(self.server.standin.quota.clock(), usegmt=True)

    def version_string(self) -> str:
        return "stand-in"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the log is `standin.requests`."""


_NOT_FOUND = b"<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>"
