"""What holds for every linking, whatever the titles: properties, bounds and evidence."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.linkage import link
from harvester.linkage.decision import probability
from harvester.records import Linking, Outcome, Reason, Role
from tests import build
from tests.zwk_linking import EVENTS, MODEL, TALKS, linked, linked_one, video

TITLES = (
    ("ZWK-Fachdiskurs 2022: Arbeiten im Krisenmodus", "2022-12-05"),
    ("Krisenbewältigung durch Nachhaltigkeit – Prof. Dr. Wiltrud Terlau", "2022-12-15"),
    ("Bürgerschaftliches Engagement als Innovationsmotor – Thomas Röbke", "2022-01-10"),
    ("Kornwestheim zieht Zwischenbilanz", "2023-06-10"),
    ("Kornwestheim zieht Zwischenbilanz – 24. Mai 2023", "2023-06-11"),
    ("„Alles rund um die Vereinssatzung“ am 29.09.2022", "2024-07-01"),
    ("DAKS – Schritt 5: Zwischenbilanz", "2022-03-01"),
    ("Zukunftswerkstatt Grünhöfe", "2022-12-20"),
    ("ZWK-Fachdiskurs 2022 – Podiumsdiskussion", "2022-12-15"),
    ("Größe, Äpfel und Übermut", "2022-12-15"),
    ("Den demografischen Wandel gemeinsam gestalten – Tag 1", "2022-04-15"),
)
VIDEOS = tuple(video(title, on, f"v{n:02}") for n, (title, on) in enumerate(TITLES))
USUAL = linked(*VIDEOS)

WAYS: dict[str, Callable[[str], str]] = {
    "ae for ä": lambda t: t.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"),
    "ss for ß": lambda t: t.replace("ß", "ss"),
    "decomposed": lambda t: t.replace("ü", "u\N{COMBINING DIAERESIS}"),
    "quotes": lambda t: t.translate(str.maketrans("„“", '""')),
    "dashes": lambda t: t.replace("–", "-"),
    "long dashes": lambda t: t.replace("–", "—").replace("-", "‑"),
    "capitals": str.upper,
    "small": str.lower,
    "blanks": lambda t: "  " + t.replace(" ", " \N{NO-BREAK SPACE} ") + " ",
}


def decisions(linkings: list[Linking]) -> list[object]:
    return [
        (
            each.video_id,
            each.outcome,
            each.reason,
            each.links,
            [(c.event_id, c.talk_id, round(c.match_weight, 6)) for c in each.candidates],
        )
        for each in linkings
    ]


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(chance: random.Random) -> None:
    videos = chance.sample(VIDEOS, len(VIDEOS))
    events = chance.sample(EVENTS, len(EVENTS))
    talks = chance.sample(TALKS, len(TALKS))

    assert link(videos, events, talks, model=MODEL) == USUAL


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(sorted(WAYS)), min_size=len(TITLES), max_size=len(TITLES)))
def test_how_a_title_is_written_does_not_change_a_decision(ways: list[str]) -> None:
    written = [
        replace(each, title=WAYS[way](each.title)) for each, way in zip(VIDEOS, ways, strict=True)
    ]

    assert decisions(linked(*written)) == decisions(USUAL)


def test_the_terms_sum_to_the_weight() -> None:
    for each in (c for linking in USUAL for c in linking.candidates):
        assert sum(t.weight for t in each.terms) == pytest.approx(each.match_weight)
        assert each.probability == pytest.approx(probability(each.match_weight))


def test_the_probabilities_of_one_video_sum_to_no_more_than_one() -> None:
    for linking in USUAL:
        assert sum(c.probability for c in linking.candidates) <= 1 + 1e-9


def test_candidates_are_ranked_and_few() -> None:
    for linking in USUAL:
        weights = [c.match_weight for c in linking.candidates]
        assert [c.rank for c in linking.candidates] == list(range(1, len(weights) + 1))
        assert weights == sorted(weights, reverse=True)
        assert len(weights) <= MODEL.shown


def test_only_what_is_linked_by_rule_has_links_and_no_reason() -> None:
    outcomes = {linking.outcome for linking in USUAL}

    assert outcomes == set(Outcome)
    for linking in USUAL:
        assert bool(linking.links) == (linking.outcome is Outcome.AUTO)
        assert (linking.reason is None) == (linking.outcome is Outcome.AUTO)


def test_evidence_says_what_was_seen() -> None:
    linking = linked_one("ZWK-Fachdiskurs 2022: Arbeiten im Krisenmodus", "2022-12-05")
    evidence = {t.name: t.evidence for t in linking.candidates[0].terms}

    assert evidence["event_name"] == (
        'the video\'s title holds a name that only this event has: "Arbeiten im Krisenmodus"'
    )
    assert evidence["year"] == "the title names the event's year, 2022"
    assert evidence["published"] == "the video was published 10 days after the event"


def test_nothing_on_record_leaves_every_video_without_candidate() -> None:
    [linking] = link([VIDEOS[0]], [], [], model=MODEL)

    assert (linking.outcome, linking.reason) == (Outcome.NONE, Reason.NO_CANDIDATE)
    assert link([], EVENTS, TALKS, model=MODEL) == []


@pytest.mark.parametrize("title", ["", "!!!", "2022", "der die das", "a" * 500, "東京 Ruby 会議"])
def test_a_strange_title_is_no_candidate(title: str) -> None:
    assert linked_one(title, "2022-12-05").outcome is Outcome.NONE


def test_a_single_event_does_not_take_every_video() -> None:
    event = build.event("e", title="Fachtag Demografie", start_on="2023-11-23")
    videos = [
        video(title, "2023-12-01", f"v{n}")
        for n, title in enumerate(
            ("Fachtag", "Demografie im Alltag", "Unsere Stadt", "Fachtag Pflege")
        )
    ]

    linkings = link(videos, [event], [], model=MODEL)

    assert Outcome.AUTO not in {linking.outcome for linking in linkings}


def test_an_event_without_dates_and_talks_can_be_matched() -> None:
    event = build.event("e", title="Bürgerdialog Schwammstadt Musterhausen")
    others = [build.event(f"e{n}", title=f"Stammtisch {n}") for n in range(5)]

    [linking] = link(
        [build.video("v", title="Buergerdialog Schwammstadt Musterhausen", published_at=None)],
        [event, *others],
        [],
        model=MODEL,
    )

    assert linking.candidates[0].event_id == "e"
    assert linking.outcome is not Outcome.NONE


def test_a_title_cut_at_a_hundred_characters_is_whole() -> None:
    title = (
        "Zukunftsgerechtigkeit als Leitprinzip kommunalen Planens und Handelns in Zeiten"
        " knapper Kassen und wachsender Aufgaben"
    )
    talk = build.talk("long", "fachdiskurs-2023", title=title)

    [linking] = link([video(title[:100], "2023-12-01")], EVENTS, [talk], model=MODEL)

    terms = {t.name: t.evidence for t in linking.candidates[0].terms}
    assert linking.candidates[0].talk_id == "long"
    assert linking.outcome is Outcome.AUTO
    assert "talk_title" in terms


def test_two_talks_in_one_video_are_both_linked() -> None:
    talks = [
        build.talk("a", "fachdiskurs-2023", title="Apothekenversorgung auf dem Lande"),
        build.talk("b", "fachdiskurs-2023", title="Mobilstationen für Pendlerinnen"),
    ]
    title = "Apothekenversorgung auf dem Lande / Mobilstationen für Pendlerinnen"

    [linking] = link([video(title, "2023-12-01")], EVENTS, talks, model=MODEL)

    assert {each.talk_id for each in linking.links} == {"a", "b"}


def test_a_title_within_another_one_is_no_second_talk() -> None:
    talks = [
        build.talk("short", "fachdiskurs-2023", title="Apothekenversorgung sichern"),
        build.talk("long", "fachdiskurs-2023", title="Apothekenversorgung auf Inseln sichern"),
    ]

    [linking] = link(
        [video("Apothekenversorgung auf Inseln sichern", "2023-12-01")], EVENTS, talks, model=MODEL
    )

    assert [each.talk_id for each in linking.links] == ["long"]


def test_a_talk_called_after_its_speaker_does_not_take_her_other_talk() -> None:
    talks = [
        build.talk("greeting", "fachdiskurs-2023", title="Grußwort Ada Baumgärtner"),
        build.talk("talk", "fachdiskurs-2023", title="Mobilstationen für Pendlerinnen"),
    ]
    talks = [replace(talk, speakers=("Ada Baumgärtner",)) for talk in talks]
    title = "Mobilstationen für Pendlerinnen – Ada Baumgärtner"

    [talk, greeting] = link(
        [
            video(f"ZWK-Fachdiskurs 2023: {title}", "2023-12-01", "v1"),
            video("ZWK-Fachdiskurs 2023: Grußwort Ada Baumgärtner", "2023-12-01", "v2"),
        ],
        EVENTS,
        talks,
        model=MODEL,
    )

    assert [each.talk_id for each in talk.links] == ["talk"]
    assert [each.talk_id for each in greeting.links] == ["greeting"]


def test_talks_are_assigned_as_a_whole() -> None:
    talks = [
        build.talk("one", "fachdiskurs-2023", title="Keynote", speakers=("Ada Baumgärtner",)),
        build.talk("two", "fachdiskurs-2023", title="Keynote", speakers=("Bela Czerny",)),
    ]
    videos = [
        video("ZWK-Fachdiskurs 2023 Keynote Bela Czerny", "2023-12-01", "v1"),
        video("ZWK-Fachdiskurs 2023 Keynote Ada Baumgärtner", "2023-12-01", "v2"),
    ]

    linkings = link(videos, EVENTS, talks, model=MODEL)

    assert [c.candidates[0].talk_id for c in linkings] == ["two", "one"]


def test_two_talks_that_fit_equally_are_a_tie() -> None:
    talks = [
        build.talk("one", "fachdiskurs-2023", title="Podiumsdiskussion"),
        build.talk("two", "fachdiskurs-2023", title="Podiumsdiskussion"),
    ]

    [linking] = link(
        [video("ZWK-Fachdiskurs 2023 – Podiumsdiskussion", "2023-12-01")],
        EVENTS,
        talks,
        model=MODEL,
    )

    assert (linking.outcome, linking.reason) == (Outcome.REVIEW, Reason.TIE)


def test_another_day_of_the_event_is_left_to_an_editor() -> None:
    talks = [
        build.talk("one", "fachdiskurs-2022", title="Krisenstäbe üben", held_on="2022-11-24"),
        build.talk("two", "fachdiskurs-2022", title="Resilienz messen", held_on="2022-11-25"),
    ]

    [right, wrong] = link(
        [
            video("ZWK-Fachdiskurs 2022 Tag 1: Krisenstäbe üben", "2022-12-01", "v1"),
            video("ZWK-Fachdiskurs 2022 Tag 1: Resilienz messen", "2022-12-01", "v2"),
        ],
        EVENTS,
        talks,
        model=MODEL,
    )

    assert right.outcome is Outcome.AUTO
    assert (wrong.outcome, wrong.reason) == (Outcome.REVIEW, Reason.CONTRADICTION)


def test_days_of_a_whole_event_are_parts_of_it() -> None:
    linkings = linked(
        video("ZWK-Fachdiskurs 2022: Arbeiten im Krisenmodus, Tag 1", "2022-12-01", "v1"),
        video("ZWK-Fachdiskurs 2022: Arbeiten im Krisenmodus, Tag 2", "2022-12-01", "v2"),
    )

    assert [[(e.event_id, e.role) for e in each.links] for each in linkings] == [
        [("fachdiskurs-2022", Role.PART)],
        [("fachdiskurs-2022", Role.PART)],
    ]


def surroundings(**given: object) -> dict[str, str]:
    fields: dict[str, object] = {
        "title": "Kornwestheim zieht Zwischenbilanz",
        "published": "2023-06-10",
    }
    linking = linked_one(**fields | given)  # type: ignore[arg-type]
    best = next(c for c in linking.candidates if c.event_id == "kornwestheim-2023")
    return {t.name: t.evidence for t in best.terms}


def test_the_date_in_the_description_counts() -> None:
    terms = surroundings(description="Aufzeichnung vom 24.05.2023 im Das K")

    assert terms["text_date"] == "the description gives the event's date (2023-05-24)"


def test_the_day_of_the_stream_counts() -> None:
    at = dt.datetime(2023, 5, 24, 16, 0, tzinfo=dt.UTC)

    assert "recorded" in surroundings(live_started_at=at)
    assert "recorded on 2023-05" in surroundings(recorded_on="2023-05")["recorded"]


def test_a_stream_of_another_day_is_a_contradiction() -> None:
    linking = linked_one(
        "ZWK-Demografiedialog – eine Bilanz für die Zukunft",
        "2024-11-20",
        live_started_at=dt.datetime(2024, 11, 20, 9, 0, tzinfo=dt.UTC),
    )

    assert (linking.outcome, linking.reason) == (Outcome.REVIEW, Reason.CONTRADICTION)
    assert linking.candidates[0].probability <= MODEL.caps["recorded"] + 1e-9
    assert "cap" in {t.name for t in linking.candidates[0].terms}


def test_a_link_to_the_events_page_counts() -> None:
    event = build.event(
        "e", title="Dialog", url="https://www.example.org/termine/dialog-7/?cHash=1"
    )
    others = [build.event(f"e{n}", title="Dialog") for n in range(2)]

    [linking] = link(
        [build.video("v", title="Rückschau", description="http://example.org/termine/dialog-7")],
        [event, *others],
        [],
        model=MODEL,
    )

    assert linking.candidates[0].event_id == "e"
    assert "link" in {t.name for t in linking.candidates[0].terms}


def test_a_playlist_that_names_the_event_counts() -> None:
    [linking] = linked(video("Grußwort", "2022-12-01"), playlists={"v1": ("ZWK-Fachdiskurs 2022",)})

    best = linking.candidates[0]
    assert best.event_id == "fachdiskurs-2022"
    assert "playlist" in {t.name for t in best.terms}


def test_a_longer_name_belongs_to_its_own_event() -> None:
    events = [
        build.event("conf", title="RubyConf 2022", start_on="2022-11-29"),
        build.event("mini", title="RubyConf Mini 2022", start_on="2022-11-15"),
    ]

    [linking] = link([video("RubyConf Mini 2022: Opening", "2022-12-20")], events, [], model=MODEL)

    assert linking.candidates[0].event_id == "mini"


def test_talks_of_unknown_events_are_left_out() -> None:
    stray = build.talk("stray", "nowhere", title="Krisenbewältigung durch Nachhaltigkeit")

    assert link(VIDEOS, EVENTS, [*TALKS, stray], model=MODEL) == USUAL


@pytest.mark.parametrize(
    ("title", "talk_id"),
    [
        ("Demografietage Altmark 2023: Lightning Talks Pt. 2", "part-2"),
        ("Lightning Talks, Saturday | Demografietage Altmark 2023", "day-2"),
        ("Demografietage Altmark 2023 – Lightning Talks, Tag 2", "day-2"),
    ],
)
def test_sessions_of_the_same_name_are_told_apart_by_part_and_day(title: str, talk_id: str) -> None:
    event = build.event(
        "tage", title="Demografietage Altmark 2023", start_on="2023-05-12", end_on="2023-05-13"
    )
    talks = [
        build.talk(f"{unit.lower()}-{number}", "tage", title=f"Lightning Talks ({unit} {number})")
        for unit in ("Part", "Day")
        for number in (1, 2)
    ]

    [linking] = link([video(title, "2023-05-20")], [event], talks, model=MODEL)

    assert linking.candidates[0].talk_id == talk_id
