"""Measure the store: `python -m tests.bench_store [VIDEOS] [URL]`.

Saves 100,000 videos in calls of 5,000, then the same ones again, and links 3,500 of
them, reads every view, in a new SQLite file or an empty database at URL; prints seconds,
rows written and the memory at its peak.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from harvester.records import Candidate, EventRecords, Link, Linking, Outcome, Term, Video
from harvester.store import reads, writes
from harvester.store.database import Database
from tests import build
from tests.tables import watch, written


def main(many: int = 100_000, url: str | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{Path(folder) / 'bench.db'}")
        database.upgrade()
        with database.write() as session:
            run_id = writes.start_run(session, command="bench", holder="bench", now=build.NOW)
            writes.save_channel(session, build.channel(), asked_for="@bench", now=build.NOW)
            records = EventRecords(
                "bench",
                tuple(build.event(f"event-{n}") for n in range(5)),
                tuple(build.talk(f"talk-{n}", f"event-{n}") for n in range(5)),
            )
            writes.save_event_records(session, records, now=build.NOW)
        videos = [
            build.video(
                f"video-{n:06}",
                description="Ein Vortrag über die Zukunft der Arbeit. " * 20,
                tags=("Zukunft", "Arbeit", f"Tag {n % 100}"),
                thumbnail_url=f"https://i.ytimg.com/vi/video-{n:06}/maxresdefault.jpg",
                audio_language="de",
            )
            for n in range(many)
        ]
        linkings = [linking(video) for video in videos[:3500]]

        def save() -> None:
            for start in range(0, many, 5000):
                with database.write() as session:
                    writes.save_videos(
                        session, videos[start : start + 5000], now=build.NOW, run_id=run_id
                    )

        def link() -> None:
            with database.write() as session:
                writes.save_linkings(session, linkings, model="bench", run_id=run_id, now=build.NOW)

        say(f"save {many} videos", save)
        watch(database, "video", "video_change", "video_linking", "candidate_term", "decision")
        say(f"save {many} videos again", save)
        print("    rows written:", written(database) or "none of a video")
        say(f"link {len(linkings)} videos", link)
        print("    rows written:", written(database))
        with database.write() as session:
            session.execute(text("DELETE FROM written"))
        say(f"link {len(linkings)} videos again", link)
        print("    rows written:", written(database) or "none")

        def read() -> None:
            with database.read() as session:
                for name in reads.VIEWS:
                    for _ in reads.view(session, name):
                        pass

        say("read every view to its end", read)
        database.close()


def linking(video: Video) -> Linking:
    terms = tuple(
        Term(f"term_{n}", 0.5, "„Zukunft der Arbeit“ in beiden Titeln") for n in range(10)
    )
    candidates = tuple(
        Candidate(
            video_id=video.video_id,
            rank=n + 1,
            event_id=f"event-{n}",
            talk_id=f"talk-{n}",
            match_weight=5.0,
            probability=0.97,
            terms=terms,
        )
        for n in range(5)
    )
    return Linking(
        video_id=video.video_id,
        outcome=Outcome.AUTO,
        reason=None,
        probability=0.97,
        links=(Link(event_id="event-0", talk_id="talk-0"),),
        candidates=candidates,
    )


def say(what: str, work: Callable[[], None]) -> None:
    """Do the work; print how long it took, and the most memory used so far."""
    started, busy = time.perf_counter(), time.process_time()
    work()
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what}: {seconds:.1f} s ({busy:.1f} s of processor), peak {memory} MB")


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["100000"])[0]), *sys.argv[2:3])
