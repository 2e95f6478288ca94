"""Use case: candidates for videos, and decisions by rule.

In:   the database and the linkage model.
Out:  each video's candidates with their evidence, and a decision where the rule
      is sure enough, in the database; how many of which.

One read, pure work, one write.  A video that an editor judges in between is left
out by the write, so nobody's word is overrun.

What cannot have changed is not computed again: as long as the model, the events and
talks, and the talks that editors gave to videos are as they were, only videos that
came, changed or went are looked at, with those that they can change.  A rule's
decision is kept where nothing but more candidates came.
"""

import dataclasses
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import structlog

from harvester import __version__, linkage, parallel
from harvester.linkage import Focus, Held, Model
from harvester.records import Link, Linking, Outcome
from harvester.store import reads, writes
from harvester.store.database import Database

_FEW, _SHARE = 200, 0.05  # videos that came or changed, up to which the others are not looked at

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """What the rule made of the videos that no editor has judged."""

    matched: int = 0
    to_review: int = 0
    unmatched: int = 0


def link(
    *,
    database: Database,
    model: Model,
    run_id: int,
    now: dt.datetime,
    full: bool = False,
    decide: bool = True,
) -> LinkCounts:
    """Link the videos that no editor has judged, and store what came of it.

    Only what changed since the last time, and what that can change; all of them if `full`.
    Without `decide` the rule only proposes.
    Running it again on the same data computes and writes nothing.
    """
    with database.read() as session:
        known = _known(reads.linking_input(session), model, decide=decide)
        because = "asked for" if full else known.why_all()
        if because is None and not known.changed and not known.gone:
            return known.counts([])
        videos, events = reads.videos_to_link(session), reads.events_to_link(session)
        talks, playlists = reads.talks_to_link(session), reads.playlist_titles(session)
        rejected = reads.rejected_pairs(session)
        by_rule = reads.rule_links(session, model.name)
        best = reads.best_events(session) if because is None else {}
        since = known.input.state.linked_at if known.input.state else now
        renewed = reads.changed_records(session, since)
    log.info(
        "linking all videos" if because else "linking what changed",
        because=because or f"{len(known.changed)} new or changed, {len(known.gone)} gone",
    )
    with parallel.collecting_later():
        linkings = linkage.link(
            videos,
            events,
            talks,
            model=model,
            playlists=playlists,
            rejected=rejected,
            shown=known.shown,
            held=known.held(by_rule, *renewed),
            focus=None if because else Focus(changed=known.changed, gone=known.gone, best=best),
            mapper=parallel.suited(len(videos)),
        )
    with database.write() as session:
        writes.save_linkings(
            session,
            linkings,
            model=model.name,
            run_id=run_id,
            now=now,
            inputs=known.input.hashes,
            decide=decide,
        )
        writes.save_linking_state(session, known.state_after(now, all_linked=bool(because)))
    return known.counts(linkings)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What tells whether something is to be done, without looking at a title."""

    input: reads.LinkingInput
    basis: reads.Basis  # of this linking
    changed: frozenset[str]  # videos that came or changed since they were last linked
    gone: frozenset[str]  # videos that were linked, and that no rule may decide any more
    shown: Mapping[str, str]  # talks that videos show by an editor's word
    decide: bool  # whether the rule decides, or only proposes

    def why_all(self) -> str | None:
        """Return why all videos have to be linked; None if only some have."""
        if self.input.state is None:
            return "it is the first time"
        was = self.input.state.basis
        if was.model_hash != self.basis.model_hash:
            return "the model is another one"
        if was.records_hash != self.basis.records_hash:
            return "events or talks changed"
        if was.shown_hash != self.basis.shown_hash:
            return "an editor decided about talks"
        many = max(_FEW, _SHARE * len(self.input.hashes))
        if self.input.state.linked_since + len(self.changed) > many:
            return "many videos came or changed"
        return None

    def held(
        self,
        by_rule: Mapping[str, tuple[Link, ...]],
        new_events: Collection[str],
        new_talks: Collection[str],
    ) -> Held:
        """Return what the rule decided by this model, where nothing of it is new or changed."""
        was = self.input.state
        if was is None or was.basis.model_hash != self.basis.model_hash:
            return {}
        return {
            video_id: links
            for video_id, links in by_rule.items()
            if video_id in self.input.hashes
            and video_id not in self.changed
            and not any(each.event_id in new_events or each.talk_id in new_talks for each in links)
        }

    def state_after(self, now: dt.datetime, *, all_linked: bool) -> reads.LinkingState:
        """Return the state after this linking."""
        was = self.input.state
        if all_linked or was is None:
            return reads.LinkingState(
                basis=self.basis, linked_all_at=now, linked_at=now, linked_since=0
            )
        since = was.linked_since + len(self.changed)
        return dataclasses.replace(was, linked_at=now, linked_since=since)

    def counts(self, linkings: list[Linking]) -> LinkCounts:
        """Return what is made of all videos, some of which were linked now."""
        now = {each.video_id: each.outcome for each in linkings}
        before = self.input.linked
        outcomes = Counter(
            now[video_id] if video_id in now else before[video_id].outcome
            for video_id in self.input.hashes
        )
        only_proposed = 0
        if not self.decide:
            only_proposed = outcomes[Outcome.AUTO] - len(self.input.decided)
        return LinkCounts(
            matched=outcomes[Outcome.AUTO] - only_proposed,
            to_review=outcomes[Outcome.REVIEW] + only_proposed,
            unmatched=outcomes[Outcome.NONE],
        )


def _known(its: reads.LinkingInput, model: Model, *, decide: bool) -> _Known:
    shown = {
        each.talk_id: video_id
        for video_id, links in sorted(its.editor_links.items())
        for each in links
        if each.talk_id
    }
    return _Known(
        input=its,
        basis=reads.Basis(
            model_hash=_model_hash(model),
            records_hash=its.records_hash,
            shown_hash=_hash(sorted(shown.items())),
        ),
        changed=frozenset(
            video_id for video_id in its.hashes if _has_changed(video_id, its, decide=decide)
        ),
        gone=frozenset(
            video_id
            for video_id, was in its.linked.items()
            if video_id not in its.hashes and was.input_hash is not None
        ),
        shown=shown,
        decide=decide,
    )


def _has_changed(video_id: str, its: reads.LinkingInput, *, decide: bool) -> bool:
    was = its.linked.get(video_id)
    if was is None or was.input_hash != its.hashes[video_id]:
        return True
    # an editor may have judged it after the rule, and taken that back
    return decide and was.outcome is Outcome.AUTO and video_id not in its.decided


def _model_hash(model: Model) -> str:
    """Return a hash of all that counts in a model, and of the program that takes it."""
    counts = dataclasses.asdict(dataclasses.replace(model, begun_with=None))
    return _hash([__version__, counts])


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=sorted).encode()).hexdigest()
