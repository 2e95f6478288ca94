"""The demo: what a newcomer sees is right, and the truth it is held against is ours to know."""

import csv
import datetime as dt
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from harvester.cli import cli
from harvester.store import reads_linking, reads_people
from harvester.store.database import Database

TRUTH = Path(__file__).parent / "standin" / "zwk_truth.csv"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return what the demo prints, and where its database lies."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(cli, ["demo"])
    assert result.exit_code == 0, result.stderr
    return result.stdout, folder / "zwk-demo.db"


def test_the_demo_shows_what_was_matched_what_waits_and_what_has_no_event(
    shown: tuple[str, Path],
) -> None:
    printed, _ = shown

    assert "invented" in printed
    places = [
        printed.index(head)
        for head in ("Matched by rule", "Waiting for an editor", "Without event")
    ]
    assert places == sorted(places)
    assert "videos have captions by YouTube's flag" in printed
    assert "sqlite:///zwk-demo.db" in printed


def test_no_video_of_the_demo_is_linked_to_a_wrong_event(shown: tuple[str, Path]) -> None:
    truth: dict[str, set[str]] = defaultdict(set)
    with TRUTH.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            truth[row["video_id"]].add(row["event_id"])
    database = Database(f"sqlite:///{shown[1]}")

    with database.read() as session:
        linked = {
            row["video_id"]: row["event_id"] for row in reads_people.view(session, "recordings")
        }
        proposed = {
            row["video_id"]: row["best_event_id"]
            for row in reads_people.view(session, "unmatched_videos")
        }
    database.close()

    assert [video for video, event in linked.items() if event not in truth[video]] == []
    assert len(linked) >= 30
    # explanatory and image films belong to no event: none of them is linked
    without = {video for video, events in truth.items() if events == {""}}
    assert without
    assert without <= proposed.keys()


def test_the_demo_knows_the_private_the_deleted_and_the_coming_video(
    shown: tuple[str, Path],
) -> None:
    database = Database(f"sqlite:///{shown[1]}")

    with database.read() as session:
        videos = {row["video_id"]: row for row in reads_people.view(session, "videos")}
        explained = reads_people.explanation(session, "demo-zwk-062")
        events = reads_linking.events(session)
    database.close()

    assert {row["availability"] for row in videos.values()} == {"public", "private", "deleted"}
    assert videos["demo-zwk-062"]["live_state"] == "upcoming"
    assert videos["demo-zwk-062"]["caption_state"] == "live_pending"
    assert explained is not None
    assert explained.linking is not None
    assert explained.linking.reason == "not_recorded_yet"
    assert len(events) == 91
    assert all(isinstance(row["first_seen_at"], dt.datetime) for row in videos.values())


WAITS, NO_EVENT = "waits for an editor", "no event"


@pytest.mark.parametrize(
    ("trap", "handled"),
    [
        (
            "the same title at two dates",
            {
                "demo-zwk-031": "kornwestheim-zwischenbilanz-2022",  # its date is in the title
                "demo-zwk-032": WAITS,  # it could be either
                "demo-zwk-035": "rodachtal-vereine-2",
                "demo-zwk-036": WAITS,
            },
        ),
        (
            "a motto that is a publication's title too",
            {
                "demo-zwk-005": "zwk-fachdiskurs-2022",
                "demo-zwk-012": "zwk-fachdiskurs-2023",
                "demo-zwk-057": NO_EVENT,
                "demo-zwk-058": NO_EVENT,
            },
        ),
        (
            "two mottos that differ in one word",
            {
                "demo-zwk-001": "zwk-fachdiskurs-2021",  # "miteinander vor Ort"
                "demo-zwk-042": "herford-zukunftswerkstatt-2022",  # "gemeinsam"
            },
        ),
        (
            "a talk under another title",
            {"demo-zwk-004": "zwk-fachdiskurs-2021", "demo-zwk-008": "zwk-fachdiskurs-2022"},
        ),
        (
            "the whole stream, and a cut of one talk of it",
            {
                "demo-zwk-012": "zwk-fachdiskurs-2023",
                "demo-zwk-013": "zwk-fachdiskurs-2023",
                "demo-zwk-014": WAITS,  # a second version of the cut
            },
        ),
        ("one video about three events", {"demo-zwk-044": WAITS}),
        (
            "the same person at several events",
            {
                "demo-zwk-028": "pb-treffen-2023-berlin",
                "demo-zwk-029": WAITS,  # the event has no date, and talks are given again
            },
        ),
        (
            "films that show no event, though their titles use its words",
            {f"demo-zwk-0{number}": NO_EVENT for number in range(49, 57)},
        ),
        (
            "the moderator of one event shows the film of another",
            {"demo-zwk-023": NO_EVENT, "demo-zwk-024": "barleben-einwohnerversammlung-2023"},
        ),
    ],
)
def test_the_demo_shows_how_each_trap_is_handled(
    shown: tuple[str, Path], trap: str, handled: dict[str, str]
) -> None:
    database = Database(f"sqlite:///{shown[1]}")
    with database.read() as session:
        found = {
            row["video_id"]: WAITS
            if (row["best_probability"] or 0) >= 0.4
            and row["reason"] in ("tie", "taken", "doubtful", "contradiction")
            else NO_EVENT
            for row in reads_people.view(session, "unmatched_videos")
        }
        found |= {
            row["video_id"]: row["event_id"] for row in reads_people.view(session, "recordings")
        }
    database.close()

    assert {video: found[video] for video in handled} == handled, trap
