"""The description of the API (OpenAPI 3.1), written from the views and their columns.  Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from harvester import __version__
from harvester.store import views
from harvester.store.dictionary import CLOSED_LISTS
from harvester.store.reads_api import FILTERS, kind

Json = dict[str, Any]

LARGEST_PAGE = 500
PAGE = 100

_TYPES: Mapping[str, Json] = {
    "instant": {"type": ["string", "null"], "format": "date-time"},
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "text": {"type": ["string", "null"]},
}
_WORDS = ("availability", "caption_state", "live_state", "role")
"""Columns with a closed list of the same name."""

_ABOUT = (
    "Read only: what the harvester knows, view by view, as in the data dictionary. Lists come in"
    " pages; `next`, also in the header Link, is the address of the following one. Instants are"
    " UTC; days (`…_on`) may be partial; null means that the source does not tell. Where the pages"
    " need a login, so does this: a session, or a name and password in each request. The editors'"
    " names in it are for those who may sign in; think before you publish them."
)


def description(*, needs_login: bool) -> Json:
    """Return the document."""
    found = views.load()
    paths: Json = {f"/api/{name}": {"get": _list(name, found[name])} for name in views.VIEWS}
    paths |= {
        "/api/events/{event_id}/video-objects": {
            "get": _video_objects(
                "The recordings of an event as schema.org VideoObject (JSON-LD).",
                {"application/ld+json": {"schema": {"$ref": "#/components/schemas/json_ld"}}},
            )
        },
        "/api/events/{event_id}/video-objects.html": {
            "get": _video_objects(
                "The same as a script element to put into the event's page; empty if there is no"
                " recording.",
                {"text/html": {"schema": {"type": "string"}}},
            )
        },
    }
    schemas: Json = {name: _row(found[name]) for name in views.VIEWS}
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": "ZWK harvester", "version": __version__, "description": _ABOUT},
        "paths": paths,
        "components": {"schemas": {**schemas, **_SHARED}},
    }
    if needs_login:
        document["components"]["securitySchemes"] = {"basic": {"type": "http", "scheme": "basic"}}
        document["security"] = [{"basic": []}]
    return document


_SHARED: Json = {
    "error": {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"type": "string", "description": "what is wrong, for people"}},
    },
    "json_ld": {
        "type": "object",
        "required": ["@context", "@graph"],
        "properties": {
            "@context": {"const": "https://schema.org"},
            "@graph": {"type": "array", "items": {"type": "object"}},
        },
    },
}


def _row(view: views.View) -> Json:
    return {
        "type": "object",
        "description": view.about,
        "required": list(view.columns),
        "additionalProperties": False,
        "properties": {
            name: {**_TYPES[kind(name)], **_words(name), "description": meaning}
            for name, meaning in view.columns.items()
        },
    }


def _words(name: str) -> Json:
    return {"enum": [*CLOSED_LISTS[name], None]} if name in _WORDS else {}


def _list(name: str, view: views.View) -> Json:
    parameters: list[Json] = [
        _query(
            "limit", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}
        ),
        _query("after", {"type": "string"}, "where to go on: from `next` of the page before"),
    ]
    parameters += [
        _query(column, {"type": "string"}, f"only rows with this value; {view.columns[column]}")
        for column in FILTERS
        if column in view.columns
    ]
    page: Json = {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
            "next": {
                "type": ["string", "null"],
                "description": "address of the following page; null: this is the last one",
            },
        },
    }
    return {
        "operationId": name,
        "summary": view.about,
        "parameters": parameters,
        "responses": {
            "200": {"description": "a page", "content": {"application/json": {"schema": page}}},
            **_problems((304, 400, 401)),
        },
    }


def _video_objects(summary: str, content: Json) -> Json:
    return {
        "summary": summary,
        "parameters": [
            {"name": "event_id", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "responses": {
            "200": {"description": "the recordings", "content": content},
            **_problems((304, 401, 404)),
        },
    }


def _query(name: str, schema: Json, meaning: str = "") -> Json:
    parameter: Json = {"name": name, "in": "query", "required": False, "schema": schema}
    return {**parameter, "description": meaning} if meaning else parameter


_PROBLEMS = {
    400: "a parameter is not in order",
    401: "sign in first",
    404: "there is no such event",
}


def _problems(codes: Iterable[int]) -> Json:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/error"}}}
    return {
        str(code): {"description": "unchanged since"}
        if code == 304
        else {"description": _PROBLEMS[code], "content": content}
        for code in codes
    }
