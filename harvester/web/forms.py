"""What a form sends: read in bounded time and room, and taken apart."""

from urllib.parse import parse_qsl

import anyio
from starlette.datastructures import FormData
from starlette.types import Receive

from harvester.web.catalogue import msgid

LARGEST_BODY = 1_048_576  # bytes
MOST_FIELDS = 5_000
SLOWEST_BODY_S = 30

TOO_LARGE = msgid("This is more at once than can be taken; choose fewer rows and send them again.")
NO_FORM = msgid("This is no form of ours.")
TOO_SLOW = msgid("The form did not arrive in time; send it again.")


class Refused(Exception):
    """A form that we do not take: an HTTP status and a sentence for whoever sent it."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


async def body(receive: Receive, declared: str | None) -> bytes:
    """Return the body of a request.  Raises Refused if it is too large or too slow."""
    if declared is not None and not (declared.isascii() and declared.isdigit()):
        raise Refused(400, NO_FORM)
    if declared is not None and int(declared[:12]) > LARGEST_BODY:
        raise Refused(413, TOO_LARGE)
    parts, size = [], 0
    with anyio.move_on_after(SLOWEST_BODY_S):
        while True:
            message = await receive()
            if message["type"] != "http.request":  # gone
                raise Refused(400, NO_FORM)
            part = message.get("body", b"")
            size += len(part)
            if size > LARGEST_BODY:
                raise Refused(413, TOO_LARGE)
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)
    raise Refused(408, TOO_SLOW)


def fields(content: bytes, content_type: str) -> FormData:
    """Return the fields of a form.  Raises Refused if it is none, or has too many."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused(415, NO_FORM)
    if content.count(b"&") >= MOST_FIELDS:
        raise Refused(413, TOO_LARGE)
    try:
        pairs = parse_qsl(content.decode("ascii"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise Refused(400, NO_FORM) from None
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise Refused(400, NO_FORM)
    return FormData([*pairs])


def replayed(content: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once more, to whoever asks for it himself."""
    is_given = False

    async def again() -> dict[str, object]:
        nonlocal is_given
        if is_given:
            return dict(await receive())
        is_given = True
        return {"type": "http.request", "body": content, "more_body": False}

    return again
