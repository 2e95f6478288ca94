"""Faults on order: what the network and the other side do when they have a bad day.

    standin.faults.add(Fault.UNAVAILABLE, method="videos.list", nth=3)
    standin.faults.add(Fault.CUT, times=2)                      # the next two requests
    standin.faults.add(Fault.SILENCE, when=lambda request: "pageToken" in request.params)

`nth` counts the requests that fit, from the order on.  One request gets one
fault: the first order that fits.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.standin import errors
from tests.standin.errors import ApiError


@dataclass(kw_only=True)
class Request:
    """A request as it came in; the key itself is not kept, only where it was."""

    number: int  # from 1, over all methods
    method: str  # "videos.list"
    verb: str  # GET, or POST with an override
    params: dict[str, list[str]]
    headers: dict[str, str]  # names in lower case
    key_from: str | None  # query, body or header
    status: int | None = None  # of the answer; None while under way or cut

    def param(self, name: str) -> str:
        """Return the values of a parameter joined by commas, or ""."""
        return ",".join(self.params.get(name, []))


class Fault(Enum):
    """What may go wrong."""

    # errors that the API itself sends
    INTERNAL = "500"
    UNAVAILABLE = "503"
    TOO_FAST = "429-per-minute"
    TOO_FAST_403 = "403-rate-limit"
    TOO_MUCH_TODAY = "429-per-day"
    QUOTA_EXCEEDED = "403-quota"
    BAD_KEY = "400-key"
    API_DISABLED = "403-disabled"
    KEY_BLOCKED = "403-key-blocked"
    LOGIN_REQUIRED = "401"  # what captions.list answers to a key, by its documentation
    PERMISSION_DENIED = "403-permission"
    BAD_PAGE_TOKEN = "400-page-token"  # for good tokens too, as on many days of August 2021
    PLAYLIST_NOT_FOUND = "404-playlist"
    # the connection
    CUT = "cut"  # closed without a word
    CUT_IN_BODY = "cut-in-body"  # closed in the middle of the answer
    SLOW = "slow"  # the right answer, after `seconds`
    SILENCE = "silence"  # nothing, until `seconds` are over or the server stops
    # other content
    HTML_502 = "html-502"  # what a proxy says
    HTML_200 = "html-200"  # what a captive portal says
    TRUNCATED = "truncated"  # half the JSON, with a length that is right for it
    NOT_AN_OBJECT = "not-an-object"  # JSON, but a list
    ITEMS_NOT_A_LIST = "items-not-a-list"
    EMPTY = "empty"  # a good answer without any item
    ITEM_WITHOUT_ID = "item-without-id"  # the first item
    ITEM_WITHOUT_SNIPPET = "item-without-snippet"
    TITLE_NOT_TEXT = "title-not-text"


ERRORS: dict[Fault, ApiError] = {
    Fault.INTERNAL: errors.INTERNAL,
    Fault.UNAVAILABLE: errors.UNAVAILABLE,
    Fault.TOO_FAST: errors.QUERIES_PER_MINUTE,
    Fault.TOO_FAST_403: errors.RATE_LIMIT_403,
    Fault.TOO_MUCH_TODAY: errors.QUERIES_PER_DAY,
    Fault.QUOTA_EXCEEDED: errors.QUOTA_EXCEEDED,
    Fault.BAD_KEY: errors.BAD_KEY,
    Fault.API_DISABLED: errors.API_DISABLED,
    Fault.KEY_BLOCKED: errors.KEY_BLOCKED,
    Fault.LOGIN_REQUIRED: errors.LOGIN_REQUIRED,
    Fault.PERMISSION_DENIED: errors.PERMISSION_DENIED,
    Fault.BAD_PAGE_TOKEN: errors.BAD_PAGE_TOKEN,
    Fault.PLAYLIST_NOT_FOUND: errors.PLAYLIST_NOT_FOUND,
}
HTML = {
    Fault.HTML_502: (502, b"<!DOCTYPE html><title>502</title><h1>Bad Gateway</h1>"),
    Fault.HTML_200: (200, b"<!DOCTYPE html><title>Welcome</title><h1>Please log in</h1>"),
}
WITHOUT_ANSWER = frozenset({*ERRORS, *HTML, Fault.CUT, Fault.SILENCE})  # nothing is looked up
_DEFAULT_SECONDS = {Fault.SLOW: 0.5, Fault.SILENCE: 60.0}


def damage(kind: Fault | None, body: dict[str, Any]) -> Any:
    """Return a good body with the fault in it; the same body for faults of another sort."""
    items = body.get("items") or [{}]
    match kind:
        case Fault.NOT_AN_OBJECT:
            return [body]
        case Fault.ITEMS_NOT_A_LIST:
            return body | {"items": "none"}
        case Fault.EMPTY:
            info = {"pageInfo": {"totalResults": 0, "resultsPerPage": 0}}
            kept = {name: body[name] for name in body if not name.endswith("PageToken")}
            return kept | {"items": []} | (info if "pageInfo" in body else {})
        case Fault.ITEM_WITHOUT_ID | Fault.ITEM_WITHOUT_SNIPPET:
            lost = "id" if kind is Fault.ITEM_WITHOUT_ID else "snippet"
            first = {name: value for name, value in items[0].items() if name != lost}
            return body | {"items": [first, *items[1:]]}
        case Fault.TITLE_NOT_TEXT:
            first = items[0] | {"snippet": items[0].get("snippet", {}) | {"title": 42}}
            return body | {"items": [first, *items[1:]]}
    return body


@dataclass(kw_only=True)
class Order:
    """What is to happen, and at which requests; `kind` is None if it is not a fault."""

    kind: Fault | None
    method: str | None
    when: Callable[[Request], bool] | None
    nth: int  # the first request that gets it, among those that fit
    times: int  # and so many in a row
    seconds: float
    seen: int = field(default=0)

    def hits(self, request: Request) -> bool:
        """Return whether the request gets the fault, and count it if it fits."""
        if self.method not in (None, request.method) or (self.when and not self.when(request)):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


class Faults:
    """The orders, in the order in which they were given."""

    def __init__(self) -> None:
        self._orders: list[Order] = []
        self._lock = threading.Lock()

    def add(
        self,
        kind: Fault,
        *,
        method: str | None = None,
        nth: int = 1,
        times: int = 1,
        when: Callable[[Request], bool] | None = None,
        seconds: float | None = None,
    ) -> None:
        """Order a fault for the nth request that fits, and for `times` of them in a row."""
        seconds = _DEFAULT_SECONDS.get(kind, 0.0) if seconds is None else seconds
        order = Order(kind=kind, method=method, when=when, nth=nth, times=times, seconds=seconds)
        with self._lock:
            self._orders.append(order)

    def clear(self) -> None:
        """Forget all orders."""
        with self._lock:
            self._orders.clear()

    def take(self, request: Request) -> Order | None:
        """Return the fault that this request gets."""
        with self._lock:
            return next((order for order in self._orders if order.hits(request)), None)
