"""What people read: words for numbers, tables of any width, and titles as they are."""

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from harvester import settings as settings_module
from harvester import show
from harvester.harvest import Plan
from harvester.harvest.plan import PlanLine
from harvester.records import Availability, Link, LiveState, Outcome, Reason, Role, Term
from harvester.store.reads_people import ChannelAge, Counts, Decision, Explanation, Freshness
from harvester.upkeep import Status
from tests import build
from tests.linkings import linking

HOSTILE = "[red]x[/red] [/] [link=file:///etc]:smile: [bold"
NOW = build.NOW


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (89, "1 min"),
        (90, "2 min"),
        (3569, "59 min"),
        (3571, "1:00 h"),
        (3600, "1:00 h"),
        (3723, "1:02 h"),
        (36_000, "10:00 h"),
        (100_000, "27:47 h"),
    ],
)
def test_a_length_is_said_as_people_say_it(seconds: int | None, said: str) -> None:
    assert show.length(seconds) == said


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (None, "–"),
        (0.0, "< 1 %"),
        (0.0099, "< 1 %"),
        (0.01, "1 %"),
        (0.5, "50 %"),
        (0.29, "29 %"),  # not a hair below it
        (0.8998, "89 %"),  # what is strong begins at 90 %
        (0.946, "94 %"),
        (0.99, "99 %"),
        (0.9901, "> 99 %"),
        (0.995, "> 99 %"),
        (1.0, "> 99 %"),  # no rule is that sure
    ],
)
def test_a_probability_never_promises_certainty(probability: float | None, said: str) -> None:
    assert show.percent(probability) == said


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        (0.0, "says nothing"),
        (0.06, "says nothing"),
        (-0.06, "says nothing"),
        (0.1, "1.1 times likelier"),
        (1.0, "2.0 times likelier"),
        (-1.0, "2.0 times less likely"),
        (3.2, "9.2 times likelier"),
        (3.25, "10 times likelier"),
        (13.0, "8,192 times likelier"),
        (-19.9, "978,356 times less likely"),
        (20.0, "over a million times likelier"),
        (-25.0, "over a million times less likely"),
        (2000.0, "over a million times likelier"),  # no number has so many bits
    ],
)
def test_a_weight_is_said_as_odds(weight: float, said: str) -> None:
    assert show.odds(weight) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [(None, "–"), ("2023-11", "2023-11"), (NOW, "2026-11-22")],
)
def test_a_day_may_be_partial(given: dt.datetime | str | None, said: str) -> None:
    assert show.day(given) == said


@pytest.mark.parametrize(
    "words", [show.REASONS.keys() == set(Reason), show.ROLES.keys() == set(Role)]
)
def test_every_word_of_a_closed_list_has_a_sentence(words: bool) -> None:
    assert words


# --- tables -------------------------------------------------------------------

ID = "dQw4w9WgXcQ"
EVENT_ID = "eine-lange-kennung-einer-veranstaltung-2023-11"
LONG = "Ein sehr langer Titel, der in keine Spalte passt: " + "Donaudampfschifffahrt" * 4
ROW: dict[str, Any] = {
    "video_id": ID,
    "title": LONG,
    "duration_s": 3723,
    "caption_state": "flag_only_yes",
    "availability": "public",
    "reason": "taken",
    "best_event_id": EVENT_ID,
    "best_probability": 0.97,
    "event_id": EVENT_ID,
    "event_title": LONG,
    "talk_id": "t1",
    "role": "duplicate",
    "probability": 0.999,
}
EMPTY = ROW | {
    "duration_s": None,
    "reason": "no_candidate",
    "best_event_id": None,
    "best_probability": None,
    "talk_id": None,
    "probability": None,
}
Shown = Callable[[Console], None]


def unmatched(title: str) -> Shown:
    rows = [ROW | {"title": title}, EMPTY | {"title": title}]
    return lambda out: show.unmatched(out, rows, events={EVENT_ID: title}, limit=10)


def demo(title: str) -> Shown:
    row = ROW | {"title": title, "event_title": title}
    tables = {
        "videos": [row, row | {"availability": "deleted"}],
        "recordings": [row],
        "unmatched_videos": [row, EMPTY | {"title": title}],
    }
    talks = {"t1": build.talk("t1", title=title, speakers=(title,))}
    return lambda out: show.demo(
        out,
        tables,
        events={EVENT_ID: title},
        talks=talks,
        units=3,
        place="sqlite:///zwk-demo.db",
        program="harvester",
    )


def events(title: str) -> Shown:
    found = [
        build.event(EVENT_ID, title=title, series=title, city=title, start_on="2023-11-23"),
        build.event("e2", title=title),
    ]
    return lambda out: show.events(out, found, [build.talk("t1", EVENT_ID)])


