"""Chapters in descriptions, and the talks that they name."""

import datetime as dt

import pytest

from harvester.linkage import link
from harvester.linkage.chapters import chapters
from harvester.records import Linking, Outcome
from tests import build
from tests.zwk_linking import MODEL

EVENT = build.event("fachtag", title="Fachtag Vereine Oschersleben", start_on="2023-05-09")
TALKS = tuple(
    build.talk(f"t{n}", "fachtag", title=title, speakers=speakers)
    for n, (title, speakers) in enumerate(
        (
            ("Krisenbewältigung durch Nachhaltigkeit", ("Dr. Matthias Terlau",)),
            ("Gesellschaftlicher Innovationsmotor Engagement", ("Dr. Thomas Röbke",)),
            ("Nachwuchs für den Vorstand gewinnen", ()),
        )
    )
)


PROGRAMME = """Mitschnitt des Fachtags

00:00 Begrüßung
00:12:30 Krisenbewältigung durch Nachhaltigkeit
00:55:00 Dr. Thomas Röbke: Engagement vor Ort
01:40:00 Verabschiedung
"""


def linked(description: str, title: str = "Fachtag Vereine Oschersleben 2023") -> Linking:
    published = dt.datetime(2023, 5, 20, 9, tzinfo=dt.UTC)
    video = build.video(
        "v1", title=title, description=description, published_at=published, duration_s=7200
    )
    [linking] = link([video], [EVENT], TALKS, model=MODEL)
    return linking


def stretches(linking: Linking) -> list[tuple[str | None, int | None, int | None]]:
    return [(each.talk_id, each.start_s, each.end_s) for each in linking.links]


def test_a_recording_with_chapters_shows_the_talks_that_they_name() -> None:
    linking = linked(PROGRAMME)

    assert linking.outcome is Outcome.AUTO
    assert stretches(linking) == [("t0", 750, 3300), ("t1", 3300, 6000)]


def test_chapters_are_evidence_for_the_event() -> None:
    terms = {t.name: t.evidence for t in linked(PROGRAMME).candidates[0].terms}

    assert terms["chapters"] == "chapters in the description name 2 talks of the event"


def test_the_last_chapter_ends_with_the_video() -> None:
    linking = linked("0:00 Krisenbewältigung durch Nachhaltigkeit\n40:00 Thomas Röbke")

    assert stretches(linking) == [("t0", 0, 2400), ("t1", 2400, 7200)]


def test_a_single_talk_among_chapters_is_what_the_video_shows() -> None:
    linking = linked("0:00 Begrüßung\n10:00 Thomas Röbke\n50:00 Fragen")

    assert stretches(linking) == [("t1", None, None)]


def test_a_title_that_names_one_talk_is_not_overruled_by_chapters() -> None:
    linking = linked(
        PROGRAMME, "Fachtag Vereine Oschersleben 2023: Krisenbewältigung durch Nachhaltigkeit"
    )

    assert [each.talk_id for each in linking.links] == ["t0"]


@pytest.mark.parametrize(
    ("description", "starts"),
    [
        ("0:00 eins\n1:05 zwei\n1:00:00 drei", [0, 65, 3600]),
        ("(00:00) eins\nzwei – 12:30", [0, 750]),
        ("ab 10:00 Uhr am Rathaus", []),  # a single time is a remark
        ("10:00 Ankunft\n09:00 Abfahrt", []),  # times that fall are no chapters
        ("am 12.05.2023 um 10.15 Uhr", []),
    ],
)
def test_chapters_are_lines_with_rising_times(description: str, starts: list[int]) -> None:
    assert [chapter.start_s for chapter in chapters(description)] == starts
