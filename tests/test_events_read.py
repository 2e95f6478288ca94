"""What a user names, read as text; and what is said where that cannot be."""

from pathlib import Path

import pytest

from harvester.errors import BadInput
from harvester.events.read import Kind, read, source_of

EVENTS = "event_id,title\nfd-2022,ZWK-Fachdiskurs 2022\n"
YAML = "# Unsere Termine\nevents:\n  - {id: fd-2022, title: ZWK-Fachdiskurs 2022}\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("events.csv", EVENTS, Kind.CSV),
        ("zwk.yaml", YAML, Kind.YAML),
        ("zwk.yml", "---\n" + YAML, Kind.YAML),
        ("termine.txt", EVENTS, Kind.CSV),  # known by its columns
        ("termine", "Title;EVENT_ID\n", Kind.CSV),
        ("termine.txt", YAML, Kind.YAML),
        ("events.yaml", EVENTS, Kind.CSV),  # what it holds outdoes how it is called
        ("odd.csv", "id,name\n1,x\n", Kind.CSV),  # the parser says what its columns must be
    ],
)
def test_a_form_is_known_by_its_content_and_then_by_its_name(
    name: str, text: str, kind: Kind
) -> None:
    Path(name).write_text(text, encoding="utf-8")

    assert read(name).kind is kind


def test_a_document_says_what_the_user_wrote_and_where_the_file_lies(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")

    document = read("./events.csv")

    assert document.name == "./events.csv"
    assert document.source == str(tmp_path / "events.csv")
    assert document.text == EVENTS


def test_a_file_is_the_same_source_whichever_way_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()

    ways = ["events.csv", "sub/../events.csv", str(tmp_path / "events.csv")]

    assert len({source_of(way) for way in ways}) == 1


def test_a_link_stays_the_same_source_when_it_leads_elsewhere(tmp_path: Path) -> None:
    for release in ("1", "2"):
        (tmp_path / release).mkdir()
    current = tmp_path / "current"
    current.symlink_to("1")
    before = source_of("current/events.csv")

    current.unlink()
    current.symlink_to("2")

    assert source_of("current/events.csv") == before


def test_zwk_means_the_packaged_records() -> None:
    document = read("zwk")

    assert (document.source, document.name, document.kind) == ("zwk", "zwk", Kind.YAML)
    assert "id: zwk-fachdiskurs-2022" in document.text


def test_a_file_called_zwk_outdoes_the_packaged_records(tmp_path: Path) -> None:
    Path("zwk").write_text(EVENTS, encoding="utf-8")

    assert read("zwk").text == EVENTS
    assert read("zwk").source == str(tmp_path / "zwk")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_umlauts_come_through_with_and_without_a_byte_order_mark(encoding: str) -> None:
    Path("events.csv").write_text("event_id,title\nd,Düren\n", encoding=encoding)

    assert read("events.csv").text == "event_id,title\nd,Düren\n"


def test_a_file_in_windows_1252_is_refused_with_line_and_remedy() -> None:
    Path("events.csv").write_text("event_id,title\na,Riesa\nd,Düren\n", encoding="cp1252")

    with pytest.raises(BadInput) as refused:
        read("events.csv")

    assert refused.value.problems == (
        "events.csv, line 3: is not UTF-8 (byte 0xFC, 'ü' in Windows-1252);"
        " save it as 'CSV UTF-8' in Excel, or as UTF-8 in an editor",
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n\n", "is empty"),
        ("event_id,title\n".encode("utf-16"), "is in UTF-16; save it as 'CSV UTF-8'"),
        (b"PK\x03\x04rest", "is a workbook or an archive; save the table as 'CSV UTF-8'"),
        (b"BEGIN:VCALENDAR\r\n", "is iCalendar, which is not read yet"),
        (b'{"events": []}', "is JSON, which is not read yet"),
        (b"<!doctype html>", "is XML or a web page, which is not read yet"),
        (b"Liebe Kolleginnen\n", "is neither CSV .* it begins with 'Liebe Kolleginnen'"),
    ],
)
def test_what_is_no_file_of_event_records_is_named(content: bytes, what: str) -> None:
    Path("something").write_bytes(content)

    with pytest.raises(BadInput, match=f"^something: {what}"):
        read("something")


def test_a_missing_file_is_told_with_the_place_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read("event.csv")

    expected = f"event.csv: there is no such file (looked for {tmp_path / 'event.csv'})"
    assert str(refused.value) == expected


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (".", "is a folder"),
        ("a\0b", "cannot be read"),
        ("https://example.org/termine.ics", "addresses are not read yet; download it first"),
        ("HTTP://example.org/", "addresses are not read yet"),
    ],
)
def test_what_is_no_file_at_all_is_bad_input(name: str, what: str) -> None:
    with pytest.raises(BadInput, match=what):
        read(name)