def plan(title: str) -> Shown:
    line = PlanLine(
        channel=title,
        what="the newest uploads",
        method="playlistItems.list",
        calls=1,
        units=1,
        bucket="main",
        at_least=True,
    )
    found = Plan(lines=(line,), left={"main": 0}, resets_at=NOW)
    return lambda out: show.plan(out, found)


def status(title: str) -> Shown:
    channel = ChannelAge(
        channel_id="UC1", title=title, videos=3, oldest_refresh_at=NOW, listed_at=None
    )
    found = Status(
        now=NOW,
        freshness=Freshness(last_run=None, last_done=None, running=title, channels=(channel,)),
        counts=Counts(videos=3),
        quota_used={},
        daily_quota=10_000,
        findings=(title,),
    )
    return lambda out: show.status(out, found)


def settings(title: str) -> Shown:
    loaded = settings_module.load(environment={}, overrides={"channels": [{"handle": title}]})
    return lambda out: show.settings(out, loaded)


def explained(title: str) -> Shown:
    found = explanation(
        title=title,
        linking=hostile_linking(title),
        events={"e1": build.event("e1", title=title), "e2": build.event("e2", title=title)},
        talks={"t1": build.talk("t1", "e1", title=title)},
    )
    return lambda out: out.print(show.explanation(found))


EVERYTHING = [unmatched, demo, events, plan, status, settings, explained]


