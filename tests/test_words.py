"""What readers read: dates, numbers and texts in their language, and German that is whole."""

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Message
from markupsafe import Markup

from harvester import records
from harvester.linkage.model import FIELDS
from harvester.review.filters import RULED_OUT
from harvester.store.dictionary import CLOSED_LISTS
from harvester.web.catalogue import PLACEHOLDER
from harvester.web.lists import LISTS
from harvester.web.words import Words, negotiate, words_of
from tests import words_extract

GERMAN, ENGLISH = words_of("de"), words_of("en")
NIGHT = dt.datetime(2023, 6, 30, 22, 30, tzinfo=dt.UTC)


# --- which language -----------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "cookie", "setting", "language"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", None, "auto", "de"),
        ("en-US,en;q=0.9,de;q=0.8", None, "auto", "en"),
        ("fr;q=0.9, de;q=0.5, en;q=0.4", None, "auto", "de"),
        ("en;q=0.4,DE-at", None, "auto", "de"),
        ("de;q=0,en;q=0.1", None, "auto", "en"),
        ("fr, ja", None, "auto", "en"),
        ("", None, "auto", "en"),
        (None, None, "auto", "en"),
        ("de;q=high, ;;, en;q=nan", None, "auto", "en"),
        ("en", None, "de", "de"),
        ("de", "en", "de", "en"),
        ("de", "<script>", "auto", "de"),
        ("x" * 100_000 + ",de", None, "auto", "en"),
    ],
)
def test_the_switch_outranks_the_setting_and_the_setting_the_browser(
    asked: str | None, cookie: str | None, setting: str, language: str
) -> None:
    assert negotiate(asked, cookie, setting) == language


# --- texts and values ---------------------------------------------------------


def test_a_value_is_put_in_as_it_is_and_never_interpreted() -> None:
    hostile = "{n} {0.__class__} %s {text} <b>"

    said = ENGLISH.gettext("Look at {text}, {n} times", text=hostile, n=2)

    assert said == f"Look at {hostile}, 2 times"


def test_a_placeholder_is_a_plain_name_and_nothing_else() -> None:
    text = "{0} {a.b} {a[0]} {a!r} {a:>9} {A} {{a}}"

    assert ENGLISH.gettext(text, a="x") == "{0} {a.b} {a[0]} {a!r} {a:>9} {A} {x}"


def test_a_value_that_is_not_given_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError, match="name"):
        ENGLISH.gettext("Hello {name}", other="x")


def test_markup_stays_markup_and_all_else_beside_it_is_escaped() -> None:
    link = Markup('<a href="/">{title}</a>')

    said = ENGLISH.gettext("<i> {link} {title}", link=link, title="<script>")

    assert isinstance(said, Markup)
    assert said == '&lt;i&gt; <a href="/">{title}</a> &lt;script&gt;'


def test_whole_numbers_in_a_text_have_the_readers_form() -> None:
    assert GERMAN.gettext("Page {page} of {pages}", page=1, pages=1234) == "Seite 1 von 1.234"
    assert ENGLISH.gettext("Page {page} of {pages}", page="1", pages=None) == "Page 1 of –"


def test_one_and_many_are_told_apart() -> None:
    german, english = (
        [words.ngettext("{n} event", "{n} events", n) for n in (0, 1, 1000)]
        for words in (GERMAN, ENGLISH)
    )

    assert german == ["0 Veranstaltungen", "1 Veranstaltung", "1.000 Veranstaltungen"]
    assert english == ["0 events", "1 event", "1,000 events"]


def test_a_kind_of_talk_has_words_and_an_unknown_one_those_of_its_record() -> None:
    told = [GERMAN.kind(kind) for kind in ("lightning_talk", "Vortrag", "fish_bowl", "", None)]

    assert told == ["Kurzvortrag", "Vortrag", "fish bowl", "", ""]


def test_a_text_without_translation_comes_out_in_english() -> None:
    assert GERMAN.gettext("Nobody ever says this") == "Nobody ever says this"


# --- dates --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "german", "english"),
    [
        ("2023-11-23", "23.11.2023", "23 Nov 2023"),
        (dt.date(2023, 1, 2), "02.01.2023", "2 Jan 2023"),
        ("2023-03", "März 2023", "March 2023"),
        ("2023", "2023", "2023"),
        (NIGHT, "01.07.2023", "1 Jul 2023"),  # it is past midnight in Berlin
        (None, "–", "–"),
        ("", "–", "–"),
        ("23. 11.", "23. 11.", "23. 11."),
    ],
)
def test_a_day_may_lack_its_month(day: str | dt.date | None, german: str, english: str) -> None:
    assert (GERMAN.date(day), ENGLISH.date(day)) == (german, english)


