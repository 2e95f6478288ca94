"""Use case: the queue as rows of a spreadsheet, and what a sheet that came back would do.

In:   the database; for the way back a sheet.
Out:  rows, as the queue has them; an Import: what to say, and what is wrong, cell by cell.

Writes nothing: `acts.say` does, with `Import.says`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from harvester.records import Event, Mark, Talk
from harvester.review import acts, sheet_wishes
from harvester.review.acts import Say
from harvester.review.desk import Desk
from harvester.review.queue import Filter
from harvester.review.sheet_wishes import State, Trouble, Wish
from harvester.review.sheet_words import CANDIDATES
from harvester.review.sheets import Choice, Row, Sheet
from harvester.store import reads_linking, reads_people, reads_review, reads_shown
from harvester.store.database import Database


def waiting(
    database: Database, *, query: str = "", limit: int | None = None
) -> tuple[list[Row], int]:
    """Return the rows of a filter, in its order, and how many there are without the limit.

    `query` is what stands behind the ? in the address of the queue's page; "" is all that waits.
    """
    wanted = Filter.parse(dict(parse_qsl(query.strip().removeprefix("?"))))
    queue = Desk(database).queue().rows(wanted)
    some = queue[:limit]
    with database.read() as session:
        choices = _choices(session, {row.video_id for row in some})
        versions = reads_review.versions(session)
        last = max((act.act_id for act in reads_review.acts(session, limit=1)), default=0)
    rows = [
        Row(
            video_id=row.video_id,
            url=f"https://youtu.be/{row.video_id}",
            title=row.title,
            published_at=row.published_at,
            duration_s=row.duration_s,
            captions=row.captions,
            reason=row.reason,
            choices=tuple(choices.get(row.video_id, ())),
            version=versions.get(row.video_id, 0),
            act_id=last,
        )
        for row in some
    ]
    return rows, len(queue)


def _choices(session: Any, waiting: Collection[str]) -> dict[str, list[Choice]]:
    """Return the best candidates that are still possible, by video."""
    events = {event.event_id: event for event in reads_linking.events(session)}
    talks = {talk.talk_id: talk for talk in reads_linking.talks(session)}
    rejected, statuses = reads_linking.rejected_pairs(session), reads_shown.statuses(session)
    found: dict[str, list[Choice]] = defaultdict(list)
    for row in reads_people.view(session, "candidates"):
        video_id, event_id = row["video_id"], row["event_id"]
        if video_id not in waiting or len(found[video_id]) == CANDIDATES:
            continue
        is_possible = event_id in events and (video_id, event_id) not in rejected
        if is_possible and (event_id, None) not in statuses:
            found[video_id].append(_choice(row, events[event_id], talks))
    return found


def _choice(row: Mapping[str, Any], event: Event, talks: Mapping[str, Talk]) -> Choice:
    talk = talks.get(row["talk_id"] or "")
    return Choice(
        event_id=event.event_id,
        event=event.title,
        date=event.start_on,
        talk_id=talk.talk_id if talk else None,
        talk=", ".join(filter(None, [talk.title or talk.kind, *talk.speakers])) if talk else "",
        probability=row["probability"],
    )


# --- the way back -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a sheet would do: things to say, and what is wrong; the rest is there for the count."""

    says: tuple[Say, ...]
    troubles: tuple[Trouble, ...]  # rows that cannot be taken
    remarks: tuple[Trouble, ...]  # worth knowing
    already: int  # rows that say what somebody has said already
    rows: int  # of the sheet

    @property
    def counts(self) -> Counter[str]:
        """How many videos something is said of, by what is said."""
        return Counter(each.what for each in self.says)


def prepare(session: Any, sheet: Sheet) -> Import:
    """Return what a sheet would do.  No row of `says` clashes with a row of it, or of another."""
    events = {event.event_id for event in reads_linking.events(session)}
    talks = {talk.talk_id: talk.event_id for talk in reads_linking.talks(session)}
    read = sheet_wishes.wishes(sheet, events=events, talks=talks)
    states = _states(session, read.wishes)
    new = [w for w in read.wishes if not sheet_wishes.is_so(w, states.get(w.video_id, State()))]
    says, clashes = _without_clashes(session, _renewed(session, new, states))
    return Import(
        says=tuple(says),
        troubles=tuple(sorted((*read.troubles, *clashes), key=_place(sheet))),
        remarks=read.remarks,
        already=len(read.wishes) - len(new),
        rows=len(sheet.lines),
    )


def _place(sheet: Sheet) -> Any:
    letters = {letter: place for place, letter in enumerate(sheet.letters.values())}

    def place(trouble: Trouble) -> tuple[int, int]:
        letter = trouble.cell.rstrip("0123456789")
        return int(trouble.cell.removeprefix(letter)), letters.get(letter, 0)

    return place


def _states(session: Any, wishes: Sequence[Wish]) -> dict[str, State]:
    ids = [wish.video_id for wish in wishes]
    standing, marked = reads_review.standing(session, ids), reads_review.marks_of(session, ids)
    found = {}
    for wish in wishes:
        if (now := standing.get(wish.video_id)) is None or now.version == wish.seen:
            continue
        marks = marked[wish.video_id]
        found[wish.video_id] = State(
            version=now.version,
            verdict=now.verdict,
            links=now.links,
            reason=now.reason,
            is_rule=(now.decided_by or "").startswith("rule:"),
            is_later=(Mark.LATER, None) in marks,
            rejected=frozenset(event or "" for mark, event in marks if mark is Mark.REJECTED),
        )
    return found


def _renewed(session: Any, wishes: Sequence[Wish], states: Mapping[str, State]) -> Iterator[Wish]:
    """Yield the wishes; of a video that waits again as it did, they are as of now.

    So a sheet can be taken in again after its import was undone.
    """
    later: dict[int, dict[str, str]] = {}
    for after in {wish.after for wish in wishes if wish.video_id in states}:
        ids = [wish.video_id for wish in wishes if wish.after == after]
        later[after] = reads_review.later_acts(session, after, ids)
    for wish in wishes:
        now = states.get(wish.video_id)
        if now is None or now.verdict is not None or wish.video_id in later[wish.after]:
            yield wish
        else:
            yield replace(wish, seen=now.version)


def _without_clashes(session: Any, given: Iterable[Wish]) -> tuple[list[Say], list[Trouble]]:
    """Return what can be said together, and what is wrong with the rest."""
    wishes = list(given)
    cells = {wish.video_id: wish.cell for wish in wishes}
    says = [_say(wish) for wish in wishes]
    troubles: list[Trouble] = []
    while problems := acts.check(session, says):
        # of two rows that clash each is told of; a row that is left out may have clashed, too
        bad = {each.video_id for each in problems}
        bad |= {each.by for each in problems if each.code == "twice" and each.by in cells}
        for each in problems:
            troubles.append(Trouble(cells[each.video_id], f"{each.said}{_remedy(each.code)}"))
            if each.code == "twice" and each.by in cells:
                other = f"clashes with {cells[each.video_id]}: {each.said}"
                troubles.append(Trouble(cells[each.by], other))
        says = [say for say in says if say.video_id not in bad]
    return says, troubles


def _remedy(code: str) -> str:
    if code == "taken":
        return " (the role “duplicate” says that this is a further upload)"
    return " (export anew to see it)" if code == "changed_meanwhile" else ""


def _say(wish: Wish) -> Say:
    return Say(
        video_id=wish.video_id,
        what=wish.what,
        links=wish.links,
        event_ids=wish.event_ids,
        reason=wish.reason,
        note=wish.note,
        seen=wish.seen,
    )
