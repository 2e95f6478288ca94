"""A card: all that a page or a terminal shows of one video, so that an editor can decide.

In:   the database, a video, and the linkage model.
Out:  the video with the words marked that speak for its best candidate; the candidates with
      their terms as stored, for there is no second formula; what was said of it so far, what
      changed since, and what its neighbours are.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from harvester.linkage import Model, chapters, text
from harvester.linkage.features import of_events
from harvester.records import Event, EventStatus, Linking, Outcome, Reason, Talk, Term, Video
from harvester.review.filters import HELD_BACK, Level, first_ruled_out, level
from harvester.store import reads_cards, reads_people, reads_review
from harvester.store.reads_cards import Neighbour, Showing
from harvester.store.reads_people import Decision, Explanation
from harvester.store.reads_queue import caption_state
from harvester.store.reads_review import Difference, HistoryLine

_WORD = re.compile(r"[^\W_]+(?:['’‘`´ʼ][^\W_]+)*")
_SHORT = 5  # letters, from which a word may be a part of a compound


class Piece(NamedTuple):
    """A piece of a text; marked: it speaks for the best candidate."""

    text: str
    is_marked: bool


class ProposedStart(NamedTuple):
    """A chapter of the description; `talk_id` is the talk that it names, if it does."""

    start_s: int
    end_s: int | None
    text: str
    talk_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateCard:
    """A candidate, with its records and what else is known of its event."""

    rank: int  # as in the linking; 1 is the best
    event: Event
    talk: Talk | None
    probability: float
    match_weight: float
    level: Level
    terms: tuple[Term, ...]  # as stored: they sum to `match_weight`
    talks: tuple[Talk, ...]  # all talks of the event
    status: EventStatus
    shown_by: tuple[Showing, ...]  # other videos that show the event or talks of it
    is_rejected: bool  # an editor said that the video is not of this event

    @property
    def is_open(self) -> bool:
        """Whether it can still be proposed."""
        return not self.is_rejected and self.status is EventStatus.EXPECTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A video before an editor."""

    video: Video
    url: str
    availability: str
    caption_state: str
    playlists: tuple[str, ...]
    title: tuple[Piece, ...]
    description: tuple[Piece, ...]
    candidates: tuple[CandidateCard, ...]  # those still open, the best first
    rejected: tuple[CandidateCard, ...]  # the others, ruled out by an editor or not recorded
    near_miss: CandidateCard | None  # the best of all, where none is more likely right than wrong
    level: Level  # of the best open candidate
    reason: str  # why the rule did not link it
    is_sure: bool  # whether Enter may accept the first candidate: the rule itself would link it
    decision: Decision | None
    differences: tuple[Difference, ...]  # changed since an editor decided
    history: tuple[HistoryLine, ...]
    chapters: tuple[ProposedStart, ...]  # with the talks of the best candidate's event
    neighbours: tuple[Neighbour, ...]
    version: int

    @property
    def best(self) -> CandidateCard | None:
        """The best candidate that is still open."""
        return self.candidates[0] if self.candidates else None


def card(session: Any, video_id: str, *, model: Model) -> Card | None:
    """Return what is to be shown of a video; None if it is not stored or never had a title."""
    stored = reads_cards.video(session, video_id)
    explained = reads_people.explanation(session, video_id) if stored else None
    if stored is None or explained is None:
        return None
    video, linking = stored.video, explained.linking
    all_candidates = _candidates(session, explained)
    candidates = tuple(each for each in all_candidates if each.is_open)
    best = candidates[0] if candidates else None
    reason = reason_now(linking, None if best is None else best.rank)
    shown = best or (all_candidates[0] if all_candidates else None)
    marked = _telling(video, shown, model) if shown else frozenset()
    near: Sequence[Neighbour] = ()
    if video.published_at:
        near = reads_cards.neighbours(
            session, video.channel_id, video.published_at, without=video_id
        )
    is_likely = best is not None and best.level in (Level.STRONG, Level.MEDIUM)
    return Card(
        video=video,
        url=f"https://www.youtube.com/watch?v={video_id}",
        availability=stored.availability,
        caption_state=caption_state(video.live_state, video.caption_flag),
        playlists=stored.playlists,
        title=pieces(video.title, marked),
        description=pieces(video.description, marked),
        candidates=candidates,
        rejected=tuple(each for each in all_candidates if not each.is_open),
        near_miss=None if is_likely or not all_candidates else all_candidates[0],
        level=best.level if best else Level.NONE,
        reason=reason,
        is_sure=_is_sure(best, explained, model),
        decision=explained.decision,
        differences=tuple(reads_review.look_again(session, video_id)),
        history=tuple(reads_review.history(session, video_id)),
        chapters=proposed_starts(video, shown.event, shown.talks, model) if shown else (),
        neighbours=tuple(near),
        version=reads_review.version(session, video_id),
    )


def reason_now(linking: Linking | None, best_rank: int | None) -> str:
    """Return why a video waits: what the linking said, unless its first candidate is ruled out."""
    if linking is None:
        return Reason.NOT_LINKED_YET
    return first_ruled_out(best_rank, bool(linking.candidates)) or (
        linking.reason or Reason.PROPOSED
    )


