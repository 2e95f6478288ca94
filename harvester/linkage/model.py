"""The numbers and words of the linkage, as config/linkage.toml holds them.

The other modules of this room say what is compared and which levels there are;
how much each level tells (bits), where the thresholds lie and which words tell
nothing is here, and nowhere else.

Pure: takes the text of the file, not its path.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from harvester.errors import BadConfiguration
from harvester.linkage.text import fold, words

FIELDS: Mapping[str, tuple[str, ...]] = {
    "event_name": ("own_rare", "own", "own_common", "shared", "most", "part", "common_words"),
    "other_name": ("longer", "another"),
    "year": ("agrees", "differs"),
    "number": ("agrees", "differs"),
    "title_date": ("agrees", "differs"),
    "text_date": ("agrees",),
    "recorded": ("agrees", "differs"),
    "published": ("before", "week", "month", "half_year", "year", "two_years", "later"),
    "event_description": ("dated", "named"),
    "chapters": ("several", "one"),
    "link": ("event_page",),
    "playlist": ("names_event", "other_year"),
    "neighbours": (
        "nearly_all",
        "most",
        "many",
        "some",
        "few",
        "elsewhere",
        "unmatched",
    ),
    "place": ("in_title", "in_description", "differs"),
    "kind_of_video": ("no_event",),
    "talk_title": (
        "whole_rare",
        "whole",
        "whole_common",
        "most_rare",
        "most",
        "half",
        "generic_alone",
        "generic",
        "none_fits",
    ),
    "speaker": ("full", "full_often", "surname", "another"),
    "talk_description": ("named",),
    "speaker_description": ("named",),
    "day": ("agrees", "differs"),
    "part": ("agrees", "differs"),
    "talk_kind": ("agrees", "partly", "differs", "silent"),
    "length": ("likely", "unlikely"),
    "rest_of_title": ("explained", "mostly", "little"),
}
"""Every field that is compared, with its levels: the names of the terms.

A level that a pair does not reach, or a field that one side lacks, adds nothing.
"""

CONTRADICTIONS = (
    "year",
    "number",
    "title_date",
    "recorded",
    "published",
    "day",
    "part",
    "place",
    "name",
    "words",
)
"""What keeps a candidate from being linked by rule, however much speaks for it."""

CAPS = (
    *CONTRADICTIONS,
    *("talk_only", "person_only", "part_only", "common_only", "date_only", "edition"),
    *("neighbours_only", "taken"),
)
"""All that keeps a probability from rising above a limit: contradictions, and too little ground."""

WORD_LISTS = (
    "stop",
    "common",
    "generic_talk",
    "person_titles",
    "no_event",
    "excerpt",
    "part",
    "whole_event",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """How many pairs are compared; see the file."""

    max_key_share: int  # a key that more events (or talks) have than this is not followed
    events_a_video: int
    talks_a_video: int
    talks_an_event: int


class Begun(NamedTuple):
    """What a fit began with, and what it was a fit to."""

    prior: float
    weights: Mapping[str, Mapping[str, float]]
    truth: str  # "decisions", or the name of a truth file
    labels: int
    truth_sha256: str = ""  # of the labels in it; older files do not tell it


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The linkage model: weights in bits, thresholds as probabilities.

    `accept` may be set by the user's settings: dataclasses.replace(model, accept=…).
    """

    name: str
    prior: float  # bits, of a candidate that blocking found and nothing else is known of
    accept: float
    review: float
    margin: float  # bits between the best candidate and the next
    margin_talk: float  # bits between the best talk of an event and its next
    shown: int  # candidates kept for each video
    caps: Mapping[str, float]
    weights: Mapping[str, Mapping[str, float]]
    word_lists: Mapping[str, frozenset[str]]
    common_word_bits: float
    blocking: Blocking

    begun_with: Begun | None = None  # None: no weight was ever fitted by `harvester linkage train`

    def weight(self, field: str, level: str) -> float:
        """Return the match weight of a level, in bits."""
        return self.weights[field][level]

    def before_fitting(self) -> "Model":
        """Return the model with the weights that its last fitting began with.

        Fitting anew to the same labels begins there: fitted weights already know them.
        """
        if self.begun_with is None:
            return self
        return replace(self, prior=self.begun_with.prior, weights=self.begun_with.weights)

    def words(self, name: str) -> frozenset[str]:
        """Return one of the word lists, folded."""
        return self.word_lists[name]


