"""What every request passes before a handler sees it, and every answer on its way out.

Order: path, host, peer, session and user, login, then for changes origin, body, token,
role.  Answers get their headers and the session's cookie; an error that nobody caught
becomes a page without any detail, its traceback a log line.  See security.py for the wiring.
"""

import logging
import time
from collections.abc import Callable
from html import escape
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harvester.errors import Unavailable
from harvester.web import arrival, forms, headers, hosts
from harvester.web.access import Security, Visit
from harvester.web.catalogue import msgid
from harvester.web.forms import Refused
from harvester.web.hosts import local_path

Render = Callable[[Request, int, str], Response]

SIGN_IN = msgid("Sign in first.")
STALE = msgid("This form is from another session. Load its page again and send it from there.")
OTHER_SITE = msgid("This came from another site. Changes come from our own pages only.")
READERS_ONLY_READ = msgid("You may look at everything here; changes are for editors.")
BUG = msgid("Something went wrong here, and nothing was changed. The program's log says more.")
AWAY = msgid("The database does not answer. Try again in a moment.")
TOO_OFTEN = msgid("Too many wrong passwords. Wait a moment, then try again.")

_OPEN = ("/login", "/logout", "/language")

_log = logging.getLogger("harvester.web")


class Guard:
    """The middleware: the first of all, around everything else."""

    def __init__(self, app: ASGIApp, *, security: Security, render: Render | None = None) -> None:
        self._app, self._security = app, security
        self._render = render or _plain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        began = time.perf_counter()
        # the request's own: what one handler notes must not reach the next
        scope["state"] = {**scope.get("state", {}), "security": self._security}
        answer = _Answer(scope, send, self._security)
        try:
            try:
                receive = await self._admit(scope, receive)
            except Refused as refusal:
                await self._say(scope, receive, answer, refusal)
            except _ByLink:
                await _once_more(scope)(scope, receive, answer)
            else:
                await self._app(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - the door: no detail may leave
            await self._failed(scope, receive, answer, error)
        finally:
            took_ms = (time.perf_counter() - began) * 1000
            # no query: searches are the editors' own matter; no header at all
            path = ascii(scope["path"][:200])[1:-1]
            _log.info("%s %s %d %.0f ms", scope["method"], path, answer.status, took_ms)

    async def _admit(self, scope: Scope, receive: Receive) -> Receive:
        """Return from where the handler reads.  Raises Refused."""
        security, sent = self._security, Headers(scope=scope)
        arrival.check_target(scope)
        arrival.check_host(sent, security)
        visit, scope["state"]["came_with"] = arrival.visit(scope, sent, security)
        await _sign_program_in(scope, sent, security, visit)
        token = security.sessions.csrf(visit.session)
        scope["state"] |= {
            "visit": visit,
            "user": visit.user,
            "csrf": token,
            "has_login": bool(visit.session.name),
        }
        if _comes_by_link(scope, sent):
            raise _ByLink
        is_open = scope["path"] in _OPEN or scope["path"].startswith("/static/")
        if visit.user is None and not is_open:
            raise Refused(401, SIGN_IN)
        if scope["method"] != "POST":
            return receive
        if not hosts.is_same_origin(sent, security.names):
            raise Refused(403, OTHER_SITE)
        content = await forms.body(receive, sent.get("content-length"))
        visit.form = forms.fields(content, sent.get("content-type", ""))
        said = visit.form.get("csrf")
        if not isinstance(said, str) or not security.sessions.is_csrf(visit.session, said):
            raise Refused(403, STALE)
        if not is_open and visit.user is not None and not visit.user.is_editor:
            raise Refused(403, READERS_ONLY_READ)
        return forms.replayed(content, receive)

    async def _say(
        self, scope: Scope, receive: Receive, answer: "_Answer", refusal: Refused
    ) -> None:
        request = Request(scope, receive)
        response: Response
        if _is_api(scope):
            response = JSONResponse({"error": refusal.said}, refusal.status)
            if refusal.status == 401 and self._security.accounts:
                response.headers["www-authenticate"] = 'Basic realm="harvester", charset="UTF-8"'
        elif refusal.said == SIGN_IN and self._security.accounts:
            back = (
                f"?next={quote(arrival.address(scope), safe='')}"
                if scope["method"] == "GET"
                else ""
            )
            response = RedirectResponse(f"/login{back}", 303)
        elif "visit" not in scope["state"]:  # too early for a page
            response = _plain(request, refusal.status, refusal.said)
        else:
            response = self._render(request, refusal.status, refusal.said)
        if refusal.status in (408, 413):  # what is left of the body is not read
            response.headers["connection"] = "close"
        await response(scope, receive, answer)

    async def _failed(
        self, scope: Scope, receive: Receive, answer: "_Answer", error: Exception
    ) -> None:
        if isinstance(error, Unavailable):
            _log.warning("%s", error)
            refusal = Refused(503, AWAY)
        else:
            _log.error("a bug in the pages", exc_info=error)
            refusal = Refused(500, BUG)
        if answer.status:  # half of it is out: end the connection, not the sentence
            raise error
        try:
            await self._say(scope, receive, answer, refusal)
        except Exception:  # noqa: BLE001 - the page of errors has one itself
            if not answer.status:
                plain = PlainTextResponse(refusal.said, refusal.status)
                await plain(scope, receive, answer)


class _Answer:
    """The way out: adds headers and the session's cookie, and notes the status."""

    def __init__(self, scope: Scope, send: Send, security: Security) -> None:
        self._scope, self._send, self._security = scope, send, security
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            out = list(message.get("headers", []))
            headers.complete(out)
            visit: Visit | None = self._scope["state"].get("visit")
            if visit is not None and not _is_cookieless(self._scope):
                out += self._cookie(visit)
            message = {**message, "headers": out}
        await self._send(message)

    def _cookie(self, visit: Visit) -> list[tuple[bytes, bytes]]:
        sessions = self._security.sessions
        session = sessions.renewed(visit.session, self._security.now)
        if session == self._scope["state"]["came_with"]:
            return []
        text = sessions.header(session, is_secure=visit.is_secure)
        return [(b"set-cookie", text.encode("latin-1"))]


async def _sign_program_in(scope: Scope, sent: Headers, security: Security, visit: Visit) -> None:
    if visit.user is None and _is_api(scope) and "authorization" in sent:
        signed_in = await security.basic(visit.place, sent["authorization"])
        if signed_in.wait_s:
            raise Refused(429, TOO_OFTEN)
        visit.user = signed_in.user


class _ByLink(Exception):
    """Somebody follows a link from another site, and so without the cookie."""


def _comes_by_link(scope: Scope, sent: Headers) -> bool:
    return (
        scope["method"] == "GET"
        and scope["state"]["came_with"] is None
        and sent.get("sec-fetch-mode") == "navigate"
        and sent.get("sec-fetch-site") in ("cross-site", "same-site")
        and not _is_cookieless(scope)
    )


def _once_more(scope: Scope) -> Response:
    """Return a page that asks for the same once more, by itself.

    Browsers leave a SameSite=Strict cookie out when another site's link is followed.  A new
    session would then replace the one that there is, and sign the user out.
    """
    scope["state"].pop("visit")  # no cookie
    there = escape(local_path(arrival.address(scope)))
    return HTMLResponse(
        f'<!doctype html><html><head><meta http-equiv="refresh" content="0;url={there}">'
        f'<title>…</title></head><body><a href="{there}">→</a></body></html>'
    )


def _is_api(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == "/api" or path.startswith("/api/")


def _is_cookieless(scope: Scope) -> bool:
    return _is_api(scope) or scope["path"].startswith("/static/")


def _plain(_request: Request, status: int, said: str) -> Response:
    return PlainTextResponse(said + "\n", status)
