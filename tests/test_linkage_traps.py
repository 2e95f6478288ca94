"""The ZWK's matching traps, each with the real names of its events."""

from dataclasses import replace
from typing import Any

import pytest

from harvester.linkage import link
from harvester.records import LiveState, Outcome, Reason, Role
from tests import build
from tests.zwk_linking import EVENTS, MODEL, TALKS, linked, linked_one, video


def event_and_talk(title: str, published: str, **given: object) -> tuple[str, str | None]:
    [link] = linked_one(title, published, **given).links
    return link.event_id, link.talk_id


# --- 1. the same title, two dates ---------------------------------------------


@pytest.mark.parametrize(
    ("title", "published", "event_id"),
    [
        ("Kornwestheim zieht Zwischenbilanz (09.11.2022)", "2023-06-10", "kornwestheim-2022"),
        ("Kornwestheim zieht Zwischenbilanz – 24. Mai 2023", "2023-06-10", "kornwestheim-2023"),
        ("Kornwestheim zieht Zwischenbilanz 2022", "2022-12-20", "kornwestheim-2022"),
        ("Alles rund um die Vereinssatzung | 18.06.2024", "2024-07-01", "satzung-2024"),
    ],
)
def test_a_date_tells_two_events_of_one_title_apart(
    title: str, published: str, event_id: str
) -> None:
    assert event_and_talk(title, published) == (event_id, None)


@pytest.mark.parametrize(
    ("title", "published"),
    [
        ("Kornwestheim zieht Zwischenbilanz", "2023-06-10"),
        ("Alles rund um die Vereinssatzung", "2024-07-01"),
    ],
)
def test_without_a_date_an_editor_tells_them_apart(title: str, published: str) -> None:
    linking = linked_one(title, published)

    assert (linking.outcome, linking.reason) == (Outcome.REVIEW, Reason.TIE)
    assert len({c.event_id for c in linking.candidates[:2]}) == 2


def test_what_had_not_begun_is_no_rival() -> None:
    linking = linked_one("Alles rund um die Vereinssatzung", "2022-10-05")

    assert linking.reason is not Reason.TIE
    assert linking.candidates[0].event_id == "satzung-2022"


# --- 2. the motto of an event is the title of a publication -------------------


@pytest.mark.parametrize(
    ("title", "published"),
    [
        ("Alle Generationen im Blick – unsere Publikation Nr. 3", "2024-03-01"),
        ("Broschüre „Arbeiten im Krisenmodus“", "2023-02-01"),
    ],
)
def test_a_publication_is_not_the_event_of_its_motto(title: str, published: str) -> None:
    assert linked_one(title, published).outcome is not Outcome.AUTO


def test_a_motto_alone_is_the_event() -> None:
    assert event_and_talk("Arbeiten im Krisenmodus", "2022-12-05") == ("fachdiskurs-2022", None)


# --- 3. near-collision --------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "published", "event_id"),
    [
        ("Den demografischen Wandel miteinander vor Ort gestalten", "2022-04-01",
         "fachdiskurs-2021"),
        ("Den demografischen Wandel gemeinsam gestalten", "2022-04-01", "herford-2022"),
    ],
)  # fmt: skip
def test_miteinander_and_gemeinsam_are_two_events(
    title: str, published: str, event_id: str
) -> None:
    linking = linked_one(title, published)

    assert linking.candidates[0].event_id == event_id
    assert linking.outcome is not Outcome.NONE


# --- 4. talk titles change ----------------------------------------------------


@pytest.mark.parametrize(
    ("title", "published", "shown"),
    [
        (
            "Bürgerschaftliches Engagement als Innovationsmotor – Dr. Thomas Röbke",
            "2022-01-10",
            ("fachdiskurs-2021", "roebke"),
        ),
        (
            "Krisenbewaeltigung durch Nachhaltigkeit | Wiltrud Terlau",
            "2022-12-15",
            ("fachdiskurs-2022", "terlau"),
        ),
    ],
)
def test_a_shortened_talk_title_is_still_the_talk(
    title: str, published: str, shown: tuple[str, str]
) -> None:
    assert event_and_talk(title, published) == shown


# --- 5. whole stream, and cut of one talk -------------------------------------


