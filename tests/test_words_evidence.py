"""Evidence in German: every sentence that the linkage makes, and nothing English left of it."""

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from markupsafe import escape

from harvester.cli import cli
from harvester.linkage import decision, link
from harvester.records import Linking
from harvester.review import acts
from harvester.store import reads_people
from harvester.store.database import Database
from harvester.web.catalogue import PLACEHOLDER, fill
from harvester.web.evidence import parsed
from harvester.web.refusals import A_RULE, REFUSALS
from harvester.web.sentences import KINDS, SENTENCES
from harvester.web.words import words_of
from tests.invented import world
from tests.zwk_linking import MODEL

GERMAN, ENGLISH = words_of("de"), words_of("en")
SOURCE = Path(decision.__file__).parent
LEFT_OVER = re.compile(
    r"\b(?:the|of|and|with|this|that|which|is|are|were|it|not|another|only|title|talk|event|"
    r"uploaded|published|recorded|says|names|holds|minutes|days|to)\b|\d{4}-\d\d",
    re.IGNORECASE,
)


def _german_of_its_own(text: str) -> str:
    """Return the German of a sentence without what the English one quotes or names."""
    read = parsed(text)
    assert read, text
    said = str(GERMAN.evidence(text))
    for name, value in sorted(read[1].items(), key=lambda item: -len(item[1])):
        if name not in ("date", "event_date", "kind", "kinds"):
            said = said.replace(value, "")
    return re.sub("„[^“]*“", "", said)


def _check(texts: set[str]) -> None:
    assert [text for text in texts if GERMAN.evidence(text).lang != "de"] == []
    assert [text for text in texts if PLACEHOLDER.search(_german_of_its_own(text))] == []
    assert [text for text in texts if LEFT_OVER.search(_german_of_its_own(text))] == []


def _told(linkings: list[Linking]) -> set[str]:
    return {t.evidence for its in linkings for c in its.candidates for t in c.terms}


# --- what is really said ------------------------------------------------------


