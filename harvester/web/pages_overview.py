"""The overview, what was done, taking it back, and the help."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from harvester.records import ActKind
from harvester.review import acts, sample
from harvester.review.desk import Desk
from harvester.review.queue import Filter, Level, State
from harvester.store import reads_review
from harvester.web import fields, security
from harvester.web.pages import Trail, go, site_of, user_of
from harvester.web.telling import Told, tell
from harvester.web.words import Words

_ACTS_BRIEF, _ACTS = 5, 50
_SERIES = 12


def overview(request: Request) -> Response:
    """Show where things stand."""
    site = site_of(request)
    found = site.desk.queue().find(Filter(), per_page=1)
    states = {each.value: each.count for each in found.facets["state"]}
    levels = {each.value: each.count for each in found.facets["level"]}
    with site.database.read() as session:
        last = reads_review.acts(session, limit=_ACTS_BRIEF)
        figures = sample.figures(session)
    return site.page(
        request,
        "overview.html",
        first_id=found.rows[0].video_id if found.rows else None,
        levels=[(each, levels.get(each, 0)) for each in map(str, Level)],
        look_again=states.get(State.LOOK_AGAIN, 0),
        later=states.get(State.LATER, 0),
        acts=_told(last, site.words(request)),
        sample=figures,
        is_propose_only=getattr(site.settings.linkage, "decide", "rule") == "propose",
        said=site.said(request),
        **_events(site.desk),
    )


def _told(acts_: Sequence[reads_review.Act], words: Words) -> list[tuple[reads_review.Act, Told]]:
    """Return acts, each with what it said."""
    return [(act, tell(act, words)) for act in acts_]


def _events(desk: Desk) -> dict[str, Any]:
    """Return how many events have a video, in all and by series."""
    coverage = desk.coverage()
    catalogue = coverage.catalogue
    without, _ = coverage.missing(catalogue)
    every: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for event, has_none in zip(catalogue.events, without.tolist(), strict=True):
        if event.series:
            every[event.series] += 1
            seen[event.series] += not has_none
    return {
        "events_all": len(catalogue.events),
        "events_with": len(catalogue.events) - int(without.sum()),
        "series": [(name, all_, seen[name]) for name, all_ in every.most_common(_SERIES)],
    }


def activity(request: Request) -> Response:
    """Show the last acts of everybody."""
    return _activity(request)


def _activity(
    request: Request, problem: tuple[acts.Problem, ...] = (), status_code: int = 200
) -> Response:
    site, words = site_of(request), site_of(request).words(request)
    with site.database.read() as session:
        last = reads_review.acts(session, limit=_ACTS)
        to_undo = reads_review.last_to_undo(session, user_of(request).name)
    return site.page(
        request,
        "activity.html",
        status_code=status_code,
        acts=_told(last, words),
        to_undo=to_undo and tell(to_undo, words),
        problem=problem,
        said=site.said(request),
    )


async def undo(request: Request) -> Response:
    """Take the user's last act back, and show what is open again."""
    site = site_of(request)
    form = fields.Fields(await security.form(request))
    trail = Trail.parse(form.text("filter").lstrip("?"))
    try:
        done = await fields.aside(
            acts.undo, site.database, editor=user_of(request).name, now=site.clock()
        )
    except acts.Clash as clash:
        return await fields.aside(_activity, request, clash.problems, 409)
    if done is None:
        return go(_with(security.local_path(form.text("back")), done="none"))
    if len(done.videos) == 1:
        return go(f"/video/{done.videos[0]}{trail.query(done=done.act_id)}#card")
    place = "missing" if done.kind is ActKind.STATUS else "activity"
    return go(f"/{place}?done={done.act_id}#list")


def _with(path: str, **more: str) -> str:
    """Return an address of ours with something more in its query."""
    url = urlsplit(path)
    query = [(name, value) for name, value in parse_qsl(url.query) if name not in more]
    return f"{url.path}?{urlencode([*query, *more.items()])}"


def help_(request: Request) -> Response:
    """Show what there is to know."""
    return site_of(request).page(request, "help.html")
