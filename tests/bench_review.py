"""Measure reviewing: `python -m tests.bench_review [VIDEOS] [EVENTS]`.

Makes a world in a new SQLite file within seconds: 100,000 videos that wait, with five
candidates each and their terms, 10,000 events with ten talks each, and as many videos again
as a tenth that a rule linked.  Then asks for what each page needs, as an editor does who goes
through the queue, and prints the 50th, 95th and 100th percentile in milliseconds: each page
is to stay under 100 ms, a decision under 50 ms, at the 95th.

`world(folder)` makes the database alone, for measuring pages over it; `WORK` holds what is
asked, by name.  Not a test: nothing here passes or fails.
"""

import datetime as dt
import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from harvester import resources
from harvester.linkage import Model, load
from harvester.records import EventStatus, Link, NoEventReason
from harvester.review import acts, cards, missing, sample, search
from harvester.review.acts import Say
from harvester.review.decided import decided
from harvester.review.desk import Desk
from harvester.review.queue import Filter
from harvester.store import writes
from harvester.store.database import Database
from tests import build

VIDEOS, EVENTS, TALKS, TERMS = 100_000, 10_000, 10, 8
_LISTED = """
Zukunft Dorf Pflege Demenz Teilhabe Quartier Wohnen Alter Ehrenamt Netzwerk Mobilität Energie \
Klima Schule Kultur Bürger Rathaus Verein Gesundheit Nachbarschaft Bildung Daten Technik \
Beratung Vielfalt Heimat Wandel Arbeit Familie Jugend Inklusion Sprache Ankommen Engagement
Koch Öztürk Weber Fischer Wagner Becker Schulz Hoffmann Şahin Müller Krüger Lehmann
Hanna Ayşe Peter Maria Jonas Lena Sofia Ali Katrin Moritz Greta Emil
"""
_WORDS, _NAMES, _FORENAMES = (line.split() for line in _LISTED.strip().splitlines())
_REASONS = ("doubtful", "tie", "weak", "contradiction", "taken", "no_candidate")
_SHARES = (0.3, 0.2, 0.25, 0.1, 0.05, 0.1)


# --- the world ------------------------------------------------------------------