def load(text: str) -> Model:
    """Return the model that a linkage.toml holds.

    Raises BadConfiguration with the key, if one is missing, unknown or no number.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfiguration(f"linkage.toml is not TOML: {error}") from None
    table = _Table(given, "")
    thresholds, limits, caps = (table.table(k) for k in ("thresholds", "blocking", "caps"))
    lists, weights, rarity = (table.table(k) for k in ("words", "weights", "rarity"))
    weights.only(FIELDS)
    model = Model(
        name=table.text("name"),
        prior=table.number("prior"),
        accept=thresholds.share("accept"),
        review=thresholds.share("review"),
        margin=thresholds.number("margin"),
        margin_talk=thresholds.number("margin_talk"),
        shown=thresholds.count("shown"),
        caps={name: caps.share(name) for name in CAPS},
        weights={
            field: {level: weights.table(field).number(level) for level in levels}
            for field, levels in FIELDS.items()
        },
        word_lists={name: lists.words(name) for name in WORD_LISTS},
        common_word_bits=rarity.number("common_word_bits"),
        blocking=Blocking(**{name: limits.count(name) for name in Blocking.__dataclass_fields__}),
    )
    if "weights" in given.get("origin", ()):  # written by `harvester linkage train`
        model = replace(model, begun_with=_begun_with(table.table("origin"), model))
    for field, levels in FIELDS.items():
        weights.table(field).only(levels)
    for part, known in ((caps, CAPS), (lists, WORD_LISTS)):
        part.only(known)
    if model.review > model.accept:
        raise BadConfiguration("linkage.toml, thresholds.review: must not be above accept")
    return model


def _begun_with(origin: "_Table", model: Model) -> Begun:
    """Return what the weights were before fitting; a level that came later began as it is."""
    fields = origin.table("weights")
    return Begun(
        origin.number("prior"),
        {
            field: {
                level: fields.table(field).number(level)
                if level in fields.given.get(field, {})
                else weight
                for level, weight in levels.items()
            }
            for field, levels in model.weights.items()
        },
        truth=origin.text("truth"),
        labels=origin.count("labels"),
        truth_sha256=origin.text("truth_sha256") if "truth_sha256" in origin.given else "",
    )


class _Table:
    """A table of the file that knows its own name, for the messages."""

    def __init__(self, given: Mapping[str, Any], name: str) -> None:
        self.given, self.name = given, name

    def _get(self, key: str) -> Any:
        if key not in self.given:
            raise BadConfiguration(f"linkage.toml, {self.name}{key}: is missing")
        return self.given[key]

    def _wrong(self, key: str, what: str) -> BadConfiguration:
        return BadConfiguration(f"linkage.toml, {self.name}{key}: must be {what}")

    def table(self, key: str) -> "_Table":
        found = self._get(key)
        if not isinstance(found, dict):
            raise self._wrong(key, "a table")
        return _Table(found, f"{self.name}{key}.")

    def text(self, key: str) -> str:
        found = self._get(key)
        if not isinstance(found, str) or not found:
            raise self._wrong(key, "a text")
        return found

    def number(self, key: str) -> float:
        found = self._get(key)
        if (
            isinstance(found, bool)
            or not isinstance(found, int | float)
            or not math.isfinite(found)
        ):
            raise self._wrong(key, "a number")
        return float(found)

    def share(self, key: str) -> float:
        found = self.number(key)
        if not 0 < found < 1:
            raise self._wrong(key, "between 0 and 1")
        return found

    def count(self, key: str) -> int:
        found = self._get(key)
        if isinstance(found, bool) or not isinstance(found, int) or found < 1:
            raise self._wrong(key, "a whole number above 0")
        return found

    def words(self, key: str) -> frozenset[str]:
        found = self._get(key)
        if not isinstance(found, list) or not all(isinstance(w, str) for w in found):
            raise self._wrong(key, "a list of words")
        return frozenset(word for text in found for word in words(fold(text)))

    def only(self, known: Any) -> None:
        unknown = sorted(set(self.given) - set(known))
        if unknown:
            raise BadConfiguration(f"linkage.toml, {self.name}{unknown[0]}: is not known")
