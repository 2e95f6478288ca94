"""Event records as YAML: what is read, what is refused, and that nothing is guessed or run."""

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.events import parse_yaml
from harvester.events.checks import Findings
from harvester.records import Event, Talk


def parse(text: str) -> Findings:
    return parse_yaml.parse(dedent(text), "zwk.yaml")


def test_events_come_with_their_talks() -> None:
    found = parse("""
        events:
          - id: fd-2022
            title: ZWK-Fachdiskurs 2022
            series: ZWK-Fachdiskurs
            aliases: [Arbeiten im Krisenmodus, "Fachdiskurs; der zweite"]
            kind: conference
            city: Berlin
            country: Deutschland
            start: 2022-11-24
            end: 2022-11-25
            url: https://example.org/fd
            talks:
              - id: fd-2022-terlau
                title: Krisenbewältigung durch Nachhaltigkeit
                aliases: [Resilienz]
                speakers:
                  - Prof. Dr. Wiltrud Terlau
                date: 2022-11-24
                kind: keynote
              - id: fd-2022-podium
                kind: panel
        """)

    assert found.problems == []
    assert found.events == [
        Event(
            event_id="fd-2022",
            title="ZWK-Fachdiskurs 2022",
            series="ZWK-Fachdiskurs",
            aliases=("Arbeiten im Krisenmodus", "Fachdiskurs; der zweite"),
            kind="conference",
            city="Berlin",
            country="Deutschland",
            start_on="2022-11-24",
            end_on="2022-11-25",
            url="https://example.org/fd",
        )
    ]
    assert found.talks == [
        Talk(
            talk_id="fd-2022-terlau",
            event_id="fd-2022",
            title="Krisenbewältigung durch Nachhaltigkeit",
            aliases=("Resilienz",),
            speakers=("Prof. Dr. Wiltrud Terlau",),
            held_on="2022-11-24",
            kind="keynote",
        ),
        Talk(talk_id="fd-2022-podium", event_id="fd-2022", kind="panel"),
    ]


@pytest.mark.parametrize(
    ("written", "city"),
    [
        ("NO", "NO"),  # Norway is not "false"
        ("yes", "yes"),
        ("2022", "2022"),
        ("0123", "0123"),
        ("1:30", "1:30"),
        ("2022-11-24", "2022-11-24"),
        ("'null'", "null"),
        ("null", None),
        ("~", None),
        ("''", None),
        ("", None),
    ],
)
def test_a_value_is_taken_as_it_is_written(written: str, city: str | None) -> None:
    found = parse(f"events: [{{id: a, title: A, city: {written}}}]")

    assert found.problems == []
    assert found.events[0].city == city


@pytest.mark.parametrize("written", ["2022", "'2022'", "2022-11", "2022-11-24", "'2022-11-24'"])
def test_a_date_may_stand_in_quotes_or_not_and_be_partial(written: str) -> None:
    found = parse(f"events: [{{id: a, title: A, start: {written}}}]")

    assert found.problems == []
    assert found.events[0].start_on == written.strip("'")


def test_every_problem_is_told_with_its_line() -> None:
    found = parse("""\
        events:
          - id: a
            title: A
            start: 24.11.2022
            titel: B
          - title: Ohne Kennung
          - id: a
            title: [kein, Text]
            aliases: keine Liste
            talks:
              - id: t
                kind: panel
                date: 2022-11-24T10:00:00
              - id: t
                speakers: [Lisa Paus]
              - id: u
              - nur ein Text
        """)

    assert found.problems == [
        "zwk.yaml, line 5, titel: this field is not known; did you mean 'title'?; known are id,"
        " title, series, aliases, kind, city, country, start, end, url, talks",
        "zwk.yaml, line 4, start: '24.11.2022' is not an ISO date; write 2022-11-24",
        "zwk.yaml, line 6, id: is missing; every event has an id",
        "zwk.yaml, line 8, title: must be a text, not a list; put it in quotes",
        "zwk.yaml, line 9, aliases: must be a list, not a text; write [one, another]",
        "zwk.yaml, line 7, id: 'a' is already in line 2",
        "zwk.yaml, line 13, date: '2022-11-24T10:00:00' is not an ISO date; write 2022-11-24",
        "zwk.yaml, line 14, id: 't' is already in line 11",
        "zwk.yaml, line 16, title: is missing; a talk has a title, speakers or a kind",
        "zwk.yaml, line 17: here must stand fields"
        " (id, title, aliases, speakers, date, kind), not a text",
    ]


