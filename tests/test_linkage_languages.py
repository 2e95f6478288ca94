"""The same rules for titles in other languages than German."""

import datetime as dt

import pytest

from harvester.linkage import link
from harvester.records import Outcome
from tests import build
from tests.zwk_linking import MODEL

EVENTS = (
    build.event("paris-2016", title="Journées Démographie Lyon 2016", start_on="2016-05-12"),
    build.event("paris-2017", title="Journées Démographie Lyon 2017", start_on="2017-05-18"),
    build.event("bogota", title="Encuentro Ciudad Abierta 2019", start_on="2019-03-14"),
    build.event("edo-04", title="江戸地域会議 04", start_on="2014-04-19"),
    build.event("edo-05", title="江戸地域会議 05", start_on="2015-04-18"),
    build.event("leeds", title="Ageing Towns Conference 2021", start_on="2021-06-03"),
    build.event("kazan", title="RegionClub 2015", start_on="2015-09-26"),
)
TALKS = (
    build.talk("fr", "paris-2016", title="Vieillir chez soi : l’habitat participatif"),
    build.talk("fr2", "paris-2017", title="Écoles rurales et petites communes"),
    build.talk("es", "bogota", title="Participación ciudadana en barrios pequeños"),
    build.talk("ja", "edo-04", title="空き家を活かすまちづくり", speakers=("山田 花子",)),
    build.talk("en", "leeds", title="Loneliness is a planning problem", speakers=("Ann O’Neill",)),
    build.talk("ru", "kazan", title="Finding a village doctor", speakers=("Nikolay Petrov",)),
    build.talk("ru2", "kazan", title="Schools without pupils", speakers=("Olga Belova",)),
)


@pytest.mark.parametrize(
    ("title", "published", "talk_id"),
    [
        ("Journées Démographie 2016: Vieillir chez soi", "2016-06-01", "fr"),
        ("JOURNEES DEMOGRAPHIE 2017 | Ecoles rurales et petites communes", "2017-06-01", "fr2"),
        ("Ciudad Abierta 2019: Participacion ciudadana en barrios pequeños", "2019-04-01", "es"),
        ("江戸地域会議04「空き家を活かすまちづくり」山田花子", "2014-05-01", "ja"),
        ("Ageing Towns Conf - Ann O'Neill: Loneliness Is a Planning Problem", "2021-06-20", "en"),
    ],
)  # fmt: skip
def test_a_title_names_event_and_talk(title: str, published: str, talk_id: str) -> None:
    moment = dt.datetime.fromisoformat(f"{published}T09:00+00:00")
    video = build.video("v1", title=title, published_at=moment)

    [linking] = link([video], EVENTS, TALKS, model=MODEL)

    assert linking.outcome is Outcome.AUTO
    assert [each.talk_id for each in linking.links] == [talk_id]


def test_another_number_of_a_series_is_another_event() -> None:
    moment = dt.datetime(2015, 5, 1, 9, tzinfo=dt.UTC)
    video = build.video("v1", title="江戸地域会議05 開会", published_at=moment)

    [linking] = link([video], EVENTS, TALKS, model=MODEL)

    assert linking.candidates[0].event_id == "edo-05"


def test_a_speaker_in_cyrillic_is_the_one_on_record() -> None:
    moment = dt.datetime(2015, 10, 20, 9, tzinfo=dt.UTC)
    title = "RegionClub 2015: Николай Петров. Врач для деревни"
    video = build.video("v1", title=title, published_at=moment)

    [linking] = link([video], EVENTS, TALKS, model=MODEL)
    best = linking.candidates[0]

    assert (best.event_id, best.talk_id) == ("kazan", "ru")


@pytest.mark.parametrize(
    ("title", "counts"),
    [
        ("Николай Петров. Как найти врача для небольшой деревни", False),
        ("Nikolay Petrov. Comment trouver un médecin pour un petit village", True),
    ],
)
def test_the_rest_of_a_title_counts_only_in_the_script_of_the_talk_s_title(
    title: str, counts: bool
) -> None:
    moment = dt.datetime(2015, 10, 20, 9, tzinfo=dt.UTC)
    video = build.video("v1", title=title, published_at=moment)

    [linking] = link([video], EVENTS, TALKS, model=MODEL)
    best = linking.candidates[0]

    assert (best.event_id, best.talk_id) == ("kazan", "ru")
    assert ("rest_of_title" in [term.name for term in best.terms]) is counts
