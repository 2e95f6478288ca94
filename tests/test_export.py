"""Exports: the same files from both engines, whole or not at all."""

import csv
import datetime as dt
import io
import json
import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from harvester import export
from harvester.errors import CannotWrite
from harvester.export import export_view
from harvester.records import (
    Availability,
    EventRecords,
    Gone,
    Link,
    NoEventReason,
    Playlist,
    Role,
)
from harvester.review.acts import Say, say
from harvester.store import reads, writes
from harvester.store.database import Database
from harvester.store.views import VIEWS
from harvester.store.writes import Saved
from tests import build
from tests.linkings import linking, store
from tests.processes import Program
from tests.standin.server import StandIn

NOW = build.NOW
LATER = NOW + dt.timedelta(days=1, microseconds=123456)
HOSTILE = 'Füße "in" Zahlen,\nTeil 1; ’n Tag – 日本 🙂 \\ =1+1'


def fill(database: Database) -> None:
    """Something for every view: matched, waiting, gone, changed, with odd titles and gaps."""
    with database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 1 on test", now=NOW)
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        videos = [
            build.video("v1", title=HOSTILE),
            build.video("v2", duration_s=None, caption_flag=None, published_at=None),
            build.video("v3", caption_flag=True),
            build.video("v4", title="  "),
        ]
        writes.save_videos(session, videos, now=NOW, run_id=run_id)
        events = (
            build.event("e1", title=HOSTILE, series="Reihe; mit Semikolon", start_on="2023-11"),
            build.event("e2", start_on="2024"),
            build.event("e3"),
        )
        talks = (
            build.talk("t1", "e1", title=None, speakers=("Ada Beispiel", "Bo Müller")),
            build.talk("t2", "e2", title=HOSTILE),
        )
        writes.save_event_records(session, EventRecords("events.csv", events, talks), now=NOW)
        playlist = Playlist(playlist_id="PL1", channel_id=build.CHANNEL_ID, title="Reihe")
        writes.save_playlists(session, build.CHANNEL_ID, [playlist], now=NOW)
        writes.count_try(session, day="2026-11-22", bucket="main", units=1, run_id=run_id)
    match = Link(event_id="e1", talk_id="t1", role=Role.PART, start_s=0, end_s=90)
    store(database, run_id, linking("v1", match), linking("v2"), linking("v3", weight=1 / 3))
    said = (
        Say(video_id="v4", what="no_event", reason=NoEventReason.OTHER, note=HOSTILE),
        Say(video_id="v3", what="reject", event_ids=("e1",)),
    )
    say(database, said, editor="Ana Müller", now=NOW)
    with database.write() as session:
        other = build.video("v4", title="Anders")
        renamed = build.video("v3", title="Neuer Titel", caption_flag=False, duration_s=59)
        gone = Gone(video_id="v4", availability=Availability.DELETED, evidence="nicht mehr da")
        saved = writes.save_videos(session, [renamed, other], now=LATER, run_id=run_id)
        saved += Saved(gone=writes.save_gone(session, [gone], now=LATER, run_id=run_id))
        writes.finish_run(
            session,
            run_id,
            outcome="done",
            exit_code=0,
            message=HOSTILE,
            saved=saved,
            matched=1,
            to_review=None,
            now=LATER,
        )


@pytest.fixture
def filled(database: Database) -> Database:
    fill(database)
    return database


@pytest.fixture
def both(sqlite_url: str, postgresql_url: str) -> Iterator[tuple[Database, Database]]:
    with closing(Database(sqlite_url)) as one, closing(Database(postgresql_url)) as other:
        yield one, other


def exported(database: Database, view: str, file_format: str, folder: Path) -> str:
    file = folder / f"{view}.{file_format}"
    export_view(view, database=database, file_format=file_format, output=file)
    return file.read_bytes().decode()


def from_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def from_jsonl(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.split("\n")[:-1]]


def test_every_view_gives_the_same_file_on_both_engines(
    both: tuple[Database, Database], tmp_path: Path
) -> None:
    for database in both:
        fill(database)

    for view in VIEWS:
        for file_format in ("csv", "jsonl"):
            one, other = (exported(each, view, file_format, tmp_path) for each in both)
            assert one == other, view
            assert one.count("\n") > (file_format == "csv"), f"{view} is empty: nothing compared"


@pytest.mark.parametrize("view", VIEWS)
def test_both_forms_hold_the_same_rows_in_the_order_of_the_view(
    filled: Database, tmp_path: Path, view: str
) -> None:
    as_csv = from_csv(exported(filled, view, "csv", tmp_path))
    as_jsonl = from_jsonl(exported(filled, view, "jsonl", tmp_path))

    assert [list(row) for row in as_jsonl] == [list(reads.view_columns(view))] * len(as_csv)
    for plain, typed in zip(as_csv, as_jsonl, strict=True):
        assert plain == {name: "" if value is None else str(value) for name, value in typed.items()}


def test_a_title_with_quotes_line_breaks_and_any_script_comes_through(
    filled: Database, tmp_path: Path
) -> None:
    text = exported(filled, "videos", "csv", tmp_path)
    line = next(each for each in exported(filled, "videos", "jsonl", tmp_path).split("\n") if each)

    assert HOSTILE in {row["title"] for row in from_csv(text)}
    assert "Füße" in text
    assert "\\u" not in line
    assert "https://www.youtube.com/watch?v=" in line  # and not https:\/\/