def world(folder: Path, *, videos: int = VIDEOS, events: int = EVENTS) -> Database:
    """Return a database in which `videos` wait; the same numbers give the same world."""
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    database.upgrade()
    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="bench", now=build.NOW)
        writes.save_channel(session, build.channel(), asked_for="@bench", now=build.NOW)
        chance = random.Random(4)
        _insert(session, "event", _events(chance, events))
        _insert(session, "talk", _talks(chance, events))
        _insert(session, "video", _videos(chance, videos + videos // 10))
        for rows in _in_parts(_linkings(chance, videos, events, run_id), 2_000):
            for name in ("video_linking", "candidate", "candidate_term"):
                _insert(session, name, [row for each in rows for row in each[name]])
        _insert(session, "decision", _decisions(videos, videos // 10))
        _insert(session, "decision_link", _links(videos // 10, events))
        session.execute(text("UPDATE run SET outcome = 'done', finished_at = started_at"))
    return database


def _insert(session: Any, name: str, rows: Any) -> None:
    for chunk in _in_parts(iter(rows), 5_000):
        columns = chunk[0].keys()
        values = ", ".join(f":{each}" for each in columns)
        session.execute(text(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({values})"), chunk)


def _in_parts(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while part := list(itertools.islice(rows, size)):
        yield part


def _title(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words))


def _events(chance: random.Random, many: int) -> Iterator[dict[str, Any]]:
    for n in range(many):
        day = dt.date(2016, 1, 1) + dt.timedelta(days=n * 3900 // many)
        yield {
            "event_id": f"event-{n:05}",
            "title": f"{_title(chance, 3)} {n % 97} {day.year}",
            "series": f"Reihe {n % 200}",
            "aliases": json.dumps([_title(chance, 2)], ensure_ascii=False),
            "city": chance.choice(("Berlin", "Köln", "Görlitz", "Aachen")),
            "start_on": day.isoformat(),
            "url": f"https://example.org/termine/{n}",
            "source": "bench",
            "first_seen_at": _sql(build.NOW),
            "changed_at": _sql(build.NOW),
        }


def _talks(chance: random.Random, events: int) -> Iterator[dict[str, Any]]:
    for n in range(events * TALKS):
        speaker = f"{chance.choice(_FORENAMES)} {chance.choice(_NAMES)}"
        yield {
            "talk_id": f"talk-{n:06}",
            "event_id": f"event-{n // TALKS:05}",
            "title": _title(chance, 5),
            "aliases": "[]",
            "speakers": json.dumps([speaker], ensure_ascii=False),
            "source": "bench",
            "first_seen_at": _sql(build.NOW),
            "changed_at": _sql(build.NOW),
        }


def _videos(chance: random.Random, many: int) -> Iterator[dict[str, Any]]:
    described = "Aufzeichnung unserer Veranstaltung. Mehr dazu: https://example.org\n" * 8
    for n in range(many):
        published = dt.datetime(2016, 1, 4, tzinfo=dt.UTC) + dt.timedelta(minutes=50 * n)
        yield {
            "video_id": video_id(n),
            "channel_id": build.CHANNEL_ID,
            "title": f"{_title(chance, 6)} – Tag {n % 3 + 1}",
            "description": f"{_title(chance, 60)}\n{described}0:00 Start\n12:30 Gespräch",
            "published_at": _sql(published),
            "duration_s": 600 + n % 7000,
            "caption_flag": n % 3 == 0,
            "privacy": "public",
            "availability": "public",
            "live_state": "none",
            "tags": "[]",
            "first_seen_at": _sql(published),
        }


def _linkings(
    chance: random.Random, many: int, events: int, run_id: int
) -> Iterator[dict[str, list[dict[str, Any]]]]:
    for n in range(many):
        reason = chance.choices(_REASONS, _SHARES)[0]
        best = {"doubtful": 0.93, "no_candidate": 0.0, "weak": 0.3}.get(reason, 0.75)
        best = round(best + chance.uniform(-0.05, 0.015), 4)
        count = 0 if reason == "no_candidate" else chance.randint(1, 5)
        linking = {
            "video_id": video_id(n),
            "outcome": "none" if reason in ("weak", "no_candidate") else "review",
            "reason": reason,
            "probability": best if count else None,
            "evidence_hash": f"{n:064}",
            "linked_at": _sql(build.NOW),
            "run_id": run_id,
        }
        yield {
            "video_linking": [linking],
            "candidate": [_candidate(n, rank, best, events) for rank in range(1, count + 1)],
            "candidate_term": [
                {
                    "video_id": video_id(n),
                    "rank": rank,
                    "position": position,
                    "term": "talk_title",
                    "weight": 0.5,
                    "evidence": "the title has all words of the talk's title, “Zukunft im Dorf”",
                }
                for rank in range(1, count + 1)
                for position in range(1, TERMS + 1)
            ],
        }


def _candidate(n: int, rank: int, best: float, events: int) -> dict[str, Any]:
    event = (n * 7 + rank * 13) % events
    return {
        "video_id": video_id(n),
        "rank": rank,
        "event_id": f"event-{event:05}",
        "talk_id": f"talk-{event * TALKS + rank % TALKS:06}",
        "match_weight": 6.0 / rank,
        "probability": round(best / rank, 4),
    }


def _decisions(start: int, many: int) -> Iterator[dict[str, Any]]:
    for n in range(many):
        yield {
            "decision_id": n + 1,
            "video_id": video_id(start + n),
            "verdict": "match",
            "decided_by": "rule:bench",
            "decided_at": _sql(build.NOW),
            "probability": 0.99,
            "evidence_hash": "0" * 64,
        }


def _links(many: int, events: int) -> Iterator[dict[str, Any]]:
    for n in range(many):
        event = n * 3 % events
        yield {
            "decision_id": n + 1,
            "position": 1,
            "event_id": f"event-{event:05}",
            "talk_id": f"talk-{event * TALKS + n % TALKS:06}",
            "role": "full",
        }


def video_id(n: int) -> str:
    """Return the id of the n-th video."""
    return f"demo-video-{n:06}"


def _sql(at: dt.datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


# --- what pages ask ---------------------------------------------------------------


@dataclass(slots=True)
class Editor:
    """Somebody who reviews; each piece of work takes the next number."""

    desk: Desk
    model: Model
    number: int = 0

    @property
    def now(self) -> dt.datetime:
        """A time that goes on."""
        return build.NOW + dt.timedelta(seconds=self.number)


FILTERS = (
    Filter(),
    Filter(series="Reihe 17"),
    Filter(year="2019", level="medium"),
    Filter(reason="tie", order="newest"),
    Filter(captions="flag_only_no", level="strong", order="oldest"),
    Filter(q="zukunft pflege"),
    Filter(q="ddorf", order="title"),
    Filter(level="weak", year="2020", series="Reihe 3", order="title"),
)

SEARCHES = (
    "zukunft dorf",
    "koch demenz",
    "2019",
    "2019-11",
    "23.11.2019",
    "ft",
    "https://example.org/termine/77/",
    "https://youtu.be/demo-video-000123",
    "teilhabe wohnen alter hanna",
)


def queue_page(editor: Editor) -> None:
    """A page of the queue, with facets."""
    wanted = FILTERS[editor.number % len(FILTERS)]
    editor.desk.queue().find(wanted, page=1 + editor.number % 3, per_page=50)


def card(editor: Editor) -> None:
    """A card, and who comes before and after it."""
    queue, wanted = editor.desk.queue(), FILTERS[editor.number % len(FILTERS)]
    rows = queue.find(wanted, page=2, per_page=20).rows or queue.find(Filter()).rows
    row = rows[editor.number % len(rows)]
    queue.around(wanted, row.video_id)
    with editor.desk.database.read() as session:
        cards.card(session, row.video_id, model=editor.model)


def decision(editor: Editor) -> None:
    """Something that an editor says: most of all a match."""
    row = next(r for r in editor.desk.queue().find(Filter(), per_page=1).rows)
    with editor.desk.database.read() as session:
        found = cards.card(session, row.video_id, model=editor.model)
    assert found is not None
    assert found.best is not None
    said = (
        Say(video_id=row.video_id, what="match", links=(Link(event_id=found.best.event.event_id),)),
        Say(video_id=row.video_id, what="reject", event_ids=(found.best.event.event_id,)),
        Say(video_id=row.video_id, what="no_event", reason=NoEventReason.TRAILER),
        Say(video_id=row.video_id, what="later"),
    )[editor.number % 4]
    began = time.perf_counter()
    acts.say(editor.desk.database, [said], editor="ana", now=editor.now)
    spent["decision alone"].append(time.perf_counter() - began)


def after_decision(editor: Editor) -> None:
    """The first page after a decision: the desk follows."""
    decision(editor)
    began = time.perf_counter()
    editor.desk.queue().find(Filter(), per_page=50)
    spent["queue right after a decision"].append(time.perf_counter() - began)


def undo(editor: Editor) -> None:
    """A step back, and the queue after it."""
    acts.undo(editor.desk.database, editor="ana", now=editor.now)
    editor.desk.queue()


def find_events(editor: Editor) -> None:
    """A search among the events and talks."""
    typed = SEARCHES[editor.number % len(SEARCHES)]
    catalogue = editor.desk.catalogue()
    with editor.desk.database.read() as session:
        search.events(session, catalogue, typed)


DECIDED = ("", "zukunft pflege demenz", "nothing of the kind", "https://youtu.be/demo-video-100123")


def decided_page(editor: Editor) -> None:
    """A page of what is decided: all of it, by words, by an address."""
    typed, catalogue = DECIDED[editor.number % len(DECIDED)], editor.desk.catalogue()
    with editor.desk.database.read() as session:
        decided(session, catalogue, typed)


def missing_page(editor: Editor) -> None:
    """A page of what lacks a video."""
    series = (None, "Reihe 17")[editor.number % 2]
    with editor.desk.database.read() as session:
        missing.without_video(
            session,
            editor.desk,
            today=editor.now.date(),
            series=series,
            page=1 + editor.number % 4,
        )


def status(editor: Editor) -> None:
    """One click to "not recorded", and what the queue makes of the one before."""
    editor.desk.queue()
    event_id = f"event-{editor.number % 1000:05}"
    acts.set_status(
        editor.desk.database,
        event_id=event_id,
        status=EventStatus.NOT_RECORDED,
        editor="ana",
        now=editor.now,
    )


def sample_page(editor: Editor) -> None:
    """A link by rule, drawn to be judged blind, and the figures so far."""
    [drawn] = sample.draw(editor.desk, 1, seed=editor.number)
    with editor.desk.database.read() as session:
        sample.figures(session)
        cards.card(session, drawn, model=editor.model)


WORK: dict[str, Callable[[Editor], None]] = {
    "queue page with facets": queue_page,
    "card and its neighbours in the filter": card,
    "search of events": find_events,
    "decided": decided_page,
    "without a video": missing_page,
    "sample": sample_page,
    "card, then decision": decision,
    "card, decision, queue page": after_decision,
    "status": status,
    "without a video, again": missing_page,
    "undo": undo,
    "queue page after all that": queue_page,
}

spent: dict[str, list[float]] = {"decision alone": [], "queue right after a decision": []}


def main(videos: int = VIDEOS, events: int = EVENTS, times: int = 60) -> None:
    """Make the world, ask, and print the percentiles."""
    model = load((resources.config() / "linkage.toml").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        database = world(Path(folder), videos=videos, events=events)
        size = (Path(folder) / "bench.db").stat().st_size / 1e6
        print(f"world: {time.perf_counter() - began:.1f} s, {size:.0f} MB")
        desk = Desk(database)
        for name in ("queue", "catalogue", "coverage", "statuses", "linked_by_rule"):
            began = time.perf_counter()
            getattr(desk, name)()
            print(f"desk, {name} first read: {time.perf_counter() - began:.2f} s")
        editor = Editor(desk, model)
        for name, work in WORK.items():
            spent[name] = []
            for _ in range(times):
                editor.number += 1
                began = time.perf_counter()
                work(editor)
                spent[name].append(time.perf_counter() - began)
        print(f"{'milliseconds':40} {'50th':>8} {'95th':>8} {'most':>8}")
        for name, seconds in spent.items():
            took = sorted(1000 * each for each in seconds)
            middle, high = took[len(took) // 2], took[int(len(took) * 0.95)]
            print(f"{name:40} {middle:8.1f} {high:8.1f} {took[-1]:8.1f}")
        database.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
