"""The spreadsheet of the queue: there and back, cell by cell, and nothing written by half."""

import csv
import datetime as dt
import io
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from harvester.cli import cli
from harvester.errors import BadInput, ExtraMissing
from harvester.records import EventRecords, Link, Mark, NoEventReason, Outcome, Reason, Role
from harvester.review import acts, sheet_file, sheet_wishes, sheets
from harvester.review import sheet_words as words
from harvester.review.acts import Say
from harvester.review.sheet_wishes import Wishes
from harvester.review.sheets import Choice, Line, Row, Sheet
from harvester.store import reads_review, writes
from harvester.store.database import Database
from tests import build
from tests.linkings import end_run, linking, store

NOW = build.NOW
HOSTILE = [
    "=1+1",
    "+49 30",
    "-5 Tipps",
    "@home",
    "'=x",
    "''@",
    "\tx",
    'x;y,"z"\nw',
    "– 日本 🙂",
    "a\u2028b\x85c",
]

ROW = Row(
    video_id="v1",
    url="https://youtu.be/v1",
    title="Ein Titel",
    published_at=dt.datetime(2023, 11, 30, 8, tzinfo=dt.UTC),
    duration_s=5283,
    captions="flag_only_yes",
    reason="tie",
    choices=(
        Choice(
            event_id="e1",
            event="Tagung",
            date="2023-11-23",
            talk_id="t1",
            talk="Vortrag, Ada Beispiel",
            probability=0.954,
        ),
        Choice(event_id="e2", event="Barcamp", date="2022", talk_id=None, talk="", probability=0.3),
    ),
    version=3,
)


def there_and_back(file: Path, *rows: Row, language: words.Language = "en") -> Sheet:
    sheet_file.write(file, (sheets.cells(row, language) for row in rows), language=language)
    return sheet_file.read(file)


def decided(row: Row = ROW, **written: str) -> Wishes:
    """What a row says into which something was written."""
    cells = {
        key: "" if value is None else str(value) for key, value in sheets.cells(row, "en").items()
    }
    letters = {key: sheet_file._letter(n) for n, key in enumerate(words.HEADS)}
    sheet = Sheet(letters, [Line(2, cells | written)])
    return sheet_wishes.wishes(sheet, events={"e1", "e2", "e9"}, talks={"t1": "e1", "t9": "e9"})


# --- what may be written ----------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "role", "meant"),
    [
        ("1", "", [Link(event_id="e1", talk_id="t1")]),
        (" 2 ", "", [Link(event_id="e2")]),
        ("e9", "Teil", [Link(event_id="e9", role=Role.PART)]),
        ("t9", "excerpt", [Link(event_id="e9", talk_id="t9", role=Role.EXCERPT)]),
        ("1", "Weitere  Fassung", [Link(event_id="e1", talk_id="t1", role=Role.DUPLICATE)]),
    ],
)
def test_a_number_or_an_id_links(decision: str, role: str, meant: list[Link]) -> None:
    [wish] = decided(decision=decision.strip(), role=role, note="so ist es").wishes

    assert (wish.what, list(wish.links), wish.note, wish.seen) == ("match", meant, "so ist es", 3)


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (decision, reason)
        for reason, (english, german) in words.NO_EVENT.items()
        for decision in (f"none:{reason}", f"NONE {english}", f"Keine: {german}", f"keine:{reason}")
    ],
)
def test_no_event_is_said_with_a_reason_in_either_language(
    decision: str, reason: NoEventReason
) -> None:
    [wish] = decided(decision=decision).wishes

    assert (wish.what, wish.reason) == ("no_event", reason)


@pytest.mark.parametrize(
    ("decision", "what", "event_ids"),
    [
        ("later", "later", ()),
        ("Später", "later", ()),
        ("not 1", "reject", ("e1",)),
        ("nicht 2", "reject", ("e2",)),
        ("Not 1, 2", "reject", ("e1", "e2")),
    ],
)
def test_a_row_may_be_put_off_or_a_candidate_ruled_out(
    decision: str, what: str, event_ids: tuple[str, ...]
) -> None:
    [wish] = decided(decision=decision).wishes

    assert (wish.what, wish.event_ids) == (what, event_ids)