def test_stream_and_cut_of_one_talk_are_both_linked() -> None:
    stream, cut = linked(
        video("ZWK-Fachdiskurs 2023: Alle Generationen im Blick (Livestream)", "2023-11-23", "v1"),
        video(
            "Zukunftsgerechtigkeit als Leitprinzip kommunalen Planens und Handelns – Michael Rose",
            "2023-12-08",
            "v2",
        ),
    )

    assert [(link.event_id, link.talk_id) for link in stream.links] == [("fachdiskurs-2023", None)]
    assert [(link.event_id, link.talk_id) for link in cut.links] == [("fachdiskurs-2023", "rose")]


def test_a_second_upload_under_the_same_title_is_a_duplicate() -> None:
    title = "Krisenbewältigung durch Nachhaltigkeit – Prof. Dr. Wiltrud Terlau"

    second, first = linked(video(title, "2022-12-05", "v1"), video(title, "2022-12-01", "v2"))

    assert [(link.talk_id, link.role) for link in first.links] == [("terlau", Role.FULL)]
    assert [(link.talk_id, link.role) for link in second.links] == [("terlau", Role.DUPLICATE)]


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Wiltrud Terlau: Krisenbewältigung durch Nachhaltigkeit (neu)"},
        {"duration_s": 600},
    ],
)
def test_a_second_video_of_a_talk_that_is_not_the_same_waits_for_an_editor(
    other: dict[str, Any],
) -> None:
    title = "Krisenbewältigung durch Nachhaltigkeit – Prof. Dr. Wiltrud Terlau"
    first = video(title, "2022-12-01", "v1")

    one, two = linked(first, replace(first, video_id="v2", **other))

    assert one.outcome is Outcome.AUTO
    assert (two.outcome, two.reason) == (Outcome.REVIEW, Reason.TAKEN)


def test_parts_and_excerpts_may_share_a_talk() -> None:
    title = "Krisenbewältigung durch Nachhaltigkeit, Wiltrud Terlau"

    roles = [
        link.role
        for linking in linked(
            video(f"{title} (Teil 1)", "2022-12-05", "v1"),
            video(f"{title} (Teil 2)", "2022-12-05", "v2"),
            video(f"{title} – Ausschnitt", "2022-12-05", "v3"),
        )
        for link in linking.links
    ]

    assert roles == [Role.PART, Role.PART, Role.EXCERPT]


# --- 6. one name for several events -------------------------------------------


def test_a_name_of_several_events_is_a_tie() -> None:
    linking = linked_one(
        "Geestendorf, Grünhöfe und Surheide sind Bremerhavens Labore für die Zukunft", "2023-02-01"
    )

    assert (linking.outcome, linking.reason) == (Outcome.REVIEW, Reason.TIE)


# --- 7. the same speaker at several events ------------------------------------


def test_a_speaker_alone_never_decides() -> None:
    linking = linked_one("Im Gespräch: Prof. Dr. Martina Wegner", "2023-02-10")

    assert linking.outcome is not Outcome.AUTO


def test_a_speaker_with_the_talks_title_decides() -> None:
    shown = event_and_talk("Martina Wegner: Resilienz und demographischer Wandel", "2023-02-10")

    assert shown == ("pb-treffen-2023", "wegner-2023")


# --- 8. videos with no event --------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "DAKS Schritt 1: Kick-Off",
        "DAKS Schritt 2: Kommunalprofil",
        "DAKS Schritt 3: Zukunftswerkstatt",
        "DAKS Schritt 4: Werkstattplan",
        "DAKS Schritt 5: Zwischenbilanz",
        "Zwischenbilanz",
        "Was ist eine Zukunftswerkstatt?",
        "Cooles Dorf sucht coolen Arzt",
        "Cooles Dorf sucht coolen Arzt – Helbedündorf",
        "Zukunftswerkstatt Kommunen – Wandel gemeinsam vor Ort stärken",
        "Demografie als Motor: Wie kommunale Strategien lokale Dynamik entfachen",
        "Imagefilm Kornwestheim",
    ],
)
def test_a_film_without_event_stays_without(title: str) -> None:
    assert linked_one(title, "2022-12-15").outcome is Outcome.NONE