@pytest.mark.parametrize(
    ("first", "last", "german", "english"),
    [
        ("2023-11-23", "2023-11-24", "23.–24.11.2023", "23–24 Nov 2023"),
        ("2023-11-30", "2023-12-01", "30.11. – 01.12.2023", "30 Nov – 1 Dec 2023"),
        ("2023-12-31", "2024-01-01", "31.12.2023 – 01.01.2024", "31 Dec 2023 – 1 Jan 2024"),
        ("2023-11-23", "2023-11-23", "23.11.2023", "23 Nov 2023"),
        ("2023-11-23", None, "23.11.2023", "23 Nov 2023"),
        (None, "2023-11", "November 2023", "November 2023"),
        ("2023-11", "2024-01", "November 2023 – Januar 2024", "November 2023 – January 2024"),
        ("2022", "2023", "2022 – 2023", "2022 – 2023"),
        (None, None, "–", "–"),
    ],
)
def test_a_span_names_what_its_ends_share_once(
    first: str | None, last: str | None, german: str, english: str
) -> None:
    told = [words.dates(first, last).replace("\u2009", " ") for words in (GERMAN, ENGLISH)]

    assert told == [german, english]


def test_an_instant_is_told_where_the_reader_is() -> None:
    assert GERMAN.moment(NIGHT) == "01.07.2023, 00:30 Uhr"
    assert ENGLISH.moment(NIGHT) == "1 Jul 2023, 00:30 CEST"
    assert Words("en", zone=dt.UTC).moment(NIGHT) == "30 Jun 2023, 22:30 UTC"
    assert Words("de", zone=ZoneInfo("Asia/Tokyo")).date(NIGHT) == "01.07.2023"
    assert GERMAN.moment(None) == "–"


@pytest.mark.parametrize(
    ("days", "german", "english"),
    [
        (0, "heute", "today"),
        (1, "gestern", "yesterday"),
        (34, "vor 34 Tagen", "34 days ago"),
        (100, "vor 3 Monaten", "3 months ago"),
        (729, "vor 24 Monaten", "24 months ago"),
        (731, "vor 2 Jahren", "2 years ago"),
        (-1, "in 1 Tag", "in 1 day"),
        (-3, "in 3 Tagen", "in 3 days"),
    ],
)
def test_what_is_long_ago_is_not_counted_in_days(days: int, german: str, english: str) -> None:
    assert (GERMAN.days_ago(days), ENGLISH.days_ago(days)) == (german, english)


# --- numbers ------------------------------------------------------------------


def test_numbers_have_the_readers_marks() -> None:
    assert (GERMAN.number(1234567), ENGLISH.number(1234567)) == ("1.234.567", "1,234,567")
    assert (GERMAN.number(0.5, 2), ENGLISH.number(0.5, 2)) == ("0,50", "0.50")
    assert GERMAN.number(None) == "–"


def test_a_share_that_was_counted_is_told_as_it_is() -> None:
    assert (GERMAN.percent(0.943), ENGLISH.percent(0.943)) == ("94\N{NO-BREAK SPACE}%", "94%")
    assert (GERMAN.percent(0.9432, 1), ENGLISH.percent(1.0, 1)) == (
        "94,3\N{NO-BREAK SPACE}%",
        "100.0%",
    )


def test_a_probability_promises_no_more_than_a_model_can() -> None:
    told = [ENGLISH.probability(p) for p in (None, 0.001, 0.01, 0.5, 0.99, 0.9999, 1.0)]

    assert told == ["–", "< 1%", "1%", "50%", "99%", "> 99%", "> 99%"]


def test_a_probability_below_a_threshold_does_not_look_as_if_it_reached_it() -> None:
    assert [ENGLISH.probability(p) for p in (0.8998, 0.9, 0.901)] == ["89%", "90%", "90%"]
    assert [ENGLISH.probability(n / 100) for n in range(1, 100)] == [f"{n}%" for n in range(1, 100)]


def test_weights_have_a_sign_and_nothing_has_none() -> None:
    assert [GERMAN.bits(w) for w in (3.14, -0.2, 0.0, -0.04, 12)] == [
        "+3,1",
        "−0,2",
        "0,0",
        "0,0",
        "+12,0",
    ]


