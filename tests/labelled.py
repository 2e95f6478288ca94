"""A small labelled collection: invented series, events, talks and videos, and their truth."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harvester.cli import cli
from harvester.records import Event, EventRecords, Label, Talk, Video
from harvester.store import writes
from harvester.store.database import Database
from tests import build

TOWNS = ("Musterhausen", "Seestadt", "Bergdorf", "Auenthal", "Neufeld", "Altmarkt")
NAMES = ("Zukunftsforum", "Klimagipfel", "Lesefest", "Verkehrstagung", "Museumsnacht", "Hackathon")
YEARS = (2021, 2022)
TOPICS = (
    "Wohnen im Wandel",
    "Radwege ohne Lücken",
    "Bäume gegen Hitze",
    "Geschichten vom Hafen",
    "Archive für alle",
    "Strom vom eigenen Dach",
)
NO_EVENT = (
    "Unser Freibad in {} im Sommer",
    "Ein Rundflug über {}",
    "Wie der Wochenmarkt von {} entsteht",
    "{} von oben",
)
"""What the titles say of each town that shows no event on record."""


def events() -> tuple[Event, ...]:
    return tuple(
        build.event(
            f"{town}-{year}".lower(),
            title=f"{town}er {name} {year}",
            series=f"{town}er {name}",
            start_on=f"{year}-09-14",
        )
        for town, name in zip(TOWNS, NAMES, strict=True)
        for year in YEARS
    )


def talks() -> tuple[Talk, ...]:
    return tuple(
        build.talk(f"{event.event_id}-{n}", event.event_id, title=f"{topic} {TOWNS[n]}")
        for event in events()
        for n, topic in enumerate(TOPICS)
    )


def videos() -> tuple[Video, ...]:
    """A video of each event and of one talk of it, and of each town some of no event."""
    found = []
    titles = {talk.talk_id: talk.title for talk in talks()}
    for n, event in enumerate(events()):
        on = dt.datetime.fromisoformat(f"{event.start_on}T08:00:00+00:00") + dt.timedelta(days=9)
        talk = titles[f"{event.event_id}-{n % 6}"]
        for kind, title in (("whole", event.title), ("talk", f"{event.title}: {talk}")):
            found.append(build.video(f"{kind}-{n:02}", title=title, published_at=on))
    for n, title in enumerate(title.format(town) for title in NO_EVENT for town in TOWNS):
        found.append(build.video(f"none-{n:02}", title=title))
    return tuple(found)


def labels() -> tuple[Label, ...]:
    found = []
    for n, event in enumerate(events()):
        talk_ids = {"whole": frozenset[str](), "talk": frozenset({f"{event.event_id}-{n % 6}"})}
        for kind, ids in talk_ids.items():
            label = Label(
                video_id=f"{kind}-{n:02}",
                event_ids=frozenset({event.event_id}),
                talk_ids=ids,
                series=event.series or "",
                language="de" if n < 8 else "fr",
            )
            found.append(label)
    for n in range(len(NO_EVENT) * len(TOWNS)):
        series = f"{TOWNS[n % len(TOWNS)]}er {NAMES[n % len(TOWNS)]}"
        found.append(
            Label(video_id=f"none-{n:02}", event_ids=frozenset(), series=series, language="de")
        )
    return tuple(found)


def write_truth(file: Path, given: Iterable[Label] | None = None) -> Path:
    """Write labels as a truth file: all, or those given."""
    lines = ["video_id,event_id,talk_id,t2_eval,language,series_id"]
    for label in labels() if given is None else given:
        event_id, talk_id = ("".join(each) for each in (label.event_ids, label.talk_ids))
        cells = (label.video_id, event_id, talk_id, "1", label.language, label.series)
        lines.append(",".join(cells))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def fill(database: Database) -> None:
    """Store all videos and records."""
    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 1", now=build.NOW)
        writes.save_channel(session, build.channel(), asked_for="@test", now=build.NOW)
        writes.save_videos(session, videos(), now=build.NOW, run_id=run_id)
        records = EventRecords("labelled", events(), talks())
        writes.save_event_records(session, records, now=build.NOW)


class Shell:
    """A user at a terminal in an empty directory, with the labelled collection stored."""

    def __init__(self, folder: Path, url: str) -> None:
        self.truth = str(write_truth(folder / "truth.csv"))
        self.environment = {"COLUMNS": "160", "HARVESTER_DATABASE__URL": url}

    def __call__(self, *arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(cli, arguments, env={**self.environment, **environment})


@pytest.fixture
def filled(sqlite_database: Database) -> Database:
    fill(sqlite_database)
    return sqlite_database


@pytest.fixture
def truth(tmp_path: Path) -> str:
    return str(write_truth(tmp_path / "truth.csv"))


@pytest.fixture
def shell(
    tmp_path: Path, sqlite_database: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> Shell:
    fill(sqlite_database)
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, sqlite_url)
