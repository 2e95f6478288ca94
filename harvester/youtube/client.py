"""The only module that asks YouTube: one call, or one page after the other.

Knows the key, the wire, and what is worth another try; does not know what a
video is (parse.py does), what a call costs (quota.py) or what an error answer
means (errors.py).

The key travels in a header and nowhere else, for Google's client shows the
address of a request in its errors and log lines.  Retries happen here and only
here: both libraries below would add their own, uncounted.
"""

import datetime as dt
import email.utils
import http.client
import re
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import httplib2
import stamina
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from harvester import __version__
from harvester.errors import (
    ApiFormatError,
    ApiUnavailable,
    BadConfiguration,
    Interrupted,
    KeyRefused,
)
from harvester.youtube import quota
from harvester.youtube.errors import Transient, classify, readable

# "gzip" in the user agent is Google's condition for compressed answers
_USER_AGENT = f"zwk-harvester/{__version__} (gzip)"
_POSSIBLE_KEY = re.compile(r"[!-~]+")
_GZIP = zlib.MAX_WBITS | 16
_FIRST_WAIT_S, _LONGEST_WAIT_S, _JITTER_S = 1.0, 30.0, 1.0

_CLOSED = "the connection to YouTube was closed from our side"
_WIRE_ERRORS = (
    OSError,  # time-outs, refused and cut connections, TLS
    http.client.HTTPException,  # half a body, no status line
    httplib2.HttpLib2Error,
    zlib.error,
    UnicodeDecodeError,
)

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    `token` led here and is None for the first page; `next_token` is None on the last one.
    `total` is what YouTube counts: good for a progress bar, not for when to stop.
    """

    token: str | None
    items: list[Any]
    next_token: str | None
    total: int | None


class YouTube:
    """The YouTube Data API at `endpoint`, for several threads at once.

    `spend(bucket, units)` is called before each try, also before a retry, and may raise to
    prevent it.  A try ends after `timeout_s` seconds of silence.  What is transient is tried
    up to `attempts` times, with growing pauses and jitter (none without `backoff`).
    """

    def __init__(
        self,
        *,
        api_key: str,
        endpoint: str,
        timeout_s: float,
        attempts: int,
        spend: Callable[[str, int], None],
        backoff: bool = True,
    ) -> None:
        if not _POSSIBLE_KEY.fullmatch(api_key):
            raise KeyRefused(
                "the API key is empty or holds a space, a line break or another character that no"
                " key has; copy it anew from the Cloud console (APIs & Services, Credentials)"
            )
        if not _is_address(endpoint):
            raise BadConfiguration(f"youtube.api_endpoint is no address: {endpoint!r}")
        self._endpoint, self._timeout_s = endpoint, timeout_s
        self._attempts, self._spend = attempts, spend
        self._pause = 1.0 if backoff else 0.0
        self._blank = _blank(api_key)
        self._service = build(
            "youtube",
            "v3",
            http=httplib2.Http(timeout=timeout_s),  # never used: each call brings its thread's own
            requestBuilder=_with_key(api_key),
            client_options={"api_endpoint": endpoint},
            static_discovery=True,
            cache_discovery=False,
        )
        self._own = threading.local()
        self._open: list[_Wire] = []
        self._lock = threading.Lock()
        self._closed = False

    def call(self, method: str, **params: str | int) -> Answer:
        """Return the answer to one call of a method such as "videos.list".

        Raises one of our errors: QuotaExhausted, KeyRefused, those of youtube/errors.py, and
        ApiUnavailable if it failed for good or on every try.
        """
        tries = 0
        try:
            for attempt in stamina.retry_context(
                on=Transient,
                attempts=self._attempts,
                timeout=None,
                wait_initial=_FIRST_WAIT_S * self._pause,
                wait_max=_LONGEST_WAIT_S * self._pause,
                wait_jitter=_JITTER_S * self._pause,
            ):
                with attempt:
                    tries += 1
                    return self._try(method, params)
        except Transient as last:
            raise ApiUnavailable(
                f"YouTube did not answer {method} in {tries} {'try' if tries == 1 else 'tries'};"
                f" the last one ended with: {last}. What came in is kept: try again later, and if"
                " it stays so, look at the network and at youtube.api_endpoint"
            ) from None
        raise AssertionError("a retry loop ends with an answer or an error")

    def pages(
        self, method: str, *, token: str | None = None, **params: str | int
    ) -> Iterator[Page]:
        """Yield the pages of a list, from `token` on, each as it comes in.

        Raises ApiFormatError if a token comes a second time, for then there is no end.
        """
        seen = {token}
        while True:
            page = self.page(method, token=token, **params)
            yield page
            token = page.next_token
            if token is None:
                return
            if token in seen:
                raise ApiFormatError(f"{method} gave the same page token twice: no end in sight")
            seen.add(token)

    def page(self, method: str, *, token: str | None = None, **params: str | int) -> Page:
        """Return one page of a list: the first one, or the one that `token` leads to."""
        if token is not None:
            params["pageToken"] = token
        answer = self.call(method, **params)
        info = answer.get("pageInfo")
        total = info.get("totalResults") if isinstance(info, dict) else None
        return Page(
            token=token,
            items=items_of(answer, method),
            next_token=answer.get("nextPageToken") or None,
            total=total if isinstance(total, int) else None,
        )

    def close(self) -> None:
        """End all connections, also those on which an answer is awaited; no call works after."""
        self._closed = True
        with self._lock:
            for wire in self._open:
                wire.end()

    def _try(self, method: str, params: dict[str, str | int]) -> Answer:
        if self._closed:
            raise Interrupted(_CLOSED)
        bucket, units = quota.cost(method)
        self._spend(bucket, units)
        collection, _, verb = method.partition(".")
        request = getattr(getattr(self._service, collection)(), verb)(**params)
        try:
            answer = request.execute(http=self._wire(), num_retries=0)
        except HttpError as error:
            body, at = self._blank(error.content), _answered_at(error.resp)
            failure = classify(int(error.resp.status), body, bucket=bucket, at=at)
        except _WIRE_ERRORS as error:
            failure = self._explained(error)
        else:
            if isinstance(answer, dict) and isinstance(answer.get("kind"), str):
                return cast(Answer, answer)
            # an answer cut off, or a page of HTML, arrives as the text it is; and an object that
            # is no list of YouTube's must not be taken for an empty one
            failure = Transient(f"HTTP 200, but no answer of YouTube: {self._shown(answer)[:80]}")
        # not inside `except`: the library's error stays behind, it may repeat what we sent
        raise failure

    def _explained(self, error: Exception) -> Exception:
        """Return what a failure on the wire amounts to."""
        if self._closed:
            return Interrupted(_CLOSED)
        cause = self._shown(error)
        match error:
            case ssl.SSLCertVerificationError():
                return ApiUnavailable(
                    f"YouTube's certificate is not to be trusted: {cause}; is a proxy between that"
                    " this machine does not know?"
                )
            case TimeoutError():
                return Transient(f"no answer within {self._timeout_s:g} seconds")
            case socket.gaierror():
                return Transient(f"the name of the server was not found ({cause})")
        return Transient(f"the connection failed ({type(error).__name__}: {cause})")

    def _shown(self, found: object) -> str:
        return readable(self._blank(str(found).encode()).decode("utf-8", "replace"))

    def _wire(self) -> "_Wire":
        """Return this thread's connections; httplib2 is not made to be shared."""
        wire: _Wire | None = getattr(self._own, "wire", None)
        if wire is None:
            with self._lock:
                if self._closed:
                    raise Interrupted(_CLOSED)
                wire = self._own.wire = _Wire(self._endpoint, timeout=self._timeout_s)
                self._open.append(wire)
        return wire


