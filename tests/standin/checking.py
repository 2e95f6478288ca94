"""Keeping the stand-in honest: every good answer is held against Google's own description.

The package google-api-python-client carries the discovery document of the API,
whose schemas are nearly JSON Schema.  What differs is put right here: names in
`$ref` are resolved, and enums and formats are left out, because the real API
sends values that are not on its lists.
"""

import functools
import gzip
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import googleapiclient.discovery_cache
import jsonschema

from tests.standin.server import PREFIX, ROUTES, StandIn


@dataclass(frozen=True)
class Answer:
    """An answer as it came over the wire; `body` is None if it is not JSON."""

    status: int
    headers: dict[str, str]  # names in lower case
    data: bytes
    body: Any

    @property
    def items(self) -> list[dict[str, Any]]:
        """Its items."""
        found: list[dict[str, Any]] = self.body["items"]
        return found

    @property
    def ids(self) -> list[str]:
        """The ids of the videos it is about, in its order."""
        return [item.get("contentDetails", {}).get("videoId") or item["id"] for item in self.items]

    @property
    def reason(self) -> str:
        """The reason that an error gives."""
        return str(self.body["error"]["errors"][0]["reason"])


@functools.cache
def discovery() -> dict[str, Any]:
    """Return the discovery document that travels with the client library."""
    folder = Path(str(googleapiclient.discovery_cache.__file__)).parent / "documents"
    document: dict[str, Any] = json.loads((folder / "youtube.v3.json").read_text("utf-8"))
    return document


def method(name: str) -> dict[str, Any]:
    """Return what the discovery document says of a method, "videos.list"."""
    resource, _, verb = name.partition(".")
    described: dict[str, Any] = discovery()["resources"][resource]["methods"][verb]
    return described


def _schema(node: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return {"$ref": f"#/$defs/{node['$ref']}"}
    schema: dict[str, Any] = {} if node["type"] == "any" else {"type": node["type"]}
    if "properties" in node:
        schema["properties"] = {name: _schema(one) for name, one in node["properties"].items()}
    for below in ("items", "additionalProperties"):
        if below in node:
            schema[below] = _schema(node[below])
    return schema


@functools.cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    """Return a validator of what a method answers."""
    definitions = {one: _schema(node) for one, node in discovery()["schemas"].items()}
    reference = _schema(method(name)["response"])
    return jsonschema.Draft202012Validator(reference | {"$defs": definitions})


def ask(
    standin: StandIn,
    name: str,
    *,
    key: str | None = None,
    headers: Mapping[str, str] = {},
    **params: Any,
) -> Answer:
    """Return the answer to one plain request; a good one must be as Google describes it.

    The key of the stand-in goes along in the header; `key` puts another in the
    query, and "" sends none.
    """
    route = next(route for route, method in ROUTES.items() if method == name)
    sent = dict(headers)
    if key is None:
        sent.setdefault("X-Goog-Api-Key", standin.api_key)
    elif key:
        params["key"] = key
    connection = http.client.HTTPConnection(urlsplit(standin.address).netloc, timeout=10)
    try:
        connection.request("GET", f"{PREFIX}{route}?{urlencode(params, doseq=True)}", headers=sent)
        response = connection.getresponse()
        data = response.read()
    finally:
        connection.close()
    lowered = {header.lower(): value for header, value in response.getheaders()}
    if lowered.get("content-encoding") == "gzip":
        data = gzip.decompress(data)
    try:
        body = json.loads(data)
    except ValueError:
        body = None
    if response.status == 200 and body is not None and not params.get("fields"):
        validator(name).validate(body)
    return Answer(response.status, lowered, data, body)
