"""Splink as a rival: Fellegi and Sunter's model, its weights found by EM without labels.

Videos and talks become two tables of the same columns.  Words stand in the order of their
rarity among the talks, so that the first one is a key to block on.
"""

import logging
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from tests.rivals import YEAR, Answer, Answers, Option, Task, Worth, distinct, words

_KEYS = 6  # rarest words of a title that are followed
_MOST = 200  # talks that share a key which is still followed
_SEED = 1


def unsupervised(its: Task, worth: Worth) -> tuple[str, Callable[[], Answers]]:
    """Return the rival; nothing is tuned but its threshold."""
    return "EM on the data", lambda: _link(its)


def _link(its: Task) -> Answers:
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI()
    videos, options = _tables(its)
    linker = Linker(
        [
            api.register(options, dataset_display_name="a_talks"),
            api.register(videos, dataset_display_name="b_videos"),
        ],
        _settings(),
        log_level=None,
    )
    _train(linker)
    predicted = linker.inference.predict(threshold_match_weight=-20).physical_name
    rows = api.duckdb_con.sql(
        f"""
        SELECT unique_id_r, unique_id_l, match_weight FROM {predicted}
        QUALIFY row_number() OVER (
            PARTITION BY unique_id_r ORDER BY match_weight DESC, unique_id_l
        ) <= 30
        ORDER BY unique_id_r, match_weight DESC, unique_id_l
        """
    ).fetchall()
    found: dict[str, list[Answer]] = {}
    for video, option, weight in rows:
        its_option = its.options[int(option)]
        talk_id = its_option.talk.talk_id if its_option.talk else ""
        answer = Answer(its_option.event.event_id, talk_id, weight)
        found.setdefault(its.videos[int(video)].video_id, []).append(answer)
    return {video_id: distinct(answers) for video_id, answers in found.items()}


def _train(linker: Any) -> None:
    from splink import block_on

    training = linker.training
    training.estimate_probability_two_random_records_match(
        ["l.words[1] = r.words[1] and l.names[1] = r.names[1]"], recall=0.5
    )
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=_SEED)
    for rule in ("names[1]", "words[1]"):
        training.estimate_parameters_using_expectation_maximisation(
            block_on(rule), max_pairs=1e6, record_sample_proportion=1.0
        )


def _settings() -> Any:
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="link_only",
        comparisons=[_title(), _names(), _event(), _year(), _late()],
        blocking_rules_to_generate_predictions=[
            block_on("keys", arrays_to_explode=["keys"]),
            block_on("names", arrays_to_explode=["names"]),
            block_on("editions", arrays_to_explode=["editions"]),
        ],
        retain_matching_columns=False,
    )


# --- comparisons --------------------------------------------------------------


def _levels(name: str, null: str | None, *conditions: str) -> Any:
    from splink import comparison_level_library as levels
    from splink import comparison_library

    made: list[Any] = [levels.CustomLevel(null).configure(is_null_level=True)] if null else []
    made += [levels.CustomLevel(condition) for condition in conditions]
    return comparison_library.CustomComparison([*made, levels.ElseLevel()], name)


def _share(column: str) -> str:
    both = f"len(list_intersect({column}_l, {column}_r))"
    return f"{both} / least(len({column}_l), len({column}_r))"


def _title() -> Any:
    share, shared = _share("words"), "len(list_intersect(words_l, words_r))"
    alike = "jaro_winkler_similarity(title_l, title_r)"
    return _levels(
        "title",
        "len(words_l) = 0 or len(words_r) = 0",
        f"{share} > 0.99 and {shared} >= 4",
        f"({share} > 0.99 and {shared} >= 2) or {alike} > 0.95",
        f"{share} >= 0.66 and {shared} >= 2",
        f"{share} >= 0.4",
        f"{shared} >= 1",
    )


def _names() -> Any:
    return _levels(
        "names",
        "len(names_l) = 0 or len(names_r) = 0",
        "len(list_intersect(names_l, names_r)) >= 2",
        "len(list_intersect(names_l, names_r)) = 1",
    )


def _event() -> Any:
    share = _share("event")
    return _levels(
        "event",
        "len(event_l) = 0 or len(event_r) = 0",
        f"{share} > 0.99 and least(len(event_l), len(event_r)) >= 2",
        f"{share} > 0.99",
        f"{share} >= 0.5",
    )


def _year() -> Any:
    return _levels(
        "years",
        "len(years_l) = 0 or len(years_r) = 0",
        "len(list_intersect(years_l, years_r)) >= 1",
    )


def _late() -> Any:
    late = "(day_r - day_l)"
    return _levels(
        "day",
        "day_l is null or day_r is null",
        f"{late} < -2",
        *(f"{late} <= {days}" for days in (14, 60, 180, 400, 1200)),
    )


# --- tables -------------------------------------------------------------------


def _tables(its: Task) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the table of videos and that of talks."""
    written = [(words(option.title), _persons(option)) for option in its.options]
    seen = Counter(word for its_words, _ in written for word in its_words)
    people = Counter(name for _, names in written for name in names)
    options = [
        {
            "title": " ".join(title),
            "words": _by_rarity(title, seen),
            "keys": _by_rarity(title, seen, _MOST)[:_KEYS],
            "names": _by_rarity(names, people),
            "event": [w for w in words(option.event.title) if not YEAR.fullmatch(w)],
            "years": _years(option.event.start_on or "", option.event.title),
            "editions": _editions(words(option.event.title), _years(option.event.start_on or "")),
        }
        for option, (title, names) in zip(its.options, written, strict=True)
    ]
    videos = []
    for video in its.videos:
        title = words(video.title)
        told = [*title, "|", *words(video.description[:400])]
        pairs = [f"{one} {other}" for one, other in pairwise(told)]
        published = video.published_at.year if video.published_at else 0
        years = _years(video.title)
        joined = [one + other for one, other in pairwise(title)]
        videos.append(
            {
                "title": " ".join(title),
                "words": _by_rarity([w for w in title if w in seen], seen),
                "keys": _by_rarity([w for w in title if w in seen], seen, _MOST)[:_KEYS],
                "names": _by_rarity([name for name in pairs if name in people], people),
                "event": title + joined,
                "years": years,
                "editions": _editions(title, years or [str(published), str(published - 1)]),
            }
        )
    return _frame(videos, its.published), _frame(options, its.held)


def _persons(option: Option) -> list[str]:
    """Return the last two words of each speaker's name."""
    return [" ".join(words(speaker)[-2:]) for speaker in option.speakers]


def _years(*texts: str) -> list[str]:
    return list(dict.fromkeys(year for each in texts for year in YEAR.findall(each)))


def _editions(title: Iterable[str], years: Iterable[str]) -> list[str]:
    return [f"{word} {year}" for word in title if len(word) > 3 for year in years]


def _by_rarity(some: list[str], seen: Mapping[str, int], most: float = math.inf) -> list[str]:
    return sorted({w for w in some if seen[w] <= most}, key=lambda w: (seen[w], w))


def _frame(rows: list[dict[str, Any]], days: Any) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    table["day"] = days
    table.insert(0, "unique_id", range(len(rows)))
    return table
