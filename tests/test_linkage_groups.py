"""Neighbours: what videos that were uploaded together say about each other."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from harvester.linkage import link
from harvester.records import Event, Linking, Outcome, Term, Video
from tests import build
from tests.zwk_linking import MODEL

MEETING = "regionaltag-2023"
EVENTS = (
    build.event(
        MEETING, title="Regionaltag Altmark 2023", start_on="2023-05-09", end_on="2023-05-10"
    ),
    build.event("regionaltag-2022", title="Regionaltag Altmark 2022", start_on="2022-05-03"),
    build.event("pflegetag", title="Pflegetag Börde 2023", start_on="2023-05-08"),
)
SUBJECTS = (
    "Mobilität ohne eigenes Auto",
    "Dorfläden gemeinsam betreiben",
    "Leerstand in Ortskernen nutzen",
    "Hausärzte für kleine Orte gewinnen",
    "Mehrgenerationenhäuser finanzieren",
    "Ehrenamt hauptamtlich begleiten",
)
TALKS = (
    *(build.talk(f"t{n}", MEETING, title=subject) for n, subject in enumerate(SUBJECTS)),
    build.talk("elsewhere", "pflegetag", title="Ehrenamt hauptamtlich begleiten"),
)


def uploaded(title: str, hour: int, video_id: str, day: str = "2023-05-20") -> Video:
    moment = dt.datetime.fromisoformat(f"{day}T{hour:02}:00+00:00")
    return build.video(video_id, title=title, published_at=moment)


def of(linkings: list[Linking], video_id: str) -> Linking:
    return next(each for each in linkings if each.video_id == video_id)


def term(linking: Linking, name: str) -> Term | None:
    return next((t for t in linking.candidates[0].terms if t.name == name), None)


BATCH = [uploaded(subject, hour, f"v{hour}") for hour, subject in enumerate(SUBJECTS[:5])]


def test_a_talk_given_twice_belongs_to_the_event_of_its_neighbours() -> None:
    video = uploaded(SUBJECTS[5], 5, "v5")

    alone = of(link([video], EVENTS, TALKS, model=MODEL), "v5")
    among = of(link([*BATCH, video], EVENTS, TALKS, model=MODEL), "v5")

    assert alone.outcome is Outcome.REVIEW  # two events have the talk
    assert [each.event_id for each in among.links] == [MEETING]


def test_talks_uploaded_a_year_later_are_linked_together_and_none_alone() -> None:
    late = [uploaded(title, hour, f"v{hour}", "2024-06-20") for hour, title in enumerate(SUBJECTS)]
    places = ("Wochenmarkt", "Rathausplatz", "Freibad", "Bahnhof", "Bauhof", "Tierheim")
    others = [
        uploaded(f"Besuch am {place}", 8 + hour, f"o{hour}", "2024-06-20")
        for hour, place in enumerate(places)
    ]

    alone = of(link([late[0], *others], EVENTS, TALKS, model=MODEL), "v0")
    among = of(link([*late, *others], EVENTS, TALKS, model=MODEL), "v0")

    assert alone.outcome is not Outcome.AUTO
    assert [each.event_id for each in among.links] == [MEETING]


def test_neighbours_tell_which_edition_of_a_series_a_title_names() -> None:
    events = [replace(event, series="Regionaltag Altmark") for event in EVENTS[:2]]
    themes = (
        "Buslinien Gasthöfe Schulwege Glasfaser Friedhöfe Waldbrände Badeseen Feuerwehren Radwege"
        " Sportplätze Bauland Windräder Apotheken Chöre Hochwasser Baumschutz Spielplätze Märkte"
    )
    titles = [*SUBJECTS, *(f"{theme} neu gedacht" for theme in themes.split())]
    talks = [build.talk(f"t{n}", MEETING, title=title) for n, title in enumerate(titles)]
    late = [uploaded(title, 9, f"v{n}", "2024-06-20") for n, title in enumerate(titles)]
    opening = uploaded("Eröffnung – Regionaltag Altmark", 9, "opening", "2024-06-20")

    alone = of(link([opening], events, talks, model=MODEL), "opening")
    among = of(link([*late, opening], events, talks, model=MODEL), "opening")

    assert term(alone, "cap") is not None
    assert alone.candidates[0].probability == pytest.approx(0.05)
    assert term(among, "cap") is None
    assert (among.candidates[0].event_id, among.candidates[0].probability > 0.5) == (MEETING, True)


def test_capped_alike_the_likelier_edition_comes_first() -> None:
    events = [replace(event, series="Regionaltag Altmark") for event in EVENTS[:2]]
    late = [uploaded(title, hour, f"v{hour}", "2024-06-20") for hour, title in enumerate(SUBJECTS)]
    opening = uploaded("Eröffnung – Regionaltag Altmark", 3, "opening", "2024-06-20")

    found = of(link([*late, opening], events, TALKS[:-1], model=MODEL), "opening").candidates

    assert [each.event_id for each in found] == [MEETING, "regionaltag-2022"]
    assert found[0].match_weight == pytest.approx(found[1].match_weight)  # both at the cap


def test_what_neighbours_say_is_a_term_of_its_own() -> None:
    linking = of(link([*BATCH, uploaded(SUBJECTS[5], 5, "v5")], EVENTS, TALKS, model=MODEL), "v5")
    said = term(linking, "neighbours")

    assert said is not None
    assert said.weight > 0
    assert said.evidence.endswith(
        "of the videos that were uploaded with it or are titled alike belong to this event"
    )


def test_neighbours_alone_propose_an_event_and_link_none() -> None:
    greeting = uploaded("Herzlich willkommen in Gardelegen!", 6, "v6")

    linking = of(link([*BATCH, greeting], EVENTS, TALKS, model=MODEL), "v6")

    assert linking.candidates[0].event_id == MEETING
    assert linking.outcome is not Outcome.AUTO


def test_neighbours_of_no_event_speak_against_one() -> None:
    films = [
        uploaded(f"Unser Ort stellt sich vor: {name}", hour, f"f{hour}")
        for hour, name in enumerate(("Kalbe", "Bismark", "Arendsee", "Klötze", "Diesdorf"))
    ]
    video = uploaded("Unser Ort stellt sich vor: Ehrenamt hauptamtlich begleiten", 6, "v6")

    linking = of(link([*films, video], EVENTS, TALKS, model=MODEL), "v6")
    said = term(linking, "neighbours")

    assert said is not None
    assert said.weight < 0
    assert linking.outcome is not Outcome.AUTO


@pytest.mark.parametrize(
    "apart",
    [
        {"published_at": dt.datetime(2024, 1, 20, 9, tzinfo=dt.UTC)},
        {"channel_id": "UCanother0000000000000000"},
        {"published_at": None},
    ],
)
def test_who_was_uploaded_at_another_time_or_place_is_no_neighbour(
    apart: dict[str, Any],
) -> None:
    video = replace(uploaded(SUBJECTS[5], 5, "v5"), **apart)

    linking = of(link([*BATCH, video], EVENTS, TALKS, model=MODEL), "v5")

    assert term(linking, "neighbours") is None


def test_a_thousand_uploads_of_one_day_are_no_neighbours() -> None:
    moved = [uploaded(f"Archiv {n}", 9, f"a{n:04}") for n in range(1000)]
    video = uploaded(SUBJECTS[5], 9, "v5")

    linking = of(link([*moved, video], EVENTS, TALKS, model=MODEL), "v5")

    assert term(linking, "neighbours") is None


def test_the_unsure_do_not_agree_on_an_event() -> None:
    event: Event = build.event("tag", title="Fachtag Demografie", start_on="2023-05-19")
    videos = [
        uploaded(title, hour, f"v{hour}")
        for hour, title in enumerate(("Fachtag Pflege", "Demografie heute", "Fachtag Sport"))
    ]

    linkings = link(videos, [event], [], model=MODEL)

    assert Outcome.AUTO not in {each.outcome for each in linkings}