# --- 9. a video of one event, shown at another --------------------------------


def test_a_report_on_barleben_is_not_the_meeting_where_it_was_shown() -> None:
    linking = linked_one("OrtsTV: Regionales Werkstatttreffen in Barleben", "2023-04-01")

    assert linking.candidates[0].event_id == "barleben-rwt"
    assert "barleben-einwohner" not in {link.event_id for link in linking.links}


# --- beyond the nine ----------------------------------------------------------


def test_a_year_that_is_not_on_record_links_no_other_year() -> None:
    assert linked_one("ZWK-Fachdiskurs 2024", "2024-12-01").outcome is Outcome.NONE


def test_the_number_tells_meetings_apart() -> None:
    assert event_and_talk("2. Austauschtreffen", "2018-03-20") == ("austausch-2", None)
    assert event_and_talk("3. Austauschtreffen", "2019-03-20") == ("austausch-3", None)


def test_a_typo_in_a_name_is_overlooked() -> None:
    shown = event_and_talk("Regionales Werkstattreffen in der Hansestadt Herford", "2023-05-20")

    assert shown == ("herford-rwt", None)


def test_published_before_it_began_is_never_decided_by_rule() -> None:
    linking = linked_one("ZWK-Demografiedialog – eine Bilanz für die Zukunft", "2024-08-01")

    assert linking.outcome is not Outcome.AUTO


@pytest.mark.parametrize("state", [LiveState.UPCOMING, LiveState.LIVE])
def test_what_has_not_ended_is_not_linked_yet(state: LiveState) -> None:
    linking = linked_one("ZWK-Fachdiskurs 2022", "2022-11-24", live_state=state)

    assert (linking.outcome, linking.reason) == (Outcome.NONE, Reason.NOT_RECORDED_YET)


def test_a_rejected_pair_is_not_proposed_again() -> None:
    [linking] = linked(
        video("Arbeiten im Krisenmodus", "2022-12-05"), rejected={("v1", "fachdiskurs-2022")}
    )

    assert "fachdiskurs-2022" not in {c.event_id for c in linking.candidates}
    assert linking.outcome is Outcome.NONE


def test_a_talk_that_an_editor_gave_away_is_taken() -> None:
    [linking] = linked(
        video("Krisenbewältigung durch Nachhaltigkeit – Wiltrud Terlau", "2022-12-05"),
        shown={"terlau": "v9"},
    )

    assert (linking.outcome, linking.reason) == (Outcome.REVIEW, Reason.TAKEN)


# --- what is found on the channels of towns -------------------------------------


@pytest.mark.parametrize(
    "titles",
    [
        ["Gemeinderatssitzung vom 23.11.2023"],
        ["Pressekonferenz, 23. November 2023"],
        ["Feuerwehr: Einsatz am 23.11.2023", "Blutspende am 23.11.2023", "Markt am 23.11.2023"],
        ["Gemeinderatssitzung Fraunberg vom 21.11.2023"],
        ["Stadtrat Neubrandenburg, 3. Dezember 2025"],
    ],
)
def test_a_day_or_a_town_alone_links_nothing(titles: list[str]) -> None:
    towns = (
        build.event(
            "klausur",
            title="Gemeinderatsklausur Fraunberg",
            city="Fraunberg",
            start_on="2023-11-21",
        ),
        build.event(
            "werkstatt",
            title="Vierte Neubrandenburger Zukunftswerkstatt",
            city="Neubrandenburg",
            start_on="2025-12-03",
        ),
    )
    published = "2025-12-05" if "2025" in titles[0] else "2023-11-26"
    videos = [video(title, published, f"v{n}") for n, title in enumerate(titles)]

    linkings = link(videos, (*EVENTS, *towns), TALKS, model=MODEL)

    assert Outcome.AUTO not in {each.outcome for each in linkings}


