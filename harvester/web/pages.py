"""What all pages share: the frame, the language, the way through a filter, what was just done.

In:   requests that the guard has let through.
Out:  pages; texts in the reader's language.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from harvester.linkage import Model
from harvester.records import ActKind
from harvester.review.desk import Desk
from harvester.review.queue import Filter
from harvester.settings import Settings
from harvester.store import reads_review
from harvester.store.database import Database
from harvester.web import afterwards
from harvester.web.frame import environment
from harvester.web.security import User, local_path
from harvester.web.words import LANGUAGES, Language, Words, negotiate, words_of

LANGUAGE_COOKIE = "harvester_language"
_A_YEAR_S = 365 * 24 * 3600


class Trail(NamedTuple):
    """The way that somebody goes through the queue: a filter, and whether scores are hidden."""

    filter: Filter = Filter()
    is_blind: bool = False

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Trail":
        """Return the trail that an address holds."""
        return cls(Filter.parse(given), given.get("blind") == "1")

    @classmethod
    def parse(cls, query: str) -> "Trail":
        """Return the trail of a query that a form carried along."""
        return cls.of(QueryParams(query[:4000]))

    def pairs(self) -> list[tuple[str, str]]:
        """Return what an address needs to hold it."""
        pairs = parse_qsl(self.filter.query(), keep_blank_values=True)
        return pairs + ([("blind", "1")] if self.is_blind else [])

    def query(self, **more: object) -> str:
        """Return it as a query with the "?", or "" if everything is as by default."""
        pairs = self.pairs()
        pairs += [(name, str(value)) for name, value in more.items() if value not in (None, "")]
        return f"?{urlencode(pairs)}" if pairs else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was just done, for the top of the next page."""

    text: str
    video_id: str | None
    can_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What handlers need of the outside; `request.app.state.site`."""

    database: Database
    settings: Settings
    model: Model
    clock: Callable[[], dt.datetime]
    desk: Desk

    def words(self, request: Request) -> Words:
        """Return the words of the reader's language."""
        return words_of(self._language(request))

    def _language(self, request: Request) -> Language:
        return negotiate(
            request.headers.get("accept-language"),
            request.cookies.get(LANGUAGE_COOKIE),
            self.settings.review.language,
        )

    def page(
        self, request: Request, template: str, *, status_code: int = 200, **context: Any
    ) -> HTMLResponse:
        """Return a page made of a template."""
        user: User | None = getattr(request.state, "user", None)
        frame = {
            "here": template.removesuffix(".html"),
            "user": user,
            "csrf": getattr(request.state, "csrf", ""),
            "has_login": getattr(request.state, "has_login", False),
            "site_title": self.settings.review.title,
            "waiting": self._waiting() if user and status_code < 500 else None,
            "blind": False,
            "back": _address(request),
            "nothing_to_undo": request.query_params.get("done") == "none",
        }
        text = environment(self._language(request)).get_template(template).render(frame | context)
        return HTMLResponse(
            text,
            status_code,
            headers={
                "Content-Language": self._language(request),
                "Vary": "Accept-Language, Cookie",
            },
        )

    def _waiting(self) -> int:
        return self.desk.queue().find(Filter(), per_page=1).total

    def said(self, request: Request, trail: Trail | None = None) -> Said | None:
        """Return what was just done, if the address names an act of this user."""
        number = request.query_params.get("done", "")
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            return None
        with self.database.read() as session:
            mine = reads_review.acts(session, user_of(request).name, limit=5)
        act = next((each for each in mine if each.act_id == int(number)), None)
        if act is None:
            return None
        text, of_one = afterwards.told(act, self.words(request)), afterwards.said_of_one(act)
        if trail is not None:
            left = self.desk.queue().find(trail.filter, per_page=1).total
            is_all = replace(trail.filter, order="quick") == Filter()
            text = f"{text} {afterwards.left(left, self.words(request), is_all=is_all)}"
        can_undo = act is mine[0] and act.kind is not ActKind.UNDO
        return Said(text=text, video_id=of_one.video_id if of_one else None, can_undo=can_undo)


def site_of(request: Request) -> Site:
    """Return the site that a request came to."""
    return cast("Site", request.app.state.site)


def user_of(request: Request) -> User:
    """Return who asks; the guard lets nobody else through."""
    return cast("User", request.state.user)


def number(text: str | None, *, least: int = 1, most: int = 1_000_000) -> int:
    """Return a whole number of an address, within bounds; what is none is the least."""
    is_number = bool(text) and str(text).isascii() and str(text).isdigit() and len(str(text)) < 10
    return min(max(int(text or least) if is_number else least, least), most)


def go(path: str) -> RedirectResponse:
    """Return the answer to a change: look there now."""
    return RedirectResponse(path, status_code=303)


def _address(request: Request) -> str:
    """Return the page's own address, to come back to; of a change, the queue's."""
    if request.method == "POST":
        return "/queue"
    query = request.url.query
    return local_path(request.url.path + (f"?{query}" if query else ""))


async def language(request: Request) -> RedirectResponse:
    """Keep the language that somebody chose, and go back."""
    form = request.state.visit.form
    response = go(local_path(str(form.get("next", ""))))
    if (chosen := form.get("lang")) in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            str(chosen),
            max_age=_A_YEAR_S,
            secure=request.state.visit.is_secure,
            httponly=True,
            samesite="strict",
        )
    return response
