"""The queue as a list: facets with numbers, paging; the filter is the address."""

from dataclasses import replace
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from harvester.review.decided import Decided, decided, decided_video
from harvester.review.queue import FACETS, NO_VALUE, Filter, Found, Queue, QueueRow
from harvester.web import pages_decided
from harvester.web.pages import Site, Trail, number, site_of
from harvester.web.words import Words

PER_PAGE = 50
_FEW = 5  # decided videos that a search names which nothing that waits fits


class Elsewhere(NamedTuple):
    """Where else there is what somebody looks for, and does not find in a filter."""

    row: QueueRow | None = None  # in the queue, but not in the filter
    decided: tuple[Decided, ...] = ()


def queue(request: Request) -> Response:
    """Show a page of the queue."""
    site, trail = site_of(request), Trail.of(request.query_params)
    here = site.desk.queue()
    page = number(request.query_params.get("page"))
    found = here.find(trail.filter, page=page, per_page=PER_PAGE)
    only_state = Filter(state=trail.filter.state)
    return site.page(
        request,
        "queue.html",
        trail=trail,
        query=trail.query(),
        found=found,
        links={name: _links(trail, name, [v.value for v in found.facets[name]]) for name in FACETS},
        hidden=_hidden(trail),
        is_narrowed=replace(trail.filter, order="quick") != Filter(),
        in_all=here.find(only_state, per_page=1).total,
        per_page=PER_PAGE,
        elsewhere=_elsewhere(site, here, trail.filter.q, found),
        decided_url=pages_decided.url(trail.filter.q),
        page_url=lambda page: f"/queue{trail.query(page=page)}",
        say=lambda name, value: _facet(site.words(request), name, value),
        said=site.said(request, trail),
    )


def _elsewhere(site: Site, queue: Queue, typed: str, found: Found) -> Elsewhere:
    """Return what an id, an address or words mean that nothing in the filter fits."""
    if not typed or found.total:
        return Elsewhere()
    if row := queue.named(typed):
        return Elsewhere(row)
    with site.database.read() as session:
        if its := decided_video(session, typed):
            return Elsewhere(decided=(its,))
        rows = decided(session, site.desk.catalogue(), typed, per_page=_FEW).rows
    return Elsewhere(decided=tuple(rows))


def _links(trail: Trail, name: str, values: list[str]) -> dict[str, str]:
    """Return where each value of a facet leads: to it, or without it if it is chosen."""
    links = {}
    for value in values:
        is_chosen = getattr(trail.filter, name) == value and name != "state"
        change: dict[str, Any] = {name: None if is_chosen else value}
        chosen = replace(trail.filter, **change)
        links[value] = f"/queue{trail._replace(filter=chosen).query()}"
    return links


def _hidden(trail: Trail) -> list[tuple[str, str]]:
    """Return what a search keeps of the filter."""
    return [(name, value) for name, value in trail.pairs() if name not in ("q", "order")]


def _facet(words: Words, name: str, value: str) -> str:
    """Return a value of a facet in words."""
    if value == NO_VALUE:
        return words.gettext("no series") if name == "series" else words.gettext("no date")
    return value if name in ("series", "year") else words.item(name, value)
