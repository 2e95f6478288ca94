"""Many at once: the proposals of a filter, the least likely first, each to be unticked."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from harvester.records import ActKind, Link
from harvester.review import acts, saying
from harvester.review.acts import Problem, Say
from harvester.review.queue import HELD_BACK, MEDIUM, Level, QueueRow, State
from harvester.store import reads_review
from harvester.web import fields, security
from harvester.web.catalogue import msgid
from harvester.web.fields import NOT_UNDERSTOOD, Fields
from harvester.web.pages import Trail, go, number, site_of, user_of

MOST = 300  # that can be linked at once
LISTED = 100  # unless somebody wants more
TOO_MANY = msgid("At most 300 videos can be linked at once; nothing was linked.")
NOTHING_TICKED = msgid("Nothing is ticked.")
CLASHES = msgid("Some lines clash with something; they are marked and no longer ticked.")


class Row(NamedTuple):
    """A line of the preview."""

    row: QueueRow
    value: str  # what its tick says
    is_ticked: bool
    is_likely: bool  # strong or medium, and nothing is in its way: what “tick all” ticks
    problems: list[Problem]


def preview(request: Request) -> Response:
    """Show what would be linked."""
    security.needs_editor(request)
    most = number(request.query_params.get("most") or str(LISTED), most=MOST)
    return _preview(request, Trail.of(request.query_params), most=most)


def _preview(
    request: Request,
    trail: Trail,
    *,
    most: int = MOST,
    ticked: Collection[str] | None = None,
    clash: Sequence[Problem] = (),
    problem: str = "",
) -> Response:
    site = site_of(request)
    trail = trail._replace(filter=replace(trail.filter, state=State.WAITING))
    found = site.desk.queue().find(trail.filter, per_page=most)
    levels = {each.value: each.count for each in found.facets["level"]}
    proposed = [row for row in found.rows if row.best_event_id]
    listed = sorted(proposed, key=lambda row: row.probability or 0)
    with site.database.read() as session:
        seen = reads_review.versions(session, [row.video_id for row in listed])
        said = {row.video_id: _say(row, seen.get(row.video_id, 0)) for row in listed}
        likely = [said[row.video_id] for row in listed if (row.probability or 0) >= MEDIUM]
        doubles = saying.doubles(session, list(said.values()))
        told = [each for each in doubles if each.code == "taken"]
        told += saying.doubles(session, likely)  # an unlikely one is nobody's rival
        problems = _by_video([*clash, *acts.check(session, list(said.values())), *told])
        others = {each.by for its in problems.values() for each in its if each.by}
        stored = reads_review.standing(session, others)
    rows = [_row(row, said[row.video_id], problems, ticked) for row in listed]
    return site.page(
        request,
        "bulk.html",
        status_code=409 if clash else 422 if problem else 200,
        here="queue",
        query=trail.query(),
        rows=rows,
        clashes=sum(bool(each.problems) for each in rows),
        titles={video_id: its.title or video_id for video_id, its in stored.items()},
        left_out=0 if trail.filter.level else levels.get(Level.NONE, 0),
        beyond=found.total if found.total > most else 0,
        most=most,
        more_url=f"/bulk{trail.query(most=MOST)}" if most < MOST else "",
        problem=site.words(request).gettext(problem) if problem else "",
    )


def _row(
    row: QueueRow,
    said: Say,
    problems: Mapping[str, list[Problem]],
    ticked: Collection[str] | None,
) -> Row:
    its = problems.get(row.video_id, [])
    is_likely = (row.probability or 0) >= MEDIUM and not its
    is_sure = is_likely and row.reason not in HELD_BACK
    is_wanted = row.video_id in ticked if ticked is not None else is_sure
    return Row(row, _value(said), is_wanted and not its, is_likely, its)


def _by_video(problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = defaultdict(list)
    for each in problems:
        if each.code not in {other.code for other in found[each.video_id]}:
            found[each.video_id].append(each)
    return found


def _say(row: QueueRow, seen: int) -> Say:
    link = Link(event_id=row.best_event_id or "", talk_id=row.best_talk_id)
    return Say(video_id=row.video_id, what="match", links=(link,), seen=seen)


def _value(said: Say) -> str:
    [link] = said.links
    given = {"video": said.video_id, "event": link.event_id, "seen": str(said.seen)}
    return urlencode(given | ({"talk": link.talk_id} if link.talk_id else {}))


def _picked(value: str) -> Say:
    """Return what a tick says.  400 if it is none of ours."""
    given = dict(parse_qsl(value, max_num_fields=10))
    try:
        link = Link(event_id=given["event"], talk_id=given.get("talk"))
        return Say(video_id=given["video"], what="match", links=(link,), seen=int(given["seen"]))
    except (KeyError, ValueError):
        raise HTTPException(400, NOT_UNDERSTOOD) from None


async def accept(request: Request) -> Response:
    """Link what is ticked, as one act; nothing of it if anything clashes."""
    form = Fields(await security.form(request))
    picked = form.all("pick")
    if len(picked) > MOST:
        raise HTTPException(413, TOO_MANY)
    trail = Trail.parse(form.text("filter").lstrip("?"))
    said = [_picked(value) for value in picked]
    return await fields.aside(_accept, request, said, trail)


def _accept(request: Request, said: list[Say], trail: Trail) -> Response:
    if not said:
        return _preview(request, trail, ticked=(), problem=NOTHING_TICKED)
    site, editor = site_of(request), user_of(request).name
    try:
        done = acts.say(site.database, said, editor=editor, now=site.clock(), kind=ActKind.BULK)
    except acts.Clash as clash:
        ticked = {each.video_id for each in said}
        return _preview(request, trail, ticked=ticked, clash=clash.problems, problem=CLASHES)
    return go(f"/queue{trail.query(done=done.act_id)}#list")