def test_every_sentence_of_the_demo_has_german_words(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        result = CliRunner().invoke(cli, ["demo"])
    assert result.exit_code == 0, result.stderr
    database = Database(f"sqlite:///{tmp_path / 'zwk-demo.db'}")
    with database.read() as session:
        rows = reads_people.view(session, "match_explanation")
        texts = {row["evidence"] for row in rows}
    database.close()

    assert len(texts) > 200
    _check(texts)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_sentence_about_an_invented_world_has_german_words(seed: int) -> None:
    made = world(600, 60, 600, seed=seed)

    texts = _told(list(link(made.videos, made.events, made.talks, model=MODEL)))

    assert len(texts) > 1000
    _check(texts)


# --- what can be said at all --------------------------------------------------


def _written(path: Path) -> list[str]:
    """Return the texts of a module that are no docstrings, {} where something is put in."""
    tree = ast.parse(path.read_text("utf-8"))
    inner = {id(part) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for part in n.values}
    inner |= {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    return [
        text
        for node in ast.walk(tree)
        if id(node) not in inner and (text := _template(node)) and re.search(r"\w \w", text)
    ]


def _template(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    return ""


SAYING = [*SOURCE.glob("comparison*.py"), SOURCE / "groups.py", SOURCE / "decision.py"]


@pytest.mark.parametrize("path", SAYING, ids=lambda path: path.stem)
def test_whatever_the_linkage_writes_down_stands_among_the_sentences(path: Path) -> None:
    known = [PLACEHOLDER.sub("{}", sentence) for sentence in (*SENTENCES, *KINDS)]

    unknown = [text for text in _written(path) if not any(_fits(text, s) for s in known)]

    assert unknown == []


def _fits(text: str, sentence: str) -> bool:
    """Return whether a text of the sources, or a piece of it, can become this sentence."""
    pattern = ".*".join(re.escape(part) for part in re.split(r"\{\}(?:-\{\})?", text))
    return re.search(pattern, sentence) is not None


def test_what_caps_and_what_keeps_a_link_is_said_in_german() -> None:
    texts = {f"{what}: an editor has to look at it" for what in decision._CAP_TEXT.values()}
    texts |= {f"linked by rule before, and stays so: {s}" for s in decision._STAYS.values()}

    _check(texts)


def test_whatever_keeps_an_act_from_being_written_can_be_told() -> None:
    known = [PLACEHOLDER.sub("{}", sentence) for sentence in (*REFUSALS, A_RULE)]
    joined = {"{}; and {} more", "{}: {}", "; and {} more"}  # of several problems at once

    review = Path(acts.__file__).parent
    written = [text for name in ("acts", "saying") for text in _written(review / f"{name}.py")]
    texts = set(written) - joined

    assert [text for text in texts if not any(_fits(text, s) for s in known)] == []


EXAMPLES = {
    "date": "2023-11-23 to 2023-11-24",
    "event_date": "2023",
    "years": "2021/2022",
    "event_years": "2020",
    "listed": '"Zukunft", "Dorf"',
    "kinds": "keynote and panel and questions",
    "kind": "an opening",
    "characters": "2,000",
    "verdict": "no_event",
    "url": "zukunft.example/2023",
}
EXAMPLES |= dict.fromkeys(
    ("count", "total", "number", "other", "part", "day", "days", "minutes", "seconds", "share"),
    "17",
)


@pytest.mark.parametrize("sentence", [*SENTENCES, *REFUSALS])
def test_a_sentence_is_read_as_itself_whatever_it_names(sentence: str) -> None:
    for name in ("Zukunft", 'a "quoted" title, of another year: {n}', "Hanna Koch (2023), ", ""):
        values = {each: EXAMPLES.get(each, name) for each in PLACEHOLDER.findall(sentence)}
        text = fill(sentence, values, str)

        assert parsed(text) == (sentence, values)


# --- for the reader -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "german"),
    [
        (
            "the title gives another date, 2023-11-23; the event was on 2023-11-30 to 2023-12-01",
            "der Titel nennt ein anderes Datum: 23.11.2023;"
            " Datum der Veranstaltung: 30.11. – 01.12.2023",
        ),
        (
            'the video\'s title holds 2 of 3 telling words of the event\'s name "Alle im "Blick"":'
            ' "Alle", "Blick"',
            "der Videotitel enthält 2 von 3 kennzeichnenden Wörtern des Veranstaltungsnamens"
            ' „Alle im "Blick"“: „Alle“, „Blick“',
        ),
        (
            "the title says keynote and panel and questions, the talk is on record as none",
            "der Titel nennt die Art „Keynote, Podium und Fragerunde“;"
            " der Vortrag ist nicht so erfasst",
        ),
        (
            "45 minutes are usual for an impuls",
            "eine Länge von 45 Min. ist üblich für die Art „Impuls“",
        ),
        (
            "the video was published 1034 days after the event",
            "das Video wurde 1.034 Tage nach der Veranstaltung veröffentlicht",
        ),
        (
            'there are other candidates, first of all "Kick-off" (2023-05)',
            "es gibt weitere Vorschläge, an erster Stelle „Kick-off“ (Mai 2023)",
        ),
    ],
)
def test_days_counts_and_quotes_have_the_readers_form(text: str, german: str) -> None:
    assert str(GERMAN.evidence(text)).replace("\u2009", " ") == german


def test_english_readers_get_days_in_their_form_too() -> None:
    said = ENGLISH.evidence("the title gives the event's date, 2023-11-23 to 2023-11-24")

    assert said == "the title gives the event's date, 23–24 Nov 2023"
    assert (said.lang, escape(said)) == (
        "en",
        "the title gives the event&#39;s date, 23–24 Nov 2023",
    )


def test_a_sentence_that_is_not_known_stays_english_and_is_marked_so() -> None:
    said = GERMAN.evidence("an <old> version said this")

    assert said == "an <old> version said this"
    assert escape(said) == '<span lang="en">an &lt;old&gt; version said this</span>'
    assert escape(ENGLISH.evidence("an <old> one")) == "an &lt;old&gt; one"


def test_a_hostile_name_is_only_a_name() -> None:
    name = '<script>{n}{0}</script>" (2023)'

    said = GERMAN.evidence(f'the description names "{name}"')

    assert said == f"die Beschreibung nennt „{name}“"
    assert "<script>" not in escape(said)
