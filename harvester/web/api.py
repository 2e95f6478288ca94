"""The read-only JSON API: the views page by page, and what an event's page can embed.

    app = Starlette(routes=[*api.routes(database, captions, needs_login=…), …])

Everything is a GET, needs no cookie where nobody signs in, and obeys the login elsewhere
(guard.py).  Each answer has an ETag: who asks again with it gets 304 and no body.
"""

import base64
import binascii
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from harvester.errors import WrongUse
from harvester.review.captions import VIEW, Captions
from harvester.store import reads_api
from harvester.store.database import Database
from harvester.store.reads_api import FILTERS, Key
from harvester.store.reads_people import view_columns
from harvester.store.views import VIEWS
from harvester.web import openapi, schema_org
from harvester.youtube import address

CACHING = "private, no-cache"  # kept, and asked for again each time: it costs a 304


class _Wrong(Exception):
    """A request that cannot be answered, and why."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


def routes(database: Database, captions: Captions, *, needs_login: bool) -> list[Route]:
    """Return the routes of the API."""
    described = _encoded(openapi.description(needs_login=needs_login))
    index = _encoded(
        {
            "openapi": "/api/openapi.json",
            "views": [f"/api/{name}" for name in VIEWS],
            "video_objects": "/api/events/{event_id}/video-objects",
        }
    )

    def listed(request: Request) -> Response:
        return _answer(request, _page(database, captions, request))

    def objects(request: Request) -> Response:
        content = _encoded(schema_org.document(_recordings(database, request)))
        return _answer(request, content, "application/ld+json")

    def snippet(request: Request) -> Response:
        content = schema_org.snippet(_recordings(database, request)).encode()
        return _answer(request, content, "text/html; charset=utf-8")

    handlers: Mapping[str, Callable[[Request], Response]] = {
        "/api": lambda request: _answer(request, index),
        "/api/": lambda request: _answer(request, index),
        "/api/openapi.json": lambda request: _answer(request, described),
        "/api/events/{event_id:path}/video-objects": objects,
        "/api/events/{event_id:path}/video-objects.html": snippet,
        "/api/{view}": listed,
        "/api/{rest:path}": _nothing,
    }
    return [Route(path, _told(handler), methods=["GET"]) for path, handler in handlers.items()]


def _told(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:  # not async: it runs beside other requests
        try:
            return handler(request)
        except _Wrong as wrong:
            return JSONResponse({"error": wrong.said}, wrong.status)

    return endpoint


def _nothing(_request: Request) -> Response:
    raise _Wrong(404, "there is nothing here; /api lists what there is")


# --- lists --------------------------------------------------------------------


def _page(database: Database, captions: Captions, request: Request) -> bytes:
    view: str = request.path_params["view"]
    if view not in VIEWS:
        _nothing(request)
    asked = _parameters(request, view)
    limit = _limit(asked.pop("limit", ""))
    after = _key(view, asked.pop("after")) if "after" in asked else None
    found: tuple[list[dict[str, Any]], Key | None] | None = None
    if view == VIEW:  # what adds all videos up is held in memory
        found = captions.page(limit=limit, after=after, scope=asked.get("scope"))
    if found is None:
        with database.read() as session:
            found = reads_api.view_page(session, view, limit=limit, after=after, equal=asked)
    rows, last = found
    following = None
    if last is not None:
        query = {**asked, "limit": str(limit), "after": _cursor(last)}
        following = f"/api/{view}?{urlencode(query)}"
    request.state.following = following
    return _encoded({"items": rows, "next": following})


def _parameters(request: Request, view: str) -> dict[str, str]:
    columns = view_columns(view)
    known = ("limit", "after", *(name for name in FILTERS if name in columns))
    given = request.query_params.multi_items()
    for name, value in given:
        if name not in known:
            raise _Wrong(400, f"there is no such parameter; there are {', '.join(known)}")
        if "\0" in value:
            raise _Wrong(400, f"{name}: this is no text")
    if len(dict(given)) < len(given):
        raise _Wrong(400, "a parameter is given twice")
    return {name: _id_in(value) if name == "video_id" else value for name, value in given}


def _id_in(text: str) -> str:
    """Return the id in a video's address of any form; anything else as it is."""
    try:
        return address.video_id(text)
    except WrongUse:
        return text


def _limit(text: str) -> int:
    if not text:
        return openapi.PAGE
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= openapi.LARGEST_PAGE):
        raise _Wrong(400, f"limit: a number from 1 to {openapi.LARGEST_PAGE} is expected")
    return int(text)


def _cursor(key: Key) -> str:
    text = json.dumps([_plain(value) for value in key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _key(view: str, cursor: str) -> Key:
    """Return the key in a cursor, which may come from anybody: each value is checked."""
    names = reads_api.key_columns(view)
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(values, list):
            raise ValueError("no list")
        return [_checked(name, value) for name, value in zip(names, values, strict=True)]
    except (UnicodeError, binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        raise _Wrong(400, "after: take it from `next` of the page before") from None


def _checked(name: str, value: object) -> Any:
    kind = reads_api.kind(name)
    if value is None:
        return None
    if kind == "integer" and type(value) is int and abs(value) < 2**31:
        return value
    if kind in ("instant", "text") and isinstance(value, str) and "\0" not in value:
        value.encode()  # half a surrogate is no text
        if kind == "text":
            return value
        instant = dt.datetime.fromisoformat(value)
        if instant.tzinfo is not None:
            return instant.astimezone(dt.UTC)
    raise ValueError(name)


# --- the recordings of an event -----------------------------------------------


def _recordings(database: Database, request: Request) -> reads_api.Recordings:
    event_id: str = request.path_params["event_id"]
    with database.read() as session:
        found = reads_api.recordings(session, event_id)
    if found is None:
        raise _Wrong(404, "there is no such event")
    return found


# --- answers ------------------------------------------------------------------


def _answer(request: Request, content: bytes, kind: str = "application/json") -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": CACHING, "vary": "Cookie, Authorization"}
    if following := getattr(request.state, "following", None):
        headers["link"] = f'<{following}>; rel="next"'
    held = request.headers.get("if-none-match", "")
    if tag in (each.strip().removeprefix("W/") for each in held.split(",")) or held == "*":
        return Response(None, 304, headers)
    return Response(content, 200, headers, media_type=kind)


def _encoded(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain).encode(
        "utf-8", "replace"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        # with what is below a second: a cursor must find its row again
        return value.isoformat().replace("+00:00", "Z")
    return value
