"""The linkage model: complete, or refused with the key that is wrong."""

import dataclasses

import pytest

from harvester import resources
from harvester.errors import BadConfiguration
from harvester.linkage import load
from harvester.linkage.model import CAPS, FIELDS, WORD_LISTS

TEXT = (resources.config() / "linkage.toml").read_text("utf-8")


def test_the_shipped_model_has_every_level_list_and_cap() -> None:
    model = load(TEXT)

    assert {field: tuple(levels) for field, levels in model.weights.items()} == dict(FIELDS)
    assert set(model.caps) == set(CAPS)
    assert set(model.word_lists) == set(WORD_LISTS)


def test_every_weight_has_a_comment() -> None:
    weights = TEXT.split("[weights.event_name]")[1].split("[words]")[0]
    lines = [line for line in weights.splitlines() if "=" in line and not line.startswith("#")]

    assert [line for line in lines if "#" not in line] == []


def test_what_agrees_speaks_for_and_what_differs_against() -> None:
    for field, levels in load(TEXT).weights.items():
        assert levels.get("agrees", 1) > 0, field
        assert levels.get("differs", -1) < 0, field


def test_no_contradiction_allows_a_decision_by_rule() -> None:
    model = load(TEXT)

    assert max(model.caps.values()) < model.accept


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\nprior = ", "\nprion = ", "prior: is missing"),
        ("\nprior = -", "\nprior = 'high' # -", "prior: must be a number"),
        ("\nprior = -", "\nprior = nan # -", "prior: must be a number"),
        ("accept = 0.95", "accept = 95", "thresholds.accept: must be between 0 and 1"),
        ("review = 0.5", "review = 0.99", "thresholds.review: must not be above accept"),
        ("shown = 5", "shown = 0", "thresholds.shown: must be a whole number"),
        ("event_page = ", "page = ", "weights.link.event_page: is missing"),
        ("event_page = ", "page = 1\nevent_page = ", "weights.link.page: is not known"),
        ("[weights.link]", "[weights.links]", "weights.links: is not known"),
        ("\nname = ", "\nname = 1 # ", "name: must be a text"),
        ('part = ["Teil', 'part = [1, "Teil', "words.part: must be a list of words"),
        ("\nname = ", "\nname = zwk # ", "is not TOML"),
    ],
)
def test_a_faulty_model_is_refused_with_its_key(old: str, new: str, message: str) -> None:
    assert old in TEXT

    with pytest.raises(BadConfiguration, match=message):
        load(TEXT.replace(old, new, 1))


def test_the_settings_may_set_the_threshold() -> None:
    assert dataclasses.replace(load(TEXT), accept=0.99).accept == 0.99
