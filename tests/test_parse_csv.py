"""Tables of events and of talks, and how precisely their problems are told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.events import parse_csv
from harvester.records import Event, Talk

BENCH = Path(__file__).parents[2] / "shared" / "bench" / "dev"


def problems(text: str) -> list[str]:
    return parse_csv.parse(text, "events.csv").problems


def test_a_table_of_events_becomes_events() -> None:
    text = (
        "event_id,title,series,aliases,kind,city,country,start_date,end_date,url\n"
        "fd-2022,ZWK-Fachdiskurs 2022,ZWK-Fachdiskurs,Arbeiten im Krisenmodus; Zweiter Fachdiskurs,"
        "conference,Berlin,Deutschland,2022-11-24,2022-11-25,https://example.org/fd\n"
        "riesa-1,„Riesa reift“,,,,,,2022-03,,\n"
    )

    found = parse_csv.parse(text, "events.csv")

    assert found.problems == []
    assert found.events == [
        Event(
            event_id="fd-2022",
            title="ZWK-Fachdiskurs 2022",
            series="ZWK-Fachdiskurs",
            aliases=("Arbeiten im Krisenmodus", "Zweiter Fachdiskurs"),
            kind="conference",
            city="Berlin",
            country="Deutschland",
            start_on="2022-11-24",
            end_on="2022-11-25",
            url="https://example.org/fd",
        ),
        Event(event_id="riesa-1", title="„Riesa reift“", start_on="2022-03"),
    ]


def test_a_table_of_talks_becomes_talks() -> None:
    text = (
        "talk_id,event_id,title,speakers,date,kind\n"
        "t1,fd,Krisenbewältigung,Prof. Dr. Wiltrud Terlau,2022-11-24,keynote\n"
        "t2,fd,,Lisa Paus; Sven Lehmann;,2022,greeting\n"
        "t3,fd,,,,panel\n"  # nothing is known of it but that there was one
    )

    found = parse_csv.parse(text, "talks.csv")

    assert found.problems == []
    assert found.talks == [
        Talk(
            talk_id="t1",
            event_id="fd",
            title="Krisenbewältigung",
            speakers=("Prof. Dr. Wiltrud Terlau",),
            held_on="2022-11-24",
            kind="keynote",
        ),
        Talk(
            talk_id="t2",
            event_id="fd",
            speakers=("Lisa Paus", "Sven Lehmann"),
            held_on="2022",
            kind="greeting",
        ),
        Talk(talk_id="t3", event_id="fd", kind="panel"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "title,event_id\nDüren,d\n",  # in another order
        'event_id;title\n"d";Düren\n',  # German Excel
        "event_id\ttitle\nd\tDüren\n",
        ' Event_ID ,"TITLE"\nd,Düren\n',
        "\r\nevent_id,title\r\n\r\nd,Düren\r\n,\r\n",  # blank lines, one as Excel leaves it
        "event_id,title,\nd,Düren,\n",  # a column without name and content
        "event_id,title,_note\nd,Düren,anrufen\n",  # a column of one's own
        "event_id,title\nd,  Du\u0308ren \n",  # a decomposed umlaut
    ],
)
def test_the_same_table_is_read_however_it_was_saved(text: str) -> None:
    found = parse_csv.parse(text, "events.csv")

    assert found.problems == []
    assert found.events == [Event(event_id="d", title="Düren")]


def test_semicolons_separate_aliases_in_a_table_of_semicolons_too() -> None:
    found = parse_csv.parse('event_id;title;aliases\nd;Düren;"a;b"\n', "events.csv")

    assert found.events == [Event(event_id="d", title="Düren", aliases=("a", "b"))]


def test_lines_are_counted_through_cells_that_hold_line_breaks() -> None:
    text = 'event_id,title,start_date\na,"Ein\nlanger\nTitel",2022\nb,B,2022-13\n'

    found = parse_csv.parse(text, "events.csv")

    assert [event.title for event in found.events] == ["Ein langer Titel"]
    assert found.problems[0].startswith("events.csv, line 5, start_date: '2022-13' is not")


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("24.11.2022", "2022-11-24"),
        ("24. 11. 2022", "2022-11-24"),
        ("24.11.22", "2022-11-24"),
        ("20221124", "2022-11-24"),
        ("2022-11-4", "2022-11-04"),
        ("2022-11-24 00:00:00", "2022-11-24"),
        ("24. November 2022", "2022-11-24"),
        ("März 2022", "2022-03"),
        ("03/2022", "2022-03"),
        ("11/24/2022", "it like 2022-11-24, 2022-11 or 2022"),  # who knows which is the month
        ("Sommer 2022", "it like 2022-11-24, 2022-11 or 2022"),
        ("2022-02-30", "it like 2022-11-24, 2022-11 or 2022"),
        ("2202-11-24", "it like 2022-11-24, 2022-11 or 2022"),  # a slip of the pen
        ("２０２２", "it like 2022-11-24, 2022-11 or 2022"),
    ],
)
def test_a_date_that_is_not_iso_is_told_with_what_to_write(written: str, remedy: str) -> None:
    assert problems(f"event_id,title,start_date\na,A,{written}\n") == [
        f"events.csv, line 2, start_date: {written!r} is not an ISO date; write {remedy}"
    ]


def test_every_problem_is_told_not_only_the_first() -> None:
    text = (
        "event_id,title,start_date\n"
        ",Ohne Kennung,2022\n"
        "a,,gestern\n"
        "b,B,2022\n"
        "b,Noch einmal,2022\n"
        "c,zu,viele,Zellen\n"
        "d\n"
        "e,\x01,2022\n"
    )

    found = parse_csv.parse(text, "events.csv")

    assert found.problems == [
        "events.csv, line 2, event_id: is missing; every event has an id",
        "events.csv, line 3, title: is missing; an event must have a title",
        "events.csv, line 3, start_date: 'gestern' is not an ISO date;"
        " write it like 2022-11-24, 2022-11 or 2022",
        "events.csv, line 5, event_id: 'b' is already in line 4",
        "events.csv, line 6: has 4 cells, and the first line has 3;"
        " put a cell that holds a comma in quotes",
        "events.csv, line 7: has 1 cells, and the first line has 3;"
        " the line is cut off, or a cell is missing",
        "events.csv, line 8, title: holds the control character U+0001, which is no text;"
        " take it out",
    ]
    assert [event.event_id for event in found.events] == ["b"]


def test_a_talk_needs_an_event_and_something_to_know_it_by() -> None:
    text = "talk_id,event_id,title,speakers,kind\n,fd,T,,\nt1,,T,,\nt2,fd,,;,\n"

    assert parse_csv.parse(text, "talks.csv").problems == [
        "talks.csv, line 2, talk_id: is missing; every talk has an id",
        "talks.csv, line 3, event_id: is missing; a talk belongs to an event",
        "talks.csv, line 4, title: is missing; a talk has a title, speakers or a kind",
    ]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("event_id,start_date", "title: this column is missing"),
        ("talk_id,title", "event_id: this column is missing"),
        ("event_id,title,title", "title: this column is there twice"),
        ("talk_id,event_id,speaker", "speaker: this column is not known; did you mean 'speakers'?"),
        ("event_id,title,Notiz", "notiz: this column is not known; known are event_id, title,"),
    ],
)
def test_columns_that_are_missing_or_misspelt_are_named(header: str, problem: str) -> None:
    [told] = problems(f"{header}\na,b,c\n")

    assert told.startswith(f"events.csv, line 1, {problem}")


def test_a_table_of_something_else_is_named_by_its_columns() -> None:
    [told] = problems("id,name\n1,x\n")

    assert told.startswith("events.csv, line 1: this is neither a table of events")
    assert told.endswith("its first line is: id, name")


def test_a_value_without_a_column_name_is_not_lost_in_silence() -> None:
    assert problems("event_id,title,\na,A,B\n") == [
        "events.csv, line 2: 'B' stands in a column that has no name"
    ]


def test_a_quote_that_is_never_closed_is_told_where_it_opens() -> None:
    assert problems('event_id,title\na,A\nb,"B\nc,C\n') == [
        "events.csv, line 3: a quote that opens here is never closed"
    ]


def test_a_quote_within_a_cell_is_told_with_the_remedy() -> None:
    [told] = problems('event_id,title\na,"Riesa" reift\n')

    assert told.startswith("events.csv, line 2: the quotes are not in order")
    assert told.endswith('"the ""new"" way"')


def test_what_contradicts_itself_is_left_out_and_said() -> None:
    text = (
        "event_id,title,start_date,end_date,url\n"
        "a,A,2019-10-19,2019-10-07,javascript:alert(1)\n"
        "b,B,,2022-11-25,https://example.org\n"
        "c,C,2022-11-24,2022-11,\n"  # a partial end is not before its own days
        "d,FÃ¼r alle,2022,,\n"
    )

    found = parse_csv.parse(text, "events.csv")

    assert found.problems == []
    assert [(event.start_on, event.end_on, event.url) for event in found.events] == [
        ("2019-10-19", None, None),
        (None, None, "https://example.org"),
        ("2022-11-24", "2022-11", None),
        ("2022", None, None),
    ]
    assert found.remarks == [
        "events.csv, line 2, end_date: 2019-10-07 is before start_date 2019-10-19;"
        " it is left out until one of them is put right",
        "events.csv, line 2, url: 'javascript:alert(1)' does not begin with https:// or http://;"
        " it is left out",
        "events.csv, line 3, end_date: 2022-11-25 stands without start_date; it is left out",
        "events.csv, line 5, title: 'FÃ¼r alle' looks garbled:"
        " it was once saved or opened in the wrong encoding",
    ]


def test_a_table_with_only_its_columns_is_in_order_and_holds_nothing() -> None:
    found = parse_csv.parse("event_id,title\n", "events.csv")

    assert (found.events, found.problems) == ([], [])


@pytest.mark.skipif(not BENCH.is_dir(), reason="no shared data")
def test_the_tables_of_the_benchmark_are_in_order() -> None:
    events = parse_csv.parse((BENCH / "events.csv").read_text(encoding="utf-8"), "events.csv")
    talks = parse_csv.parse((BENCH / "talks.csv").read_text(encoding="utf-8"), "talks.csv")

    assert events.problems == talks.problems == []
    assert (len(events.events), len(talks.talks)) == (671, 4623)


@given(st.text(st.sampled_from('ab,;\t"\n\r 2\0é\x85') | st.characters()))
def test_any_text_is_answered_with_records_or_problems(rest: str) -> None:
    for header in ("event_id,title\n", "talk_id;event_id;date\n", ""):
        parse_csv.parse(header + rest, "events.csv")