def _is_sure(best: CandidateCard | None, explained: Explanation, model: Model) -> bool:
    """Return whether the rule itself would link the video to its best open candidate."""
    linking = explained.linking
    if best is None or linking is None or explained.decision is not None or best.rank != 1:
        return False
    by_rule = linking.outcome is Outcome.AUTO or best.probability >= model.accept
    return by_rule and linking.reason not in HELD_BACK and best.level is Level.STRONG


def _candidates(session: Any, explained: Explanation) -> list[CandidateCard]:
    linking = explained.linking
    if linking is None or not linking.candidates:
        return []
    event_ids = [each.event_id for each in linking.candidates]
    talk_ids = [each.talk_id for each in linking.candidates if each.talk_id]
    statuses = reads_cards.statuses_of(session, event_ids, talk_ids)
    talks = reads_cards.talks_of(session, event_ids)
    shown = reads_cards.showing(session, event_ids, without=explained.video_id)
    rejected = reads_cards.rejected_events(session, explained.video_id)
    found = []
    for each in linking.candidates:
        capped = any(term.name == "cap" for term in each.terms)
        reason = str(linking.reason or "") if each.rank == 1 else ""
        its = level(each.probability, reason)
        status = statuses.get(each.talk_id or "") or statuses.get(each.event_id)
        found.append(
            CandidateCard(
                rank=each.rank,
                event=explained.events[each.event_id],
                talk=explained.talks.get(each.talk_id or ""),
                probability=each.probability,
                match_weight=each.match_weight,
                level=Level.MEDIUM if capped and its is Level.STRONG else its,
                terms=each.terms,
                talks=tuple(talks.get(each.event_id, ())),
                status=status or EventStatus.EXPECTED,
                shown_by=tuple(shown.get(each.event_id, ())),
                is_rejected=each.event_id in rejected,
            )
        )
    return found


# --- words that speak for a candidate -----------------------------------------------


def pieces(written: str, marked: Collection[str]) -> tuple[Piece, ...]:
    """Return a text cut into pieces; words that fold to a marked one are marked.

    Compounds meet as in the linkage: „Fachdiskurs“ is marked by "diskurs".
    """
    written = unicodedata.normalize("NFC", written)
    found: list[Piece] = []
    end = 0
    for match in _WORD.finditer(written):
        if not marked or not _is_marked(match[0], marked):
            continue
        if match.start() > end:
            between = written[end : match.start()]
            # neighbours are one mark, with the blank between them
            if found and not between.strip():
                last = found.pop()
                found.append(Piece(last.text + between + match[0], is_marked=True))
                end = match.end()
                continue
            found.append(Piece(between, is_marked=False))
        found.append(Piece(match[0], is_marked=True))
        end = match.end()
    if end < len(written):
        found.append(Piece(written[end:], is_marked=False))
    return tuple(found)


def _is_marked(piece: str, marked: Collection[str]) -> bool:
    words = text.words(text.fold(piece))
    if any(word in marked for word in words):
        return True
    long = [word for word in words if len(word) >= _SHORT]
    return any(text.within_compound(word, marked) for word in long)


def _telling(video: Video, shown: CandidateCard, model: Model) -> frozenset[str]:
    """Return the folded words of the event's names, and of its talk and speakers."""
    [event] = of_events([shown.event], shown.talks, model)
    found = {word for name in event.names for word in name.telling}
    found |= {name.joined for name in event.names if name.whole}
    present = set(text.words(text.fold(f"{video.title} {video.description}")))
    for talk in event.talks:
        if shown.talk is not None and talk.talk.talk_id == shown.talk.talk_id:
            found |= {word for title in talk.titles for word in title.telling}
            found |= {word for person in talk.speakers for word in person if len(word) > 1}
            continue
        # of other talks only those who are named in full: their titles share common words
        for person in talk.speakers:
            if len(person) > 1 and present.issuperset(person):
                found |= {word for word in person if len(word) > 1}
    return frozenset(found)


# --- chapters -------------------------------------------------------------------------


def proposed_starts(
    video: Video, event: Event, talks: Iterable[Talk], model: Model
) -> tuple[ProposedStart, ...]:
    """Return the chapters of a video's description, with the talks of an event that they name."""
    found = chapters.chapters(video.description)
    if not found:
        return ()
    [features] = of_events([event], talks, model)
    named = {
        each.start_s: each.talk.talk.talk_id
        for each in chapters.talks(found, video.duration_s, features.talks)
    }
    lines = (line for line in video.description.splitlines() if chapters.TIME.search(line))
    ends = [*(each.start_s for each in found[1:]), video.duration_s]
    return tuple(
        ProposedStart(
            each.start_s,
            end if end is None or end > each.start_s else None,
            _without_time(line),
            named.get(each.start_s),
        )
        for each, line, end in zip(found, lines, ends, strict=True)
    )


def _without_time(line: str) -> str:
    return chapters.TIME.sub(" ", line).strip(" \t-–—:|•·()[]")


def starts_for(
    session: Any, video_id: str, event_id: str, *, model: Model
) -> tuple[ProposedStart, ...]:
    """Return the proposed starts of the talks of any event, also of one that is no candidate."""
    stored = reads_cards.video(session, video_id)
    event = reads_cards.event(session, event_id)
    if stored is None or event is None:
        return ()
    talks = reads_cards.talks_of(session, [event_id]).get(event_id, [])
    return proposed_starts(stored.video, event, talks, model)
