"""What others would do: rapidfuzz, TF-IDF of character n-grams, and splink, as rivals of ours.

Each takes a `Task` and returns the best events with their talks for each video.  They are
given a fair chance: the texts and the time allowed between event and publication are the
best of a few, tried on a sample of the very data that they are then measured on, and a
score that several talks share goes to the one nearest in date.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harvester.linkage import text
from harvester.records import Event, Talk, Video, first_day

_CHUNK = 64  # videos at once
_SHOWN = 5
SAMPLE, LARGE_SAMPLE = 200, 1000  # videos that a rival is tuned on; a fast one is on more
YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Option:
    """A talk of an event, or an event without talks: what a video may be linked to."""

    event: Event
    talk: Talk | None

    @property
    def title(self) -> str:
        return (self.talk.title if self.talk else None) or ""

    @property
    def speakers(self) -> tuple[str, ...]:
        return self.talk.speakers if self.talk else ()


@dataclass(frozen=True, slots=True)
class Task:
    """Videos and options, with their days as numbers (NaN: not known)."""

    videos: Sequence[Video]
    options: Sequence[Option]
    published: Numbers
    held: Numbers

    def sample(self, size: int) -> "Task":
        """Return the task for a few of the videos."""
        step = max(1, len(self.videos) // size)
        return replace(self, videos=self.videos[::step], published=self.published[::step])


class Answer(NamedTuple):
    """A candidate for a video; the higher the score, the surer."""

    event_id: str
    talk_id: str
    score: float


Answers = Mapping[str, Sequence[Answer]]  # by id of the video, best first, each event once
Worth = Callable[[Answers], float]  # how good answers are, to tune with
Rival = Callable[[Task, Worth], tuple[str, Callable[[], Answers]]]
"""Returns what it was tuned to, and the work itself."""


def task(videos: Sequence[Video], events: Iterable[Event], talks: Iterable[Talk]) -> Task:
    """Return what is to be linked."""
    known = {event.event_id: event for event in events}
    options = [Option(known[t.event_id], t) for t in talks if t.event_id in known]
    with_talks = {option.event.event_id for option in options}
    options += [Option(event, None) for event in known.values() if event.event_id not in with_talks]
    return Task(
        videos,
        options,
        np.array(
            [v.published_at.timestamp() / 86400 if v.published_at else np.nan for v in videos]
        ),
        np.array([_day(option.event.start_on) for option in options]),
    )


def _day(day: str | None) -> float:
    return float(first_day(day).toordinal() - 719_163) if day else math.nan


# --- text against text --------------------------------------------------------

TEXTS: dict[str, Callable[[Option], str]] = {
    "event, talk, speakers": lambda o: " ".join((o.event.title, o.title, *o.speakers)),
    "event, talk, speakers, talks only": lambda o: (
        " ".join((o.event.title, o.title, *o.speakers)) if o.talk else ""
    ),
    "talk, speakers": lambda o: " ".join((o.title, *o.speakers)),
}


@dataclass(frozen=True, slots=True)
class Window:
    """How long before its publication an event may have been, and whether nearer is better."""

    days: float
    early: float = 2.0
    doubling: float = 0.0  # points lost with each doubling of the time, from a month on


WINDOWS = {  # the cheapest first
    "within 100 days": Window(100),
    "within 400 days": Window(400),
    "within 400 days, the nearer the better": Window(400, doubling=1.0),
    "within 1,200 days": Window(1200),
    "within 1,200 days, the nearer the better": Window(1200, doubling=1.0),
    "before, the nearer the better": Window(math.inf, doubling=1.0),
    "at any time": Window(math.inf, early=math.inf),
}
_AS_GOOD = 0.002  # of F1: then the cheaper window is taken
MOST_PAIRS = 20_000_000  # that rapidfuzz compares; at some 100,000 to 200,000 a second

Compare = Callable[[Places, Places], npt.NDArray[Any]]  # videos × options


def rapidfuzz(scorer: str) -> Rival:
    """Return the rival that compares titles with one of rapidfuzz's scorers."""

    def prepare(its: Task, write: Callable[[Option], str]) -> Compare:
        from rapidfuzz import fuzz, process, utils

        queries = [utils.default_process(video.title) for video in its.videos]
        choices = [utils.default_process(write(option)) for option in its.options]

        def compare(some: Places, others: Places) -> npt.NDArray[Any]:
            matrix: npt.NDArray[Any] = process.cdist(
                [queries[place] for place in some],
                [choices[place] for place in others],
                scorer=getattr(fuzz, scorer),
                workers=-1,
                dtype=np.float32,
            )
            return matrix

        return compare

    return _tuned(prepare, SAMPLE, MOST_PAIRS)