@pytest.mark.parametrize(
    ("written", "cell", "said"),
    [
        ({"decision": "3"}, "W2", "this row has no candidate 3"),
        ({"decision": "=1+1"}, "W2", "a formula is not taken; write what it gives"),
        ({"decision": "not 3"}, "W2", "this row has no candidate 3"),
        ({"decision": "e7"}, "W2", "“e7” is no number of a candidate"),
        ({"decision": "none"}, "W2", "“none” needs a reason: none:… with one of trailer, "),
        ({"decision": "none:weiß nicht"}, "W2", "“none:weiß nicht” names none of the reasons"),
        ({"decision": "later", "role": "part"}, "X2", "a role goes only with an event or a talk"),
        ({"decision": "1", "role": "half"}, "X2", "“half” is no role: full, part, excerpt, "),
        ({"decision": "1", "version": ""}, "AC2", "not as it was exported"),
        ({"decision": "1", "video_id": "v2"}, "A2", "not those that were exported"),
        ({"decision": "1", "event_id_1": "e2"}, "A2", "not those that were exported"),
        ({"decision": "1", "talk_id_1": ""}, "A2", "not those that were exported"),
    ],
)
def test_what_is_wrong_is_said_with_its_cell(
    written: Mapping[str, str], cell: str, said: str
) -> None:
    found = decided(ROW, **written)

    assert found.wishes == ()
    [trouble] = found.troubles
    assert str(trouble).startswith(f"{cell}: ")
    assert said in trouble.said


def test_a_formula_is_no_empty_cell(tmp_path: Path) -> None:
    file = tmp_path / "q.xlsx"
    there_and_back(file, ROW)
    book = openpyxl.load_workbook(file)
    book.worksheets[0]["W2"] = "=1+1"
    book.save(file)

    found = sheet_wishes.wishes(sheet_file.read(file), events={"e1"}, talks={"t1": "e1"})

    assert [str(each) for each in found.troubles] == [
        "W2: a formula is not taken; write what it gives"
    ]


def test_a_note_or_role_without_a_decision_is_passed_over_and_told() -> None:
    found = decided(role="part", note="Ana fragen")

    assert (found.wishes, found.troubles) == ((), ())
    assert [remark.said.partition(";")[0] for remark in found.remarks] == [
        "a role without a decision",
        "a note without a decision",
    ]


def test_two_rows_about_one_video_are_both_refused_each_naming_the_other(tmp_path: Path) -> None:
    sheet = there_and_back(tmp_path / "q.csv", ROW, ROW)
    lines = [
        Line(line.number, {**line.cells, "decision": text})
        for line, text in zip(sheet.lines, ("1", "later"), strict=True)
    ]

    found = sheet_wishes.wishes(sheet._replace(lines=lines), events={"e1"}, talks={"t1": "e1"})

    assert found.wishes == ()
    assert [str(trouble) for trouble in found.troubles] == [
        "W2: v1 is decided in W3, too",
        "W3: v1 is decided in W2, too",
    ]


# --- files ------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["xlsx", "csv", "CSV"])
@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("title", HOSTILE)
def test_a_text_comes_back_as_it_was(
    tmp_path: Path, ending: str, language: words.Language, title: str
) -> None:
    row = Row(**{**_fields(ROW), "title": title})

    sheet = there_and_back(tmp_path / f"q.{ending}", row, language=language)

    [line] = sheet.lines
    assert line.cells["title"].strip() == title.strip()
    assert (line.number, line.cells["video_id"], line.cells["decision"]) == (2, "v1", "")
    assert line.cells["published"] == "2023-11-30"
    assert (line.cells["date_1"], line.cells["date_2"]) == ("2023-11-23", "2022")
    assert line.cells["length"] == "1:28:03"


def _fields(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Row.__dataclass_fields__}


