"""An event that is missing on record, made in `harvester review --terminal`."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from click.testing import CliRunner

from harvester.cli import cli
from harvester.records import (
    Event,
    EventRecords,
    Linking,
    NoEventReason,
    Outcome,
    Reason,
    Role,
    Video,
)
from harvester.review import acts, new_event
from harvester.review.acts import Say
from harvester.store import reads, reads_cards, reads_review, writes
from harvester.store.database import Database
from tests import build
from tests.linkings import linking, store

NOW = build.NOW
TITLE = "Werkstatttreffen in Riesa"
ENTERS = [""] * 7  # six fields, and how much of it the video shows
Type = Callable[..., str]


def unknown(video_id: str) -> Linking:
    return linking(video_id, outcome=Outcome.NONE, reason=Reason.NO_CANDIDATE, candidates=())


@pytest.fixture
def filled(sqlite_database: Database) -> Database:
    """A video of no event on record; another one, of an event on record of the same title."""
    with sqlite_database.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 1", now=NOW)
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        videos = [
            build.video("v1", title=TITLE),
            build.video("v2", title="Lange Nacht der Bibliothek"),
        ]
        writes.save_videos(session, videos, now=NOW, run_id=run_id)
        events = (
            build.event("e1", title="Erstes Treffen", series="Werkstatttreffen"),
            build.event("e2", title="Lange Nacht der Bibliothek 2022"),
        )
        writes.save_event_records(session, EventRecords("zwk.yaml", events), now=NOW)
    store(sqlite_database, run_id, unknown("v1"), unknown("v2"))
    return sqlite_database


@pytest.fixture
def type_(filled: Database) -> Type:
    def typed(*lines: str, options: Sequence[str] = (), width: int = 80) -> str:
        command = ["--database", filled.url, "review", "--terminal", "--as", "ana", *options]
        text = "".join(f"{line}\n" for line in lines)
        result = CliRunner().invoke(cli, command, input=text, env={"COLUMNS": str(width)})
        assert result.exit_code == 0, result.output + result.stderr
        return result.output

    return typed


def shown(database: Database, video_id: str = "v1") -> tuple[Event, Role] | None:
    """The event that a video is linked to, and how much of it the video shows."""
    with database.read() as session:
        links = reads_review.standing(session, [video_id])[video_id].links
        event = reads_cards.event(session, links[0].event_id) if links else None
    return (event, links[0].role) if event else None


def events(database: Database) -> set[str]:
    with database.read() as session:
        return set(reads_review.known_events(session, reads.event_ids(session)))


def words(output: str) -> str:
    return " ".join(output.split())


def test_enter_takes_what_the_video_tells(filled: Database, type_: Type) -> None:
    output = words(type_("e", *ENTERS, "y"))

    found = shown(filled)
    assert found is not None
    event, role = found
    assert role is Role.FULL
    assert replace(event, event_id="") == build.event(
        "", title=TITLE, start_on="2023-11-30", series="Werkstatttreffen"
    )
    for text in (
        f"Title [{TITLE}]:",
        "First day [2023-11-30]:",
        "Series, such as Werkstatttreffen [Werkstatttreffen]:",
        f"“{TITLE} (2023-11-30)” is on record now, and “{TITLE}” shows it.",
        "1 left, 1 said",
    ):
        assert text in output, output


def test_all_that_the_page_asks_can_be_told(filled: Database, type_: Type) -> None:
    told = ["Ein  Treffen", "14.5.2024", "2024-05-15", "-", "Riesa", "https://example.org/t", "3"]

    output = words(type_("e", *told, "j"))

    assert (
        "Ein Treffen (2024-05-14) to 2024-05-15 Riesa · https://example.org/t"
        " The video shows an excerpt." in output
    )
    found = shown(filled)
    assert found is not None
    assert replace(found[0], event_id="") == build.event(
        "",
        title="Ein Treffen",
        start_on="2024-05-14",
        end_on="2024-05-15",
        city="Riesa",
        url="https://example.org/t",
    )
    assert found[1] is Role.EXCERPT


def test_what_cannot_be_is_asked_for_again(filled: Database, type_: Type) -> None:
    told = ["-", "a\x1bb", "Treffen", "30.2.2024", "5.2024", "April", "2023", "2024", "", ""]
    told += ["javascript:alert", "http://x.example", "5", "0", "4"]

    output = words(type_("e", *told, "y"))

    for text in (
        "An event needs a title.",
        "Some of that cannot be read; type it again.",
        "Write a date as 2023-11-23 or 23.11.2023; a month or a year is enough, too.",
        "The last day is not before the first.",
        "An address begins with https:// or http://.",
    ):
        assert text in output, output
    found = shown(filled)
    assert found is not None
    assert (found[0].title, found[0].start_on, found[0].end_on) == ("Treffen", "2024-05", "2024")
    assert (found[0].url, found[1]) == ("http://x.example", Role.DUPLICATE)


@pytest.mark.parametrize(
    "lines", [["."], ["", "."], [*ENTERS[1:], "."], [*ENTERS, ""], [*ENTERS, "n"], [*ENTERS, "x"]]
)
def test_nothing_is_made_before_it_is_confirmed(
    filled: Database, type_: Type, lines: Sequence[str]
) -> None:
    output = type_("e", *lines, "k", "1")

    assert events(filled) == {"e1", "e2"}
    assert "belongs to no event" in words(output)  # it was asked again


def test_an_event_that_is_on_record_under_that_title_is_proposed_first(
    filled: Database, type_: Type
) -> None:
    output = words(type_("s", "e", "1", "y"))

    assert "These are on record already: 1. Lange Nacht der Bibliothek 2022" in output
    found = shown(filled, "v2")
    assert found is not None
    assert found[0].event_id == "e2"


@pytest.mark.parametrize("lines", [["."], ["7"], ["1", ""], ["1", "n"]])
def test_the_list_of_what_is_on_record_is_left_without_saying_anything(
    filled: Database, type_: Type, lines: Sequence[str]
) -> None:
    type_("s", "e", *lines)

    assert shown(filled, "v2") is None
    assert events(filled) == {"e1", "e2"}


def test_it_is_new_although_others_are_titled_alike(filled: Database, type_: Type) -> None:
    type_("s", "e", "", *ENTERS, "y")

    assert len(events(filled)) == 3


def test_undo_takes_back_the_event_with_the_link(filled: Database, type_: Type) -> None:
    output = words(type_("e", *ENTERS, "y", "z"))

    assert f"Taken back: “{TITLE}” – linked to “{TITLE} (2023-11-30)”, new on record (20" in output
    assert output.rindex("youtu.be/v1") > output.index("Taken back")
    assert events(filled) == {"e1", "e2"}
    assert shown(filled) is None


def test_pretending_makes_no_event(filled: Database, type_: Type) -> None:
    output = words(type_("e", *ENTERS, "y", options=["--pretend"]))

    assert f"Would be written: “{TITLE} (2023-11-30)” is on record now" in output
    assert events(filled) == {"e1", "e2"}


def test_what_somebody_else_decided_meanwhile_is_not_overwritten(
    filled: Database, type_: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harvester.cli import review_saying

    ask = review_saying.Terminal.ask

    def slowly(self: review_saying.Terminal, question: str) -> str:
        if question.startswith("Create it"):
            said = Say(video_id="v1", what="no_event", reason=NoEventReason.OTHER)
            acts.say(filled, [said], editor="Bo", now=NOW)
        return ask(self, question)

    monkeypatch.setattr(review_saying.Terminal, "ask", slowly)

    output = words(type_("e", *ENTERS, "y"))

    assert "Not written: Bo has decided “no_event” meanwhile" in output
    assert events(filled) == {"e1", "e2"}


@pytest.mark.parametrize("width", [40, 60, 100])
def test_a_title_proposed_steers_no_terminal_and_lines_fit(
    filled: Database, type_: Type, width: int
) -> None:
    with filled.write() as session:
        run_id = writes.start_run(session, command="run", holder="process 2", now=NOW)
        hostile = build.video("v1", title="Titel \x1b[31mrot [bold]fett[/] \u202etfel" * 3)
        writes.save_videos(session, [hostile], now=NOW, run_id=run_id)

    # without a newline after what was typed, prompts stand behind each other: only printed lines
    output = type_("e", *ENTERS, "y", "h", width=width)

    assert not {"\x1b", "\u202e"} & set(output)
    assert "[bold]fett" in words(output)


# --- what a video tells ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("video", "day"),
    [
        (build.video("v", recorded_on="2023-11-20"), "2023-11-20"),
        (
            build.video(
                "v", live_started_at=dt.datetime.fromisoformat("2023-11-21T23:30:00+00:00")
            ),
            "2023-11-22",
        ),
        (
            build.video("v", published_at=dt.datetime.fromisoformat("2023-06-30T22:30:00+00:00")),
            "2023-07-01",
        ),
        (build.video("v", published_at=None), None),
    ],
)
def test_the_day_is_the_best_that_is_known_where_people_are(video: Video, day: str | None) -> None:
    assert new_event.proposed(video, (), ()).start_on == day


@pytest.mark.parametrize(
    ("title", "playlists", "series"),
    [
        ("Treffen", ("Alles", "Fachdiskurs"), "Fachdiskurs"),
        ("Der FACHDISKURS 2021", ("Alles",), "Fachdiskurs"),
        ("Treffen", ("Alles",), "Alles"),
        ("Treffen", (), None),
    ],
)
def test_the_series_is_one_on_record_else_the_playlist(
    title: str, playlists: tuple[str, ...], series: str | None
) -> None:
    video = build.video("v", title=title)

    assert new_event.proposed(video, playlists, ["Forum", "Fachdiskurs"]).series == series