def test_whole_numbers_stay_whole_where_some_are_missing(filled: Database, tmp_path: Path) -> None:
    text = exported(filled, "videos", "csv", tmp_path)
    rows = from_jsonl(exported(filled, "videos", "jsonl", tmp_path))

    assert {row["duration_s"] for row in from_csv(text)} == {"1800", "59", ""}
    assert {row["duration_s"] for row in rows} == {1800, 59, None}


def test_numbers_keep_all_their_digits(filled: Database, tmp_path: Path) -> None:
    [candidate, *_] = [
        row
        for row in from_jsonl(exported(filled, "candidates", "jsonl", tmp_path))
        if row["video_id"] == "v3"
    ]

    assert candidate["match_weight"] == 1 / 3


def test_instants_are_utc_with_a_z_and_whole_seconds(filled: Database, tmp_path: Path) -> None:
    [run] = from_csv(exported(filled, "runs", "csv", tmp_path))

    assert (run["started_at"], run["finished_at"]) == (
        "2026-11-22T09:00:00Z",
        "2026-11-23T09:00:00Z",
    )


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_view_gives_a_header_or_nothing(
    sqlite_database: Database, tmp_path: Path, view: str
) -> None:
    as_csv = exported(sqlite_database, view, "csv", tmp_path)
    as_jsonl = exported(sqlite_database, view, "jsonl", tmp_path)

    assert as_csv == ",".join(reads.view_columns(view)) + "\n"
    assert as_jsonl == ""


@pytest.mark.parametrize("portion", [1, 2, 4])  # 4 videos: the last portion is full, or it is not
def test_more_than_one_portion_makes_one_file(
    filled: Database, tmp_path: Path, portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = [exported(filled, "videos", form, tmp_path) for form in ("csv", "jsonl")]

    monkeypatch.setattr(export, "PORTION", portion)

    assert [exported(filled, "videos", form, tmp_path) for form in ("csv", "jsonl")] == at_once


def test_the_number_of_rows_is_told(filled: Database, tmp_path: Path) -> None:
    count = export_view("videos", database=filled, file_format="csv", output=tmp_path / "v.csv")

    assert count == 4


# --- files --------------------------------------------------------------------


def files(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir() if not each.name.startswith("harvester.db")}


@pytest.mark.parametrize("place", ["no/such/folder/v.csv", "folder", "a" * 255])
def test_a_place_that_cannot_be_written_is_told_and_leaves_nothing(
    sqlite_database: Database, tmp_path: Path, place: str
) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(CannotWrite, match=place) as raised:
        export_view("runs", database=sqlite_database, file_format="csv", output=tmp_path / place)

    assert raised.value.exit_code == 73
    assert files(tmp_path) == {"folder"}


def test_an_export_that_breaks_leaves_the_older_file(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sqlite_database)
    file = tmp_path / "videos.csv"
    file.write_text("the older one", encoding="utf-8")

    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(export.WRITERS, "csv", broken)

    with pytest.raises(CannotWrite, match=r"videos\.csv: No space left on device"):
        export_view("videos", database=sqlite_database, file_format="csv", output=file)
    assert file.read_text(encoding="utf-8") == "the older one"
    assert files(tmp_path) == {"videos.csv"}


def test_a_link_stays_a_link(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "latest.csv").symlink_to("real.csv")

    exported(sqlite_database, "videos", "csv", tmp_path)
    export_view(
        "videos", database=sqlite_database, file_format="csv", output=tmp_path / "latest.csv"
    )

    assert (tmp_path / "latest.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text("utf-8").startswith("video_id,")


def test_a_file_has_the_rights_that_the_user_gives_new_files(
    sqlite_database: Database, tmp_path: Path
) -> None:
    before = os.umask(0o027)
    try:
        exported(sqlite_database, "videos", "csv", tmp_path)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "videos.csv").stat().st_mode) == 0o640


def test_a_device_is_written_to_and_not_replaced(sqlite_database: Database) -> None:
    export_view("videos", database=sqlite_database, file_format="csv", output=Path("/dev/null"))

    assert Path("/dev/null").is_char_device()


# --- stdout -------------------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path, standin: StandIn, sqlite_database: Database) -> Program:
    fill(sqlite_database)
    return Program(tmp_path, standin, database=sqlite_database.url, channel=build.CHANNEL_ID)


@pytest.mark.parametrize(
    "command", ["export videos", "export videos --format jsonl", "unmatched", "db dictionary"]
)
def test_a_reader_that_goes_away_is_no_trouble(program: Program, command: str) -> None:
    read, write = os.pipe()
    os.close(read)

    result = program(*command.split(), stdout=write)

    os.close(write)
    assert (result.returncode, result.stderr) == (0, "")


def test_what_is_printed_is_utf_8_whatever_the_locale(program: Program) -> None:
    in_c = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    file = program("export", "videos", environment=in_c)
    table = program("unmatched", environment=in_c)

    assert file.returncode == table.returncode == 0, file.stderr + table.stderr
    assert HOSTILE in {row["title"] for row in from_csv(file.stdout)}
    assert "–" in table.stdout


@pytest.mark.parametrize("command", ["export videos", "unmatched", "status"])
def test_a_full_disk_is_told_and_is_no_bug(program: Program, command: str) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        result = program(*command.split(), stdout=full)

    assert result.returncode == 73
    assert result.stderr == "harvester: cannot write the output: No space left on device\n"
