"""Real events of the ZWK and its predecessor, and videos as a channel might name them.

The events are facts, as their pages tell them; titles of videos are invented,
except that they use the events' real names.  For tests of the linkage.
"""

import datetime as dt
from typing import Any

from harvester import resources
from harvester.linkage import Model, link, load
from harvester.records import Event, Linking, Talk, Video
from tests import build

MODEL: Model = load((resources.config() / "linkage.toml").read_text("utf-8"))

FACHDISKURS = "ZWK-Fachdiskurs"
WERKSTATTTREFFEN = "Regionales Werkstatttreffen (RWT)"
VEREINE = "Veranstaltungsreihe „Vereine stärken!“ (Initiative Rodachtal)"
GEBIETE = "Geestendorf, Grünhöfe und Surheide sind Bremerhavens Labore für die Zukunft"


def _event(event_id: str, title: str, on: str | None = None, **given: Any) -> Event:
    return build.event(event_id, title=title, start_on=on, **given)


EVENTS: tuple[Event, ...] = (
    _event(
        "fachdiskurs-2021",
        "ZWK Fachdiskurs 2021",
        "2021-12-06",
        end_on="2021-12-07",
        series=FACHDISKURS,
        aliases=("Den demografischen Wandel miteinander vor Ort gestalten",),
    ),
    _event(
        "fachdiskurs-2022",
        "ZWK-Fachdiskurs 2022",
        "2022-11-24",
        end_on="2022-11-25",
        series=FACHDISKURS,
        aliases=("ZWK-Fachdiskurs - Vernetzungstreffen 2022", "Arbeiten im Krisenmodus"),
    ),
    _event(
        "fachdiskurs-2023",
        "ZWK-Fachdiskurs: Alle Generationen im Blick",
        "2023-11-23",
        series=FACHDISKURS,
        aliases=(
            "Alle Generationen im Blick",
            "Alle Generationen im Blick - Chancen für die Kommunalpolitik im demografischen Wandel",
        ),
    ),
    _event(
        "herford-2022",
        "Erste Zukunftswerkstatt Herford",
        "2022-03-21",
        series="Zukunftswerkstatt",
        aliases=("Den demografischen Wandel gemeinsam gestalten",),
    ),
    _event(
        "demografiedialog-2024",
        "ZWK- Demografiedialog - eine Bilanz für die Zukunft",
        "2024-11-07",
        series="ZWK-Demografiedialog",
    ),
    _event("kornwestheim-2022", "Kornwestheim zieht Zwischenbilanz", "2022-11-09"),
    _event("kornwestheim-2023", "Kornwestheim zieht Zwischenbilanz", "2023-05-24"),
    _event("romrod", "Romrod zieht Zwischenbilanz", series="Zwischenbilanz"),
    _event("satzung-2022", "Alles rund um die Vereinssatzung", "2022-09-29", series=VEREINE),
    _event("satzung-2024", "Alles rund um die Vereinssatzung", "2024-06-18", series=VEREINE),
    _event(
        "barleben-rwt",
        "Erstes regionales Werkstatttreffen 2023 in Barleben",
        "2023-03-21",
        end_on="2023-03-22",
        series=WERKSTATTTREFFEN,
    ),
    _event("barleben-einwohner", "Einwohnerversammlung in Barleben", "2023-08-29"),
    _event(
        "herford-rwt",
        "Regionales Werkstatttreffen in der Hansestadt Herford",
        "2023-05-09",
        end_on="2023-05-10",
        series=WERKSTATTTREFFEN,
    ),
    _event(
        "bremerhaven-surheide",
        "Zukunftswerkstatt Surheide",
        "2022-12-07",
        series="Zukunftswerkstatt",
        aliases=(GEBIETE,),
    ),
    _event(
        "bremerhaven-gruenhoefe",
        "Zukunftswerkstatt Grünhöfe",
        "2022-12-09",
        series="Zukunftswerkstatt",
        aliases=(GEBIETE,),
    ),
    _event(
        "pb-treffen-2023",
        "Austausch- und Vernetzungstreffen der ZWK-Prozessbegleitungen",
        "2023-01-30",
    ),
    _event("kick-off-romrod", "Kick-off Romrod", series="Kick-off"),
    _event("d3kongress", "Zukunftswerkstatt Kommunen"),
    _event("helbeduendorf", "Besuch in der ZWK-Gemeinde Helbedündorf"),
    _event("austausch-2", "2. Austauschtreffen", "2018-03-06", end_on="2018-03-07"),
    _event("austausch-3", "3. Austauschtreffen", "2019-03-13", end_on="2019-03-14"),
)

TALKS: tuple[Talk, ...] = (
    Talk(
        talk_id="roebke",
        event_id="fachdiskurs-2021",
        title="Bürgerschaftliches Engagement als gesellschaftlicher Innovationsmotor",
        speakers=("Dr. Thomas Röbke",),
        kind="keynote",
    ),
    Talk(
        talk_id="terlau",
        event_id="fachdiskurs-2022",
        title="Krisenbewältigung durch Nachhaltigkeit",
        speakers=("Prof. Dr. Wiltrud Terlau",),
        kind="keynote",
    ),
    Talk(
        talk_id="wegner-2022",
        event_id="fachdiskurs-2022",
        speakers=("Prof. Dr. Martina Wegner", "Christiane Knirsch"),
        kind="moderation",
    ),
    Talk(talk_id="podium-2022", event_id="fachdiskurs-2022", title="Podiumsdiskussion"),
    Talk(
        talk_id="rose",
        event_id="fachdiskurs-2023",
        title="Zukunftsgerechtigkeit als Leitprinzip kommunalen Planens und Handelns",
        speakers=("Dr. Michael Rose",),
        kind="keynote",
    ),
    Talk(talk_id="podium-2023", event_id="fachdiskurs-2023", title="Podiumsdiskussion"),
    Talk(
        talk_id="wegner-2023",
        event_id="pb-treffen-2023",
        title="Resilienz und Demographischer Wandel",
        speakers=("Prof. Dr. Martina Wegner",),
    ),
)


def video(title: str, published: str, video_id: str = "v1", **given: Any) -> Video:
    """A video with this title, published on this day."""
    at = dt.datetime.fromisoformat(published).replace(hour=9, tzinfo=dt.UTC)
    return build.video(video_id, title=title, published_at=at, **given)


def linked(*videos: Video, **given: Any) -> list[Linking]:
    """What the rule makes of these videos among all the events and talks."""
    return link(videos, EVENTS, TALKS, model=MODEL, **given)


def linked_one(title: str, published: str, **given: Any) -> Linking:
    """What the rule makes of one video among all the events and talks."""
    [linking] = linked(video(title, published, **given))
    return linking