@pytest.mark.parametrize(
    "title",
    [
        "4. Allesamt-Gemeinde-Fest",
        "Himmelpforten: 4. Allesamt-Gemeinde-Fest",
        "Himmelpforten – 4. Allesamt-Gemeinde-Fest in der Festhalle",
        "Viertes Allesamt-Gemeinde-Fest",
        "Allesamt-Gemeinde-Fest 4",
        "Allesamt-Gemeinde-Fest #4",
        "Allesamt-Gemeinde-Fest Nr. 4",
        "Allesamt-Gemeinde-Fest IV",
    ],
)
def test_the_next_one_of_a_series_is_not_the_one_on_record(title: str) -> None:
    third = build.event("fest-3", title="3. Allesamt-Gemeinde-Fest", start_on="2023-06-10")

    [next_one] = link([video(title, "2023-09-10")], [third], [], model=MODEL)

    assert next_one.outcome is not Outcome.AUTO


def test_the_same_kind_of_event_in_another_town_is_another_one() -> None:
    here = build.event(
        "zwickau", title="Stadtgespräch Zwickau 2023", city="Zwickau", start_on="2023-05-04"
    )
    there = build.event("werkstatt", title="Werkstatt", city="Kornwestheim", start_on="2022-05-24")

    [linking] = link(
        [video("Stadtgespräch Kornwestheim 2023", "2023-05-10")], [here, there], [], model=MODEL
    )

    assert linking.outcome is not Outcome.AUTO


def test_the_name_of_a_series_alone_does_not_say_which_of_its_events() -> None:
    only = build.event(
        "dialog-2021",
        title="Demografiedialog 2021",
        series="Demografiedialog",
        start_on="2021-05-04",
    )

    soon, late = link(
        [
            video("Demografiedialog: Begrüßung", "2021-05-10", "v1"),
            video("Demografiedialog: Begrüßung", "2023-05-10", "v2"),
        ],
        [only],
        [],
        model=MODEL,
    )

    assert [each.event_id for each in soon.links] == ["dialog-2021"]
    assert late.outcome is not Outcome.AUTO


def test_of_an_event_without_talks_on_record_any_talk_may_be_shown() -> None:
    event = build.event("tag", title="Regionaltag Altmark 2023", start_on="2023-05-09")
    title = "Regionaltag Altmark 2023 – Prof. Dr. Sabine Muster: Wie wir morgen leben wollen"

    [linking] = link([video(title, "2023-05-20")], [event], [], model=MODEL)

    assert [each.event_id for each in linking.links] == ["tag"]


def test_what_nobody_sees_in_a_title_changes_nothing() -> None:
    plain = linked_one("Arbeiten im Krisenmodus", "2022-12-05")
    soft = linked_one("Ar\u00adbei\u00adten im\u200b Krisen\u00admodus", "2022-12-05")

    assert plain.outcome is Outcome.AUTO
    assert soft.links == plain.links


def test_hashtags_side_by_side_are_no_name() -> None:
    event = build.event("konferenz", title="Dorfkonferenz", start_on="2023-05-09")

    [linking] = link(
        [video("Unser Laden #Dorf #Konferenz", "2023-05-20")], [event], [], model=MODEL
    )

    assert linking.outcome is not Outcome.AUTO


FOOTER = "Als Nächstes: ZWK-Fachdiskurs: Alle Generationen im Blick am 23.11.2023"


def test_a_line_under_every_video_of_a_channel_tells_of_none() -> None:
    films = ("Wochenmarkt", "Freibad", "Bahnhof", "Bauhof", "Tierheim", "Stadtpark", "Rathaus")
    videos = [
        video(
            f"Besuch am {film}", f"2023-{1 + 2 * n:02}-15", f"v{n}", description=f"Film\n{FOOTER}"
        )
        for n, film in enumerate(films[:6])
    ]

    linkings = linked(*videos)

    assert [each.candidates for each in linkings] == [()] * 6


def test_a_line_under_the_videos_of_one_event_tells_of_them() -> None:
    line = "Aufgezeichnet beim ZWK-Fachdiskurs: Alle Generationen im Blick am 23.11.2023"
    videos = [
        video(f"Beitrag der Gruppe {name}", f"2023-12-{n:02}", f"v{n}", description=line)
        for n, name in enumerate(("Anger", "Bogen", "Chor", "Damm", "Esche", "Furt"), start=1)
    ]

    linkings = linked(*videos)

    assert {each.candidates[0].event_id for each in linkings} == {"fachdiskurs-2023"}
