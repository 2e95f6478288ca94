"""A random sample of the rule's links, judged blind: no probability, no level, no rank."""

from starlette.requests import Request
from starlette.responses import Response

from harvester.errors import BadInput
from harvester.review import acts
from harvester.review import sample as samples
from harvester.review.cards import card
from harvester.web import fields, security
from harvester.web.catalogue import msgid
from harvester.web.fields import Fields
from harvester.web.pages import go, number, site_of, user_of

MEANWHILE = msgid("Somebody has said something about that video meanwhile; here is another one.")


def sample(request: Request) -> Response:
    """Show the next video of the sample."""
    return _sample(request, _seed(request, request.query_params.get("seed")))


def _seed(request: Request, given: str | None) -> int:
    """Return what the sample is drawn with: another one each day, unless the address says so."""
    return number(given or str(samples.seed_of(site_of(request).clock())))


def _sample(request: Request, seed: int, problem: str = "") -> Response:
    site = site_of(request)
    drawn = samples.draw(site.desk, 1, seed=seed)
    with site.database.read() as session:
        figures = samples.figures(session)
        shown = card(session, drawn[0], model=site.model) if drawn else None
        linked = samples.linked(session, shown) if shown else []
    return site.page(
        request,
        "sample.html",
        status_code=409 if problem else 200,
        figures=figures,
        card=shown,
        linked=linked,
        seed=seed,
        is_language=lambda tag: bool(fields.LANGUAGE.fullmatch(tag or "")),
        problem=site.words(request).gettext(problem) if problem else "",
        said=site.said(request),
    )


async def judge(request: Request) -> Response:
    """Keep a judgement, and show the next video."""
    form = Fields(await security.form(request))
    judgement = form.one_of("judgement", ("right", "wrong", "unsure"))
    site, seed = site_of(request), _seed(request, form.text("seed"))
    try:
        done = await fields.aside(
            samples.judge,
            site.database,
            form.text("video"),
            judgement,
            editor=user_of(request).name,
            now=site.clock(),
            seen=form.seen(),
        )
    except (BadInput, acts.Clash):
        return await fields.aside(_sample, request, seed, MEANWHILE)
    return go(f"/sample?seed={seed}&done={done.act_id}#card")