@pytest.mark.parametrize("title", HOSTILE[:4])
def test_no_title_becomes_a_formula(tmp_path: Path, title: str) -> None:
    row = Row(**{**_fields(ROW), "title": title})
    for ending in ("xlsx", "csv"):
        there_and_back(tmp_path / f"q.{ending}", row)

    [_, found] = openpyxl.load_workbook(tmp_path / "q.xlsx")["Queue"].iter_rows()
    [_, cells] = csv.reader(io.StringIO((tmp_path / "q.csv").read_text("utf-8-sig")))

    assert (found[2].data_type, found[2].value) == ("s", title)
    assert cells[2] == f"'{title}"


@given(st.text(max_size=20))
def test_any_text_is_guarded_in_csv_and_comes_back(text: str) -> None:
    guarded = sheet_file._plain(text)

    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert sheet_file._unguarded(guarded) == text


@pytest.mark.parametrize("number", [1, 1.0, "1", " 1 "])
def test_a_number_is_a_number_however_it_was_typed(tmp_path: Path, number: object) -> None:
    file = tmp_path / "q.xlsx"
    there_and_back(file, ROW)
    book = openpyxl.load_workbook(file)
    book.worksheets[0]["W2"].value = number
    book.save(file)

    [wish] = sheet_wishes.wishes(sheet_file.read(file), events={"e1"}, talks={"t1": "e1"}).wishes

    assert wish.links == (Link(event_id="e1", talk_id="t1"),)


def test_a_control_character_in_a_title_does_not_break_the_file(tmp_path: Path) -> None:
    row = Row(**{**_fields(ROW), "title": "a\x00b\x0bc" + "x" * 40_000})

    [line] = there_and_back(tmp_path / "q.xlsx", row).lines

    assert line.cells["title"].startswith("abcx")
    assert len(line.cells["title"]) == 32_767


@pytest.mark.parametrize(
    ("language", "sheet", "head", "date"),
    [
        ("en", "Queue", "decision", "yyyy-mm-dd"),
        ("de", "Offen", "Entscheidung", "dd.mm.yyyy"),
    ],
)
def test_the_workbook_is_one_to_work_in(
    tmp_path: Path, language: words.Language, sheet: str, head: str, date: str
) -> None:
    there_and_back(tmp_path / "q.xlsx", ROW, language=language)

    book = openpyxl.load_workbook(tmp_path / "q.xlsx")
    queue, guide = book.worksheets
    by_head = {cell.value: cell for cell in queue[1]}
    first = {cell.value: queue.cell(2, cell.column) for cell in queue[1]}
    letter = by_head[head].column_letter
    assert (queue.title, queue.freeze_panes) == (sheet, "A2")
    assert [first[words.HEADS["published"][words.LANGUAGES.index(language)]].number_format] == [
        date
    ]
    assert first[head].number_format == "@"  # "2023-11" stays what it is
    assert queue["B2"].hyperlink is not None
    assert queue["B2"].hyperlink.target == "https://youtu.be/v1"
    hidden = {key for key, d in queue.column_dimensions.items() if d.hidden}
    assert {queue[f"{key}1"].value for key in hidden} == {
        words.said(words.HEADS[key], language) for key in words.HIDDEN
    }
    [listed] = [each for each in queue.data_validations.dataValidation if letter in str(each.sqref)]
    _, _, cells = str(listed.formula1).partition("!")
    values = [row[0].value for row in guide[cells.replace("$", "")]]
    assert values == [value for value, _ in words.decisions(language)]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_value_of_the_lists_is_understood(language: words.Language) -> None:
    three = Row(**{**_fields(ROW), "choices": (*ROW.choices, ROW.choices[0])})
    for decision, _ in words.decisions(language):
        assert decided(three, decision=decision).troubles == ()
    for role, _ in words.roles(language):
        assert decided(decision="1", role=role).troubles == ()


