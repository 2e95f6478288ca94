"""The other side: events and talks without a video, and what an editor says of them."""

from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from harvester.errors import BadInput
from harvester.records import EventStatus
from harvester.review.acts import set_status
from harvester.review.missing import UPCOMING, without_video
from harvester.web import fields, security
from harvester.web.catalogue import msgid
from harvester.web.pages import go, number, site_of, user_of

PER_PAGE = 30
_LONGEST = 300
NOT_THAT = msgid("This event or talk is not on record any more.")


def missing(request: Request) -> Response:
    """Show what has no video."""
    site, given = site_of(request), request.query_params
    status = given.get("status", EventStatus.EXPECTED)
    status = status if status in (*EventStatus, UPCOMING) else EventStatus.EXPECTED
    series = given.get("series", "")[:_LONGEST] or None
    with site.database.read() as session:
        found = without_video(
            session,
            site.desk,
            today=site.clock().date(),
            series=series,
            status=status,
            page=number(given.get("page")),
            per_page=PER_PAGE,
        )
    chosen = {"status": str(status), "series": series or ""}
    return site.page(
        request,
        "missing.html",
        found=found,
        status=str(status),
        series=series,
        here_query=_query(chosen | {"page": str(found.page)}),
        page_url=lambda page: f"/missing{_query(chosen | {'page': str(page)})}",
        said=site.said(request),
    )


def _query(chosen: dict[str, str]) -> str:
    return f"?{urlencode({name: value for name, value in chosen.items() if value})}"


async def status(request: Request) -> Response:
    """Note whether a recording is to be expected, and go back to the list."""
    form = fields.Fields(await security.form(request))
    event_id, talk_id = form.text("event"), form.text("talk")
    try:
        done = await fields.aside(
            set_status,
            site_of(request).database,
            event_id=event_id or None,
            talk_id=None if event_id else talk_id,
            status=EventStatus(form.one_of("status", EventStatus)),
            editor=user_of(request).name,
            now=site_of(request).clock(),
        )
    except BadInput:
        raise HTTPException(404, NOT_THAT) from None
    back = [(n, v) for n, v in form.query("back") if n in ("status", "series", "page")]
    return go(f"/missing?{urlencode([*back, ('done', done.act_id)])}#list")
