"""Trust, measured: links by rule, drawn at random and judged blind.

In:   the decisions of the rule that are in force, and what editors said of a sample of them.
Out:  videos to judge; each verdict as an act; the measured precision with its interval.

Blind: whoever judges sees neither probability nor terms.  The same seed draws the same
videos, whoever has been judged meanwhile left out, so that a page can be reloaded.
"""

import datetime as dt
from typing import Any, Literal, NamedTuple

import numpy as np

from harvester.errors import BadInput
from harvester.linkage.measures import Figure, share
from harvester.records import ActKind, Event, Link, Talk
from harvester.review import acts
from harvester.review.acts import Done, Say
from harvester.review.cards import Card
from harvester.review.desk import Desk
from harvester.store import reads_cards, reads_people, reads_shown
from harvester.store.database import Database
from harvester.store.reads_people import Decision

Judgement = Literal["right", "wrong", "unsure"]


class Figures(NamedTuple):
    """What the judged sample says of the rule; those of which editors were unsure do not count."""

    judged: int
    right: int
    wrong: int
    unsure: int
    precision: Figure  # with Wilson's 95 % interval; all None before the first judgement


def seed_of(now: dt.datetime) -> int:
    """Return what a sample is drawn with where nobody says so: another one each day."""
    return now.date().toordinal()


def draw(desk: Desk, n: int, *, seed: int) -> list[str]:
    """Return up to `n` videos that the rule linked and nobody has judged yet, at random."""
    linked, judged = desk.linked_by_rule()
    order = np.random.default_rng(seed).permutation(len(linked))
    drawn: list[str] = []
    for place in order.tolist():
        if len(drawn) == n:
            break
        if linked[place] not in judged:
            drawn.append(linked[place])
    return drawn


def judge(
    database: Database,
    video_id: str,
    judgement: Judgement,
    *,
    editor: str,
    now: dt.datetime,
    seen: int | None = None,
    note: str = "",
) -> Done:
    """Keep what an editor says of a link by rule.  If it is wrong, the video waits again.

    Raises BadInput if no rule's link is in force any more, acts.Clash if somebody was before.
    """
    with database.read() as session:
        decision = reads_people.decision_in_force(session, video_id)
    if decision is None or not is_by_rule(decision):
        raise BadInput(f"{video_id}: no rule's link of this video is in force any more")
    if judgement == "wrong":
        events = tuple(dict.fromkeys(link.event_id for link in decision.links))
        said = Say(video_id=video_id, what="reject", event_ids=events, seen=seen, note=note)
    else:
        said = Say(video_id=video_id, what=judgement, seen=seen, note=note)
    return acts.say(database, [said], editor=editor, now=now, kind=ActKind.SAMPLE)


def is_by_rule(decision: Decision) -> bool:
    """Return whether a decision in force is a link that the rule made."""
    return decision.verdict == "match" and decision.decided_by.startswith("rule:")


def linked(session: Any, shown: Card) -> list[tuple[Event, list[tuple[Link, Talk | None]]]]:
    """Return the events that a video is linked to, each with the links and their talks."""
    links = shown.decision.links if shown.decision else ()
    ids = list(dict.fromkeys(link.event_id for link in links))
    talks = reads_cards.talks_of(session, ids)
    named = {talk.talk_id: talk for its in talks.values() for talk in its}
    found = [(reads_cards.event(session, event_id), event_id) for event_id in ids]
    return [
        (event, [(link, named.get(link.talk_id or "")) for link in links if link.event_id == id_])
        for event, id_ in found
        if event
    ]


def figures(session: Any) -> Figures:
    """Return how good the rule is by the videos that were judged."""
    counted = reads_shown.sample_counts(session)
    right, wrong, unsure = counted["right"], counted["rejected"], counted["unsure"]
    return Figures(right + wrong + unsure, right, wrong, unsure, share(right, right + wrong))