def items_of(answer: Answer, method: str) -> list[Any]:
    """Return the items of an answer; an empty answer may lack the list altogether."""
    found = answer.get("items")
    if found is None:
        return []
    if not isinstance(found, list):
        raise ApiFormatError(f"{method} answered with items that are no list")
    return found


class _Wire(httplib2.Http):  # type: ignore[misc]
    """httplib2 without its second try, which nobody would count; and which others can end."""

    def __init__(self, endpoint: str, *, timeout: float) -> None:
        super().__init__(timeout=timeout)
        # a redirection would take the key along to another host
        self.follow_redirects = False
        self._busy = self._ended = False
        # Made here, under the lock of the caller, and not when it is first needed: vcrpy puts
        # the real classes back for a moment whenever it makes a connection, for all threads.
        url = urlsplit(endpoint)
        trusted = {"ca_certs": self.ca_certs} if url.scheme == "https" else {}
        make = httplib2.SCHEME_TO_CONNECTION[url.scheme]
        self.connections[f"{url.scheme}:{url.netloc.lower()}"] = make(
            url.netloc, timeout=timeout, proxy_info=self.proxy_info, **trusted
        )

    def _conn_request(
        self, conn: Any, request_uri: str, method: str, body: Any, headers: Any
    ) -> tuple[Any, bytes]:
        self._busy = True
        try:
            if conn.sock is None:
                conn.connect()
            conn.request(method, request_uri, body, headers)
            if self._ended:  # `end` came before there was a socket that it could close
                raise ConnectionAbortedError("closed from our side")
            answer = conn.getresponse()
            content = answer.read()
        except BaseException:
            conn.close()  # half an answer may be left in it
            raise
        finally:
            self._busy = False
        if self._ended:
            conn.close()
        response = httplib2.Response(answer)
        if response.pop("content-encoding", None) == "gzip":
            content = zlib.decompress(content, _GZIP)
        return response, content

    def end(self) -> None:
        """Close the connections, from another thread: who waits for an answer is woken."""
        self._ended = True
        for conn in list(self.connections.values()):
            if isinstance(sock := getattr(conn, "sock", None), socket.socket):
                with suppress(OSError):  # closed by the other side
                    sock.shutdown(socket.SHUT_RDWR)
            if not self._busy:
                conn.close()


def _is_address(text: str) -> bool:
    try:
        url = urlsplit(text)
        return url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:  # of a port that is none, a bracket too many
        return False


def _with_key(api_key: str) -> Callable[..., Any]:
    def request(*args: Any, **kwargs: Any) -> Any:
        made = HttpRequest(*args, **kwargs)
        made.headers["x-goog-api-key"] = api_key
        made.headers["user-agent"] = _USER_AGENT
        made.headers["accept-encoding"] = "gzip"
        return made

    return request


def _blank(secret: str) -> Callable[[bytes], bytes]:
    """Return what blanks the key in a text of the other side, which may repeat it to us."""

    def blank(text: bytes) -> bytes:
        return text.replace(secret.encode(), b"***")

    return blank


def _answered_at(response: Any) -> dt.datetime | None:
    """Return the time of an answer by its Date header, or None."""
    try:
        at = email.utils.parsedate_to_datetime(response.get("date", ""))
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None
