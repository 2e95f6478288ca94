"""What is decided, by rule or by a person: to find a video again, and mend what is wrong."""

from typing import cast, get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from harvester.review.decided import By, decided
from harvester.web.pages import number, site_of

PER_PAGE = 50
_LONGEST = 200  # characters of what somebody looks for
_NUMBERS = 10**9  # of decisions


def decided_videos(request: Request) -> Response:
    """Show a page of decided videos, the newest decision first."""
    site, given = site_of(request), request.query_params
    typed = " ".join(given.get("q", "")[:_LONGEST].split())
    by = cast("By", given["by"]) if given.get("by") in get_args(By) else None
    before = number(given.get("before"), least=0, most=_NUMBERS) or None
    catalogue = site.desk.catalogue()
    with site.database.read() as session:
        found = decided(session, catalogue, typed, by=by, before=before, per_page=PER_PAGE)
    return site.page(
        request,
        "decided.html",
        rows=found.rows,
        q=typed,
        by=by,
        is_first=before is None,
        url=url,
        older_url=url(typed, by, found.older) if found.older else "",
    )


def url(q: str = "", by: str | None = None, before: int | None = None) -> str:
    """Return the address of a page of this list."""
    given = {"q": q, "by": by, "before": before}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/decided?{query}" if query else "/decided"