@pytest.mark.parametrize(
    ("seconds", "shown", "german", "english"),
    [
        (5283, "1:28:03", "1 Stunde 28 Minuten", "1 hour 28 minutes"),
        (245, "4:05", "4 Minuten 5 Sekunden", "4 minutes 5 seconds"),
        (42, "0:42", "42 Sekunden", "42 seconds"),
        (7200, "2:00:00", "2 Stunden", "2 hours"),
        (0, "0:00", "0 Sekunden", "0 seconds"),
        (None, "–", "nicht bekannt", "unknown"),
    ],
)
def test_a_length_is_shown_like_a_player_and_read_aloud_in_words(
    seconds: int | None, shown: str, german: str, english: str
) -> None:
    assert GERMAN.length(seconds) == ENGLISH.length(seconds) == shown
    assert (GERMAN.length_spoken(seconds), ENGLISH.length_spoken(seconds)) == (german, english)


def test_several_things_are_listed_in_one_text() -> None:
    assert GERMAN.listing(["a", "b", "c"]) == "a, b und c"
    assert ENGLISH.listing(["a"]) == "a"


# --- closed lists -------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("reason", [*records.Reason, RULED_OUT]),
        ("outcome", list(records.Outcome)),
        ("no_event", list(records.NoEventReason)),
        ("role", list(records.Role)),
        ("status", list(records.EventStatus)),
        ("act", list(records.ActKind)),
        ("mark", list(records.Mark)),
        ("availability", list(records.Availability)),
        ("live_state", list(records.LiveState)),
        ("captions", list(CLOSED_LISTS["caption_state"])),
        ("verdict", list(CLOSED_LISTS["verdict"])),
        ("term", [*FIELDS, "prior", "competition", "cap", "kept"]),
    ],
)
def test_every_value_of_a_closed_list_has_words(name: str, values: list[str]) -> None:
    assert set(LISTS[name]) == set(map(str, values))


def test_a_value_is_put_into_words_by_its_list() -> None:
    assert GERMAN.item("reason", records.Reason.TIE) == GERMAN.item("reason", "tie")
    assert GERMAN.item("role", "excerpt") == "ein Ausschnitt"
    assert GERMAN.items("level")[0] == ("strong", "stark")
    assert [GERMAN.item("role", value) for value in ("new one", None)] == ["new one", "–"]


# --- the German catalogue -----------------------------------------------------

CATALOGUE: list[Message] = [message for message in words_extract.german() if message.id]


def _forms(said: object) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)  # type: ignore[arg-type]


def test_the_catalogue_has_every_text_of_the_pages_and_no_other() -> None:
    assert words_extract.faults() == []


NO_TEXT = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
READ_OUT = re.compile(r"(?:aria-label|aria-description|alt|title|placeholder)=\"([^\"]+)\"")
SAME_IN_BOTH = {"English", "Deutsch"}  # each language calls itself so


@pytest.mark.parametrize("path", words_extract.templates(), ids=lambda path: path.name)
def test_no_text_stands_in_a_template_as_it_is(path: Path) -> None:
    markup = NO_TEXT.sub("", path.read_text("utf-8"))

    texts = READ_OUT.findall(markup)
    texts += re.sub(r"<[^>]*>|&\w+;|[\w-]+=\"\"", "\n", markup).splitlines()

    assert {t.strip() for t in texts if re.search(r"[^\W\d_]{2}", t)} <= SAME_IN_BOTH


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    for message in CATALOGUE:
        asked = set(PLACEHOLDER.findall(_forms(message.id)[-1]))
        for form in _forms(message.string):
            found = set(PLACEHOLDER.findall(form))
            assert found == asked or (message.pluralizable and found | {"n"} == asked), form


def test_german_texts_keep_to_german_typography() -> None:
    for message in CATALOGUE:
        said, original = _forms(message.string)[-1], _forms(message.id)[-1]
        assert not re.search(r"[\"”]|\.\.\.|\w[*:_](?:innen|in\b)| - ", said), said
        assert said.count("„") == said.count("“"), said
        assert said == said.strip(), said
        assert said[-1:] in ".:…?!" or original[-1:] not in ".:…?!", said


ENGLISH_WORDS = re.compile(
    r"\b(?:the|of|and|with|this|that|which|is|are|it|not|title|talk|event|upload|match|queue|"
    r"review|undo|editor|session|speaker|caption|captions|recording|link|links|score|skip)\b",
    re.IGNORECASE,
)


def test_german_texts_hold_no_english_words() -> None:
    left = [
        form
        for message in CATALOGUE
        for form in _forms(message.string)
        if ENGLISH_WORDS.search(PLACEHOLDER.sub("", form))
    ]

    assert left == []


def test_readers_are_addressed_politely() -> None:
    familiar = re.compile(r"\b(?:du|dich|dir|dein\w*|euch|euer)\b", re.IGNORECASE)

    assert [m.string for m in CATALOGUE if familiar.search(" ".join(_forms(m.string)))] == []
