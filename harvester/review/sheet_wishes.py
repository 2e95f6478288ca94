"""What an editor wrote into a sheet: row by row, with the cell of whatever is wrong.

In:   a sheet that came back, and the ids on record.
Out:  wishes, each with the cell that says it; troubles and remarks; whether a wish is so already.

Pure.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from harvester.records import Link, NoEventReason, Role
from harvester.review import sheet_words as words
from harvester.review.sheet_words import CANDIDATES, folded, lookup
from harvester.review.sheets import Line, Sheet, checksum


class Trouble(NamedTuple):
    """What is wrong, or worth a remark, and where."""

    cell: str
    said: str

    def __str__(self) -> str:
        """Return it as people read it."""
        return f"{self.cell}: {self.said}"


What = Literal["match", "no_event", "reject", "later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one row says, not yet checked against what was decided meanwhile."""

    cell: str
    video_id: str
    seen: int
    after: int  # the last act before the sheet was written
    what: What
    links: tuple[Link, ...] = ()
    event_ids: tuple[str, ...] = ()
    reason: NoEventReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a sheet says: rows in order, rows that are not, and what was passed over."""

    wishes: tuple[Wish, ...]
    troubles: tuple[Trouble, ...]
    remarks: tuple[Trouble, ...]


def wishes(sheet: Sheet, *, events: Collection[str], talks: Mapping[str, str]) -> Wishes:
    """Return what a sheet says; `events` are the ids on record, `talks` the event of each talk."""
    found: list[Wish] = []
    troubles: list[Trouble] = []
    remarks: list[Trouble] = []
    for line in sheet.lines:
        if line.cells.get("decision"):
            try:
                wish = _wish(sheet, line, events, talks)
                found.append(wish)
                if line.cells.get("note") and not wish.note:
                    text = "a note is kept only with an event, a talk, or “none”"
                    remarks.append(Trouble(sheet.cell(line, "note"), text))
            except _OddError as odd:
                troubles.append(Trouble(sheet.cell(line, odd.key), odd.said))
            continue
        for key in ("role", "note"):
            if line.cells.get(key):
                text = f"a {key} without a decision; the row is passed over"
                remarks.append(Trouble(sheet.cell(line, key), text))
    good, double = _once(found)
    return Wishes(good, (*troubles, *double), tuple(remarks))


def _once(found: Sequence[Wish]) -> tuple[tuple[Wish, ...], tuple[Trouble, ...]]:
    by_video: dict[str, list[Wish]] = defaultdict(list)
    for wish in found:
        by_video[wish.video_id].append(wish)
    double = [
        Trouble(wish.cell, f"{wish.video_id} is decided in {_others(wish, same)}, too")
        for same in by_video.values()
        for wish in same
        if len(same) > 1
    ]
    return tuple(wish for wish in found if len(by_video[wish.video_id]) == 1), tuple(double)


def _others(wish: Wish, same: Sequence[Wish]) -> str:
    return ", ".join(other.cell for other in same if other is not wish)


# --- one row ------------------------------------------------------------------


class _OddError(Exception):
    def __init__(self, key: str, said: str) -> None:
        super().__init__(said)
        self.key, self.said = key, said


_VERSION = re.compile(r"v(\d{1,18})\.a(\d{1,18})\.([0-9a-f]{8})")


def _wish(sheet: Sheet, line: Line, events: Collection[str], talks: Mapping[str, str]) -> Wish:
    version = _VERSION.fullmatch(line.cells.get("version", ""))
    if version is None:
        raise _OddError("version", "not as it was exported; a row cannot be added by hand")
    if version[3] != checksum(line.cells):
        raise _OddError(
            "video_id",
            "the ids in this row are not those that were exported: were only some of the columns"
            " sorted?",
        )
    meant = _meant(line, events, talks)
    role = _role(line.cells.get("role", ""), meant)
    return Wish(
        cell=sheet.cell(line, "decision"),
        video_id=line.cells["video_id"],
        seen=int(version[1]),
        after=int(version[2]),
        what=meant.what,
        links=tuple(Link(event_id=e, talk_id=t, role=role) for e, t in meant.links),
        event_ids=meant.event_ids,
        reason=meant.reason,
        note=line.cells.get("note", "") if meant.what in ("match", "no_event") else "",
    )


class _Meant(NamedTuple):
    what: What
    links: tuple[tuple[str, str | None], ...] = ()
    event_ids: tuple[str, ...] = ()
    reason: NoEventReason | None = None


_NUMBER = re.compile(f"[1-{CANDIDATES}]")
_NUMBERS = re.compile(rf"{_NUMBER.pattern}( ?[ ,+&;/] ?{_NUMBER.pattern})*")
_LATER = {folded(word) for word in words.LATER}
_NONE = re.compile(rf"(?:{'|'.join(map(folded, words.NONE))})(?:[ :]+(.*))?")
_NOT = re.compile(rf"(?:{'|'.join(map(folded, words.NOT))}) (.+)")
_NO_EVENT = lookup(words.NO_EVENT)
_ROLES = lookup(words.ROLES)


def _meant(line: Line, events: Collection[str], talks: Mapping[str, str]) -> _Meant:
    exactly = line.cells["decision"]
    text = folded(exactly)
    if _NUMBER.fullmatch(text):
        return _Meant("match", links=(_candidate(line, text),))
    if text in _LATER:
        return _Meant("later")
    if exactly in events and exactly in talks:
        raise _OddError("decision", f"“{exactly}” is the id of an event and of a talk")
    if exactly in talks:
        return _Meant("match", links=((talks[exactly], exactly),))
    if exactly in events:
        return _Meant("match", links=((exactly, None),))
    if (found := _NOT.fullmatch(text)) and _NUMBERS.fullmatch(found[1]):
        numbers = _NUMBER.findall(found[1])
        return _Meant("reject", event_ids=_each([_candidate(line, n)[0] for n in numbers]))
    if exactly.startswith("="):
        raise _OddError("decision", "a formula is not taken; write what it gives")
    if found := _NONE.fullmatch(text):
        return _Meant("no_event", reason=_no_event(found[1] or "", exactly))
    raise _OddError(
        "decision",
        f"“{_short(exactly)}” is no number of a candidate, no id of an event or talk on record,"
        " and none of the words that the second sheet lists",
    )


def _each(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _candidate(line: Line, number: str) -> tuple[str, str | None]:
    event_id = line.cells.get(f"event_id_{number}", "")
    if not event_id:
        raise _OddError("decision", f"this row has no candidate {number}")
    return event_id, line.cells.get(f"talk_id_{number}") or None


def _no_event(text: str, exactly: str) -> NoEventReason:
    if text in _NO_EVENT:
        return _NO_EVENT[text]
    wrong = "names none of the reasons" if text else "needs a reason"
    known = ", ".join(NoEventReason)
    raise _OddError("decision", f"“{_short(exactly)}” {wrong}: none:… with one of {known}")


def _role(text: str, meant: _Meant) -> Role:
    if not text:
        return Role.FULL
    if meant.what != "match":
        raise _OddError("role", "a role goes only with an event or a talk")
    if folded(text) not in _ROLES:
        raise _OddError("role", f"“{_short(text)}” is no role: {', '.join(Role)}")
    return _ROLES[folded(text)]


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


# --- what is so already -------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What holds of a video at present."""

    version: int = 0
    verdict: str | None = None
    links: tuple[Link, ...] = ()
    reason: str | None = None
    is_rule: bool = False
    is_later: bool = False
    rejected: frozenset[str] = frozenset()


def is_so(wish: Wish, state: State) -> bool:
    """Tell whether an editor has said meanwhile what a row says: nothing is left to do."""
    if state.version == wish.seen:  # nothing was said since: what holds was there before
        return False
    if wish.what == "later":
        return state.is_later
    if wish.what == "reject":
        return state.verdict is None and state.rejected.issuperset(wish.event_ids)
    if state.verdict != wish.what or state.is_rule:
        return False
    if wish.what == "no_event":
        return state.reason == wish.reason
    return _shown(state.links) == _shown(wish.links)


def _shown(links: Iterable[Link]) -> set[tuple[str, str | None, Role]]:
    return {(link.event_id, link.talk_id, link.role) for link in links}
