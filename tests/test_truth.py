"""Truth files: what is known of each video, and what is wrong in which line."""

import pytest

from harvester.errors import BadInput
from harvester.linkage.truth import parse
from harvester.records import Label


def test_two_columns_are_enough_and_an_empty_event_is_one_not_on_record() -> None:
    labels = parse("video_id,event_id\na,e1\nb,\n", "truth.csv")

    assert labels == (
        Label(video_id="a", event_ids=frozenset({"e1"}), counts_for_talk=False),
        Label(video_id="b", event_ids=frozenset(), counts_for_talk=False),
    )


def test_a_talk_is_measured_where_one_is_named_or_no_event_is_on_record() -> None:
    labels = parse("video_id,event_id,talk_id\na,e1,t1\nb,e1,\nc,,\n", "truth.csv")

    assert [(label.talk_ids, label.counts_for_talk) for label in labels] == [
        ({"t1"}, True),
        (frozenset(), False),
        (frozenset(), True),
    ]


def test_all_columns_of_the_benchmark_are_understood() -> None:
    [label] = parse(
        "video_id,domain,language,event_id,talk_id,alt_talk_ids,negative,t1_eval,t2_eval,multi,"
        "title_identical,talk_title_in_raw,series_id,withheld_event_id\n"
        "a,ruby,pt-BR,e1,t1,t2|t3,,1,0,1,0,1,s1,\n",
        "truth.csv",
    )

    assert label == Label(
        video_id="a",
        event_ids=frozenset({"e1"}),
        talk_ids=frozenset({"t1", "t2", "t3"}),
        counts_for_talk=False,
        series="s1",
        language="pt",
    )


def test_a_file_of_german_excel_is_read() -> None:
    [label] = parse('video_id;event_id;talk_id\r\n"a";e1;t1\r\n', "truth.csv")

    assert label.event_ids == {"e1"}
    assert label.talk_ids == {"t1"}


def test_several_lines_of_a_video_are_all_right() -> None:
    [label] = parse("video_id,event_id,talk_id\na,e1,t1\na,e1,t2\n", "truth.csv")

    assert label.talk_ids == {"t1", "t2"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("video_id,talk_id\na,t1\n", "truth.csv, line 1: the column event_id is missing"),
        ("video_id,event_id,event_id\na,e,e\n", "line 1: the column event_id is there twice"),
        ("video_id,event_id,talk_ids\na,e,t\n", "talk_ids is not known; is talk_id meant?"),
        ("video_id,event_id\na,e1\n,e2\n", "truth.csv, line 3, video_id: is empty"),
        ("video_id,event_id\na,e1,x\n", "line 2: has 3 cells, and the first line has 2"),
        ("video_id,event_id,t1_eval\na,e1,ja\n", "line 2, t1_eval: 'ja' is neither"),
        ("video_id,event_id,negative\na,e1,withheld\n", "line 2, negative: 'withheld' says"),
        ("video_id,event_id,talk_id\na,,t1\n", "line 2, event_id: is empty, but a talk is named"),
        ("video_id,event_id\na,e1\na,\n", "line 3, video_id: a is there twice"),
        ('video_id,event_id\na,"e1\n', "line 2: the quotes are not in order"),
        ("video_id,event_id\n", "truth.csv: holds no video"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text, "truth.csv")

    assert said in str(caught.value)
    assert caught.value.exit_code == 65


def test_all_wrong_lines_are_told_at_once_but_no_flood_of_them() -> None:
    with pytest.raises(BadInput) as caught:
        parse("video_id,event_id\n" + ",e1\n" * 30, "truth.csv")

    assert len(caught.value.problems) == 21
    assert caught.value.problems[-1] == "truth.csv: and 10 more lines"