def printed(what: Shown, monkeypatch: pytest.MonkeyPatch, *, width: int = 140) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    out = show.console()
    out.file = io.StringIO()
    what(out)
    return out.file.getvalue()


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("what", EVERYTHING)
def test_whatever_is_shown_fits_the_terminal(
    what: Callable[[str], Shown], width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = printed(what(LONG), monkeypatch, width=width)

    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text.replace("HARVESTER_…", "")


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize(
    ("what", "ids"),
    [(unmatched, [ID]), (events, [EVENT_ID, "e2"]), (explained, [ID, "e1", "e2"])],
)
def test_ids_can_be_copied_from_what_is_shown(
    what: Callable[[str], Shown],
    ids: list[str],
    width: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = printed(what(LONG), monkeypatch, width=width)

    assert all(each in text for each in ids)


@pytest.mark.parametrize("what", EVERYTHING)
def test_a_very_narrow_terminal_is_no_trouble(
    what: Callable[[str], Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert printed(what(LONG), monkeypatch, width=40)


@pytest.mark.parametrize("what", EVERYTHING)
def test_a_title_that_looks_like_markup_is_shown_as_it_is(
    what: Callable[[str], Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = printed(what(HOSTILE), monkeypatch, width=300)

    assert HOSTILE in text


def test_the_summary_of_the_demo_counts_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(demo("Ein Titel"), monkeypatch)

    assert "Matched by rule: 1 videos" in text
    assert "Waiting for an editor: 1 videos" in text
    assert "Without event: 1 videos" in text
    assert "(a further upload)" in text
    assert "1 of 1 videos have captions by YouTube's flag" in text
    assert "(and 1 deleted)" in text


def test_an_empty_queue_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(lambda out: show.unmatched(out, [], events={}, limit=5), monkeypatch)

    assert text == "No video waits for an editor.\n"


def test_a_queue_is_cut_at_its_limit_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ROW | {"video_id": f"video-{n}", "best_probability": n / 10} for n in range(5)]

    text = printed(lambda out: show.unmatched(out, rows, events={}, limit=2), monkeypatch)

    assert re.findall(r"video-\d", text) == ["video-4", "video-3"]
    assert "2 of 5 videos that wait" in text


def test_a_plan_says_when_the_quota_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(plan("Ein Kanal"), monkeypatch)

    assert "bucket main: at least 1 unit; 0 are left today" in text
    assert "go on after 2026-11-22 09:00 UTC" in text


# --- explanations -------------------------------------------------------------


def explanation(**given: Any) -> Explanation:
    fields: dict[str, Any] = {
        "video_id": ID,
        "title": "Ein Video",
        "published_at": NOW,
        "duration_s": 754,
        "availability": Availability.PUBLIC,
        "live_state": LiveState.NONE,
        "linking": None,
        "decision": None,
        "events": {
            "e1": build.event("e1", title="Fachdiskurs", start_on="2022-11"),
            "e2": build.event("e2", title="Werkstatt"),
        },
        "talks": {"t1": build.talk("t1", "e1", title="Wohnen", speakers=("Ada B.", "Bo M."))},
    }
    return Explanation(**fields | given)


def hostile_linking(text: str) -> Any:
    [first, second] = linking(ID).candidates
    terms = (Term("rest_of_title", 1.0, text), Term("prior", -1.0, ""))
    return linking(
        ID,
        candidates=(
            type(first)(
                video_id=ID,
                rank=1,
                event_id="e1",
                talk_id="t1",
                match_weight=0.0,
                probability=0.5,
                terms=terms,
            ),
            second,
        ),
    )


def decision(*links: Link, verdict: str = "match", decided_by: str = "rule:zwk-1") -> Decision:
    return Decision(
        verdict=verdict, decided_by=decided_by, decided_at=NOW, probability=0.97, links=links
    )


def said(found: Explanation, monkeypatch: pytest.MonkeyPatch) -> str:
    return printed(lambda out: out.print(show.explanation(found)), monkeypatch)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"decision": decision(Link(event_id="e1"))},
            "Linked by rule on 2026-11-22: it shows “Fachdiskurs”.",
        ),
        (
            {"decision": decision(Link(event_id="e1", talk_id="t1", role=Role.EXCERPT))},
            "Linked by rule on 2026-11-22: it shows “Wohnen, Ada B., Bo M.” at “Fachdiskurs”"
            " (an excerpt).",
        ),
        (
            {"decision": decision(Link(event_id="e1"), Link(event_id="e2"), decided_by="ana")},
            "Linked by ana on 2026-11-22: it shows “Fachdiskurs” and “Werkstatt”.",
        ),
        (
            {"decision": decision(verdict="no_event", decided_by="ana")},
            "Decided by ana on 2026-11-22: it belongs to no event.",
        ),
        (
            {"linking": linking(ID, reason=Reason.TIE)},
            "Waits for an editor: two events or talks fit about equally well.",
        ),
        (
            {"linking": linking(ID, reason=Reason.DOUBTFUL)},
            "Waits for an editor: likely, but not sure enough.",
        ),
        (
            {
                "linking": linking(
                    ID, outcome=Outcome.NONE, reason=Reason.NO_CANDIDATE, candidates=()
                )
            },
            "No event: nothing on record is like it.",
        ),
        (
            {"linking": linking(ID, outcome=Outcome.NONE, reason=Reason.NOT_RECORDED_YET)},
            "No event: has not taken place yet.",
        ),
        ({"availability": Availability.PRIVATE}, "Not linked: the video is private."),
        ({"availability": Availability.DELETED}, "Not linked: the video is deleted."),
        (
            {"availability": Availability.PRIVATE, "decision": decision(Link(event_id="e1"))},
            "Linked by rule on 2026-11-22: it shows “Fachdiskurs”.",
        ),
        ({}, "Not linked yet: run `harvester link`."),
    ],
)
def test_an_explanation_begins_with_what_became_of_the_video(
    given: dict[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = said(explanation(**given), monkeypatch).splitlines()

    assert lines[:3] == [
        "Ein Video",
        f"https://youtu.be/{ID}",
        "published 2026-11-22, 13 min",
    ]
    assert lines[4].strip() == sentence


def test_an_explanation_goes_through_the_candidates_term_by_term(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = said(explanation(linking=linking(ID, weight=3.0)), monkeypatch)

    lines = [" ".join(line.split()) for line in text.splitlines()]
    first = lines.index("1. Fachdiskurs (2022-11)")
    assert lines[first + 1 : first + 6] == [
        "talk: Wohnen, Ada B., Bo M.",
        "e1 probability 97 %",
        "+2.0 title 4.0 times likelier „Zukunft“ in beiden",
        "+1.0 prior 2.0 times likelier one of 2",
        "+3.0 sum",
    ]
    assert "2. Werkstatt" in lines
    assert lines[-1] or lines[-2]
    assert "How to read this" in text


def test_a_video_without_title_or_candidates_is_explained_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = explanation(
        title=None, published_at=None, duration_s=None, availability=Availability.DELETED
    )

    text = said(found, monkeypatch)

    assert text.startswith("(title not known)\n")
    assert "published –, –" in text
    assert "How to read" not in text


def test_an_event_or_talk_that_is_no_longer_on_record_goes_by_its_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = explanation(
        decision=decision(Link(event_id="e9", talk_id="t9")),
        linking=linking(ID),
        events={},
        talks={},
    )

    text = said(found, monkeypatch)

    assert "it shows “t9” at “e9”" in text
    assert "1. e1" in text


# --- the console --------------------------------------------------------------


def test_where_nobody_sets_a_width_there_is_room_for_a_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    unset = show.console().width
    monkeypatch.setenv("COLUMNS", "60")

    assert show.console().width == 60
    assert unset >= 40  # the terminal's, or 140 where there is none