def test_an_id_given_twice_in_one_line_is_noticed() -> None:
    found = parse("events: [{id: a, title: A}, {id: a, title: B}]")

    assert found.problems == ["zwk.yaml, line 1, id: 'a' is already in line 1"]


def test_a_field_given_twice_is_noticed() -> None:
    found = parse("events:\n- id: a\n  title: A\n  title: B\n")

    assert found.problems == ["zwk.yaml, line 4, title: is already in line 3"]


def test_what_contradicts_itself_is_named_as_the_file_names_it() -> None:
    found = parse("events: [{id: a, title: A, start: 2022-11-24, end: 2022-11-23}]")

    assert found.events == [Event(event_id="a", title="A", start_on="2022-11-24")]
    assert found.remarks == [
        "zwk.yaml, line 1, end: 2022-11-23 is before start 2022-11-24;"
        " it is left out until one of them is put right"
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("events:\n- id: a\n  title: ZWK: Fachdiskurs\n", 3),
        ('events:\n- id: a\n  title: "Riesa" reift\n', 3),
        ("events:\n\t- id: a\n", 2),
        ("events:\n- id: a\n  title: 'offen\n", 4),
        ("events: [{id: a]\n", 1),
        ("events: \x07\n", 1),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(text: str, line: int) -> None:
    [problem] = parse_yaml.parse(text, "zwk.yaml").problems

    assert problem.startswith(f"zwk.yaml, line {line}: is not YAML: ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# nichts\n", "zwk.yaml, line 1: holds nothing; events stand in a list under 'events:'"),
        ("{}", "zwk.yaml, line 1, events: is missing; events stand in a list under 'events:'"),
        ("- a\n", "zwk.yaml, line 1: here must stand fields (events), not a list"),
        (
            "events: {a: b}\n",
            "zwk.yaml, line 1, events: must be a list, not a mapping; write [one, another]",
        ),
        ("---\na: b\n---\nc: d\n", "zwk.yaml, line 3: a second document begins here ('---')"),
    ],
)
def test_another_shape_is_refused(text: str, problem: str) -> None:
    assert problem in parse_yaml.parse(text, "zwk.yaml").problems


def test_nothing_in_a_file_is_ever_run() -> None:
    found = parse('events:\n- !!python/object/apply:os.system ["exit 1"]\n')

    [problem] = found.problems
    assert problem.startswith("zwk.yaml, line 2: tags are not taken")


def test_a_small_file_cannot_become_a_huge_one() -> None:
    laughs = "a0: &a0 [ha, ha]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
    )

    [problem] = parse_yaml.parse(laughs, "zwk.yaml").problems

    assert problem.startswith("zwk.yaml, line 1: anchors and aliases (&, *) are not taken")


def test_depth_has_a_bound() -> None:
    [problem] = parse_yaml.parse("[" * 50_000, "zwk.yaml").problems

    assert problem == "zwk.yaml, line 1: is nested too deep"


def test_texts_that_a_database_refuses_are_named() -> None:
    found = parse('events:\n- id: a\n  title: "A\\0B"\n- id: b\n  title: "A\\ud800B"\n')

    assert [problem.split(",")[1] for problem in found.problems] == [" line 3", " line 5"]


@given(st.text(st.sampled_from("ab:-[]{},'\"\n #&*!?|>%@\t\0é\x85") | st.characters()))
def test_any_text_is_answered_with_records_or_problems(rest: str) -> None:
    for start in ("events:\n- id: a\n  title: ", "events: ", ""):
        parse_yaml.parse(start + rest, "zwk.yaml")