def test_the_words_of_the_sheet_cover_the_closed_lists() -> None:
    assert words.REASONS.keys() == set(Reason)
    assert words.ROLES.keys() == words.IS_ROLE.keys() == set(Role)
    assert words.NO_EVENT.keys() == words.IS_NO_EVENT.keys() == set(NoEventReason)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a sheet of `harvester review export`"),
        (b"video_id,title\nv1,x\n", "not a sheet of `harvester review export`"),
        ("video id;decision;version\nv1;Käse;".encode("latin-1"), "not in UTF-8"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "q.csv").write_bytes(content)

    with pytest.raises(BadInput, match=said):
        sheet_file.read(tmp_path / "q.csv")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"<html>"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "q.xlsx").write_bytes(content)

    with pytest.raises(BadInput, match="not a spreadsheet that can be read"):
        sheet_file.read(tmp_path / "q.xlsx")


def test_columns_may_be_moved_and_lines_stand_above_the_header(tmp_path: Path) -> None:
    made = list(words.HEADS)
    cells = {k: "" if v is None else str(v) for k, v in sheets.cells(ROW, "de").items()}
    cells["decision"] = "2"
    keys = ["decision", *(key for key in made if key != "decision")]
    lines = [["Bitte bis Freitag"], [], [words.HEADS[key][1].upper() for key in keys]]
    lines.append([cells.get(key, "") for key in keys])
    with (tmp_path / "q.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(lines)

    sheet = sheet_file.read(tmp_path / "q.csv")
    [wish] = sheet_wishes.wishes(sheet, events={"e1", "e2"}, talks={}).wishes

    assert (wish.cell, wish.links) == ("A4", (Link(event_id="e2"),))


def test_a_missing_extra_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.delitem(sys.modules, "harvester.review.sheet_xlsx", raising=False)
    monkeypatch.delattr("harvester.review.sheet_xlsx", raising=False)

    with pytest.raises(ExtraMissing, match=r"pip install 'zwk-harvester\[xlsx\]'"):
        sheet_file.write(tmp_path / "q.xlsx", [], language="en")


# --- from the database and back ---------------------------------------------------

Shell = Callable[..., Result]


@pytest.fixture
def shell(filled: Database) -> Shell:
    """Runs `review export` and `review import` on the filled database."""

    def run(*arguments: str, typed: str | None = None) -> Result:
        whole = ["--database", filled.url, "review", *arguments]
        return CliRunner().invoke(cli, whole, input=typed)

    return run


@pytest.fixture
def filled(database: Database, run_id: int) -> Database:
    """Four videos wait; e1 with t1 is the best candidate of each, e2 the second."""
    videos = [build.video(f"v{n}", title=f"=Titel {n}") for n in (1, 2, 3, 4)]
    records = EventRecords(
        "zwk.yaml",
        events=(build.event("e1", start_on="2023-11-23"), build.event("e2", start_on="2022")),
        talks=(build.talk("t1", "e1"), build.talk("t2", "e2")),
    )
    with database.write() as session:
        writes.save_channel(session, build.channel(), asked_for="@test", now=NOW)
        writes.save_videos(session, videos, now=NOW, run_id=run_id)
        writes.save_event_records(session, records, now=NOW)
    store(database, run_id, *(linking(f"v{n}") for n in (1, 2, 3, 4)))
    end_run(database, run_id, matched=0, to_review=4)
    return database


def write_decisions(file: Path, **decisions: str) -> None:
    """Write into a sheet what an editor would; "v1_role" is the role of v1."""
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        sheet = book.worksheets[0]
        heads = {str(cell.value): cell.column for cell in sheet[1]}
        for cells in sheet.iter_rows(min_row=2):
            for key in ("decision", "role", "note"):
                name = f"{cells[0].value}{'' if key == 'decision' else f'_{key}'}"
                if name in decisions:
                    sheet.cell(cells[0].row, heads[key]).value = decisions[name]
        book.save(file)
        return
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    for row in rows[1:]:
        for key in ("decision", "role", "note"):
            name = f"{row[0]}{'' if key == 'decision' else f'_{key}'}"
            row[rows[0].index(key)] = decisions.get(name, "")
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(rows)


def standing(database: Database) -> dict[str, Any]:
    with database.read() as session:
        found = reads_review.standing(session, ["v1", "v2", "v3", "v4"])
        return {
            video_id: (now.verdict, now.reason, [(li.event_id, li.talk_id) for li in now.links])
            for video_id, now in found.items()
        }


OPEN: tuple[None, None, list[Any]] = (None, None, [])


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_decisions_go_out_and_come_back_as_one_act(
    filled: Database, shell: Shell, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / f"queue.{ending}"

    out = shell("export", str(file))
    write_decisions(file, v1="1", v1_note="gut", v2="none:trailer", v3="not 1", v4="later")
    back = shell("import", str(file), "--yes", "--as", "Ana Beispiel")

    assert out.output.startswith(f"{file}: 4 videos.")
    assert back.exit_code == 0, back.output
    assert "4 rows. To be written: 1 linked, 1 of no event, 1 not this candidate, 1 put off." in (
        back.output
    )
    assert standing(filled) == {
        "v1": ("match", None, [("e1", "t1")]),
        "v2": ("no_event", "trailer", []),
        "v3": OPEN,
        "v4": OPEN,
    }
    with filled.read() as session:
        assert reads_review.marks_of(session, ["v3"])["v3"] == [(Mark.REJECTED, "e1")]
        assert reads_review.marks_of(session, ["v4"])["v4"] == [(Mark.LATER, None)]
        [act] = reads_review.acts(session)
    assert (act.kind, act.editor, act.video_count) == ("import", "Ana Beispiel", 4)

    acts.undo(filled, editor="Ana Beispiel", now=NOW)

    assert set(map(str, standing(filled).values())) == {str(OPEN)}


def test_the_same_file_twice_changes_nothing_the_second_time(
    filled: Database, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "queue.csv"
    shell("export", str(file))
    write_decisions(file, v1="1", v2="none:trailer", v3="not 1", v4="later")
    shell("import", str(file), "--yes")

    again = shell("import", str(file), "--yes")

    assert again.exit_code == 0, again.output
    assert "4 say what has been said already" in again.output
    assert again.output.endswith("Nothing was written.\n")
    with filled.read() as session:
        assert len(reads_review.acts(session)) == 1


def test_a_file_can_be_taken_in_again_after_its_import_was_undone(
    filled: Database, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "queue.csv"
    shell("export", str(file))
    write_decisions(file, v1="2", v2="none:trailer", v3="not 1", v4="later")
    shell("import", str(file), "--yes", "--as", "ana")
    acts.undo(filled, editor="ana", now=NOW)
    write_decisions(file, v1="1", v2="none:trailer", v3="not 1", v4="later")

    again = shell("import", str(file), "--yes", "--as", "ana")

    assert again.exit_code == 0, again.output
    assert standing(filled)["v1"] == ("match", None, [("e1", "t1")])
    with filled.read() as session:
        assert reads_review.acts(session)[0].video_count == 4


def test_what_a_rule_linked_meanwhile_is_named_too(
    filled: Database, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "queue.csv"
    shell("export", str(file))
    write_decisions(file, v1="2")
    with filled.write() as session:
        run_id = writes.start_run(session, command="link", holder="process 2", now=NOW)
    store(filled, run_id, linking("v1", Link(event_id="e1", talk_id="t1")))

    refused = shell("import", str(file), "--yes")

    assert refused.exit_code == 65
    assert "rule:m1 has decided “match” with t1 meanwhile" in refused.output


def test_a_file_with_a_bad_row_is_refused_as_a_whole_unless_told_otherwise(
    filled: Database, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "queue.csv"
    shell("export", str(file))
    write_decisions(file, v1="2", v2="9", v3="none")

    refused = shell("import", str(file), "--yes")

    assert refused.exit_code == 65
    assert standing(filled)["v1"] == OPEN

    taken = shell("import", str(file), "--yes", "--skip-bad")

    assert taken.exit_code == 0, taken.output
    rows = {row[0]: n for n, row in enumerate(_rows(file), start=1)}
    assert f"left out: W{rows['v2']}: “9” is no number" in taken.output
    assert f"left out: W{rows['v3']}: “none” needs a reason" in taken.output
    assert standing(filled)["v1"] == ("match", None, [("e2", None)])


def _rows(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))


def test_what_somebody_else_decided_meanwhile_is_named_and_not_overwritten(
    filled: Database, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "queue.csv"
    shell("export", str(file))
    write_decisions(file, v1="1", v2="2")
    bo = Say(video_id="v1", what="no_event", reason=NoEventReason.OTHER)
    acts.say(filled, [bo], editor="Bo Muster", now=NOW)

    refused = shell("import", str(file), "--yes", "--skip-bad")

    assert "Bo Muster has decided “no_event” meanwhile" in refused.output
    assert standing(filled)["v1"] == ("no_event", "other", [])
    assert standing(filled)["v2"] == ("match", None, [("e2", None)])


def test_two_rows_that_want_the_same_talk_are_both_named(
    filled: Database, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "queue.csv"
    shell("export", str(file))
    write_decisions(file, v1="1", v2="1", v3="1", v3_role="duplicate")
    rows = {row[0]: n for n, row in enumerate(_rows(file), start=1)}

    found = shell("import", str(file), "--yes", "--skip-bad")

    for video_id in ("v1", "v2"):
        assert f"left out: W{rows[video_id]}: " in found.output
        assert standing(filled)[video_id] == OPEN
    assert standing(filled)["v3"] == ("match", None, [("e1", "t1")])


def test_a_number_means_the_candidate_of_the_sheet_whatever_was_linked_since(
    filled: Database, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "queue.csv"
    shell("export", str(file))
    write_decisions(file, v1="1")
    with filled.write() as session:
        run_id = writes.start_run(session, command="link", holder="process 2", now=NOW)
    found = linking("v1", outcome=Outcome.REVIEW)
    turned = tuple(reversed(found.candidates))
    store(filled, run_id, linking("v1", candidates=_ranked(turned)))

    result = shell("import", str(file), "--yes")

    assert result.exit_code == 0, result.output
    assert standing(filled)["v1"] == ("match", None, [("e1", "t1")])


def _ranked(candidates: Any) -> Any:
    from dataclasses import replace

    return tuple(replace(each, rank=n) for n, each in enumerate(candidates, start=1))


@pytest.mark.parametrize("option", ["--pretend", None])
def test_nothing_is_written_to_look_or_when_nobody_can_be_asked(
    filled: Database, shell: Shell, tmp_path: Path, option: str | None
) -> None:
    file = tmp_path / "queue.csv"
    shell("export", str(file))
    write_decisions(file, v1="1")

    result = shell("import", str(file), *([option] if option else []), typed="y\n")

    assert result.exit_code == (0 if option else 64)
    assert "1 linked" in result.output
    assert standing(filled)["v1"] == OPEN


def test_put_off_and_ruled_out_is_not_in_the_next_sheet(
    filled: Database, shell: Shell, tmp_path: Path
) -> None:
    said = [Say(video_id="v1", what="later"), Say(video_id="v2", what="reject", event_ids=("e1",))]
    acts.say(filled, said, editor="ana", now=NOW)

    shell("export", str(tmp_path / "q.csv"))

    found = {row[0]: row for row in _rows(tmp_path / "q.csv")[1:]}
    assert found.keys() == {"v2", "v3", "v4"}
    assert (found["v2"][7], found["v3"][7]) == ("e2", "e1")


def test_a_filter_and_a_limit_say_how_much_is_left_out(
    filled: Database, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "q.csv"

    result = shell("export", str(file), "--filter", "?q=titel+3")
    limited = shell("export", str(file), "--limit", "2", "--overwrite")

    assert result.output.startswith(f"{file}: 1 videos.")
    assert limited.output.startswith(f"{file}: 2 of 4 videos.")


def test_a_sheet_with_decisions_in_it_is_not_overwritten(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "q.csv"
    shell("export", str(file))
    write_decisions(file, v1="1")
    before = file.read_bytes()

    result = shell("export", str(file))

    assert result.exit_code == 73
    assert "is there already, perhaps with decisions in it" in result.stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize(("name", "code"), [("q.ods", 64), ("q", 64), ("no/folder/q.csv", 64)])
def test_a_file_that_cannot_be_is_told_at_once(
    shell: Shell, tmp_path: Path, name: str, code: int
) -> None:
    assert shell("export", str(tmp_path / name)).exit_code == code