def tfidf() -> Rival:
    """Return the rival that compares titles by the n-grams of characters that they share."""

    def prepare(its: Task, write: Callable[[Option], str]) -> Compare:
        from sklearn.feature_extraction.text import TfidfVectorizer

        choices = [write(option) for option in its.options]
        titles = [video.title for video in its.videos]
        vectoriser = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32
        )
        right = vectoriser.fit_transform(choices)
        left = vectoriser.transform(titles)

        def compare(some: Places, others: Places) -> npt.NDArray[Any]:
            matrix: npt.NDArray[Any] = (left[some] @ right[others].T).toarray()
            return 100 * matrix

        return compare

    return _tuned(prepare, LARGE_SAMPLE)


def _tuned(
    prepare: Callable[[Task, Callable[[Option], str]], Compare],
    sample: int,
    most_pairs: float = math.inf,
) -> Rival:
    """Return a rival that takes the best of all texts and affordable windows on a sample."""

    def rival(its: Task, worth: Worth) -> tuple[str, Callable[[], Answers]]:
        few = its.sample(sample)
        affordable = [name for name in WINDOWS if _pairs(its, WINDOWS[name]) <= most_pairs]
        tried: dict[tuple[str, str], float] = {}
        for name in TEXTS:
            compare = _remembered(prepare(few, TEXTS[name]), few, affordable)
            for window in affordable:
                tried[name, window] = worth(ranked(few, WINDOWS[window], compare))
        enough = max(tried.values()) - _AS_GOOD
        name, window = min(
            (variant for variant in tried if tried[variant] >= enough),
            key=lambda variant: (list(WINDOWS).index(variant[1]), -tried[variant]),
        )

        def work() -> Answers:
            return ranked(its, WINDOWS[window], prepare(its, TEXTS[name]))

        return f"{name}; {window}", work

    return rival


def _remembered(compare: Compare, few: Task, names: Iterable[str]) -> Compare:
    """Return the same comparison, made once for the widest of some windows."""
    widest = max((WINDOWS[name] for name in names), key=lambda window: _pairs(few, window))
    whole = np.zeros((len(few.videos), len(few.options)), dtype=np.float32)
    for some, others in _near(few, widest):
        whole[np.ix_(some, others)] = compare(some, others)
    return lambda some, others: whole[np.ix_(some, others)]


def ranked(its: Task, window: Window, compare: Compare) -> dict[str, list[Answer]]:
    """Return the best options of each video among those held within a window before it."""
    answers: dict[str, list[Answer]] = {}
    for some, others in _near(its, window):
        scores = compare(some, others).astype(np.float64)
        late = its.published[some][:, None] - its.held[others][None, :]
        scores[(late < -window.early) | (late > window.days)] = -np.inf
        away = np.nan_to_num(np.abs(late))
        scores -= away * 1e-4 + window.doubling * np.log2(np.maximum(1, away / 30))
        best = np.argsort(-scores, axis=1, kind="stable")[:, : 6 * _SHOWN]
        for row, video in enumerate(some):
            found = [
                _answer(its.options[others[column]], scores[row, column])
                for column in best[row]
                if scores[row, column] > -np.inf
            ]
            answers[its.videos[video].video_id] = distinct(found)
    return answers


def _answer(option: Option, score: float) -> Answer:
    return Answer(option.event.event_id, option.talk.talk_id if option.talk else "", float(score))


def distinct(found: Iterable[Answer]) -> list[Answer]:
    """Return the best answer of each of the first few events."""
    kept: dict[str, Answer] = {}
    for answer in found:
        kept.setdefault(answer.event_id, answer)
    return list(kept.values())[:_SHOWN]


def _near(its: Task, window: Window) -> Iterator[tuple[Places, Places]]:
    """Yield videos published at about the same time, and the options that may be theirs."""
    videos, options = np.argsort(its.published), np.argsort(its.held)  # unknown days come last
    days = its.held[options]
    known = int(np.count_nonzero(~np.isnan(days)))
    for start in range(0, len(videos), _CHUNK):
        some = videos[start : start + _CHUNK]
        first, last = its.published[some[0]], its.published[some[-1]]
        low, high = 0, known
        if not math.isnan(last):
            low = int(np.searchsorted(days[:known], first - window.days))
            high = int(np.searchsorted(days[:known], last + window.early, side="right"))
        yield some, np.concatenate((options[low:high], options[known:]))


def _pairs(its: Task, window: Window) -> int:
    return sum(len(some) * len(others) for some, others in _near(its, window))


# --- words, for splink --------------------------------------------------------


def words(written: str) -> list[str]:
    """Return the words of a title, as our own linkage folds and cuts them."""
    return list(dict.fromkeys(w for w in text.words(text.fold(written)) if len(w) > 1))
