"""`harvester evaluate`: what is measured, by whose labels, and what people read of it."""

import json
import sys
from pathlib import Path

import pytest

from harvester import evaluate as evaluation
from harvester.errors import BadInput, ExtraMissing
from harvester.evaluate import evaluate
from harvester.labels import folds
from harvester.linkage.judging import Grade, Task
from harvester.linkage.measures import FIGURES, Measured, share
from harvester.linkage.model import FIELDS
from harvester.records import Label, Link
from harvester.show_tuning import NAMES, resting_on
from harvester.store import reads_labels
from harvester.store.database import Database
from tests import labelled
from tests.labelled import filled, shell, truth
from tests.linkings import edit, linking, store
from tests.zwk_linking import MODEL

__all__ = ["filled", "shell", "truth"]


def test_the_model_is_measured_as_it_is_and_out_of_fold(filled: Database, truth: str) -> None:
    found = evaluate(truth, database=filled, model=MODEL)

    assert list(found.ways) == ["in force", "series", "language"]
    assert [way.folds for way in found.ways.values()] == [0, 5, 2]
    for way in found.ways.values():
        measured = way.measured[Task.EVENT]
        assert (measured.videos, measured.with_event) == (48, 24)
        assert way.linkings.keys() >= {label.video_id for label in labelled.labels()}
    assert found.ways["in force"].measured[Task.EVENT].figures["precision"].value == 1.0


def test_out_of_fold_a_video_is_judged_by_weights_that_know_nothing_of_its_series(
    filled: Database, truth: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {label.video_id: label.series for label in labelled.labels()}
    given = labelled.labels()

    held_out = folds(given, "series")

    assert sorted(video for fold in held_out for video in fold) == sorted(known)
    for fold in held_out:
        others = {series for video, series in known.items() if video not in fold}
        assert not others & {known[video] for video in fold}


def test_the_same_labels_have_the_same_figures(filled: Database, truth: str) -> None:
    first, again = (
        evaluation.as_json(evaluate(truth, database=filled, model=MODEL)) for _ in range(2)
    )

    assert first == again


def test_unknown_records_are_told_and_never_silently_dropped(
    filled: Database, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(
        "video_id,event_id,talk_id\n"
        "no-such,musterhausen-2021,\n"
        "whole-00,no-such-event,\n"
        "talk-00,musterhausen-2021,no-such-talk\n"
        "whole-02,seestadt-2021,\n",
        encoding="utf-8",
    )

    found = evaluate(str(file), database=filled, model=MODEL, folds=())

    assert found.material.left_out == (
        "1 video left out: no such video on record, or it is gone (no-such)",
        "1 video left out: no such event on record (no-such-event)",
        "1 video measured without its talk: no such talk on record (no-such-talk)",
    )
    assert [label.video_id for label in found.material.labels] == ["talk-00", "whole-02"]
    assert found.ways["in force"].measured[Task.TALK].videos == 0


def test_a_label_takes_series_and_language_from_the_records(
    filled: Database, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text("video_id,event_id\nwhole-00,musterhausen-2021\nnone-00,\n", encoding="utf-8")

    found = evaluate(str(file), database=filled, model=MODEL, folds=())

    assert [label.series for label in found.material.labels] == [
        "Musterhausener Zukunftsforum",
        "video none-00",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("video_id,event_id\nno-such,\n", "nothing in it can be measured: 1 video left out"),
        ("video,event_id\na,b\n", "line 1: the column video_id is missing"),
        ("events:\n  - event_id: a\n", "a truth file is CSV"),
    ],
)
def test_a_file_that_cannot_be_used_is_bad_input(
    filled: Database, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "own"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(BadInput, match=said):
        evaluate(str(file), database=filled, model=MODEL)


def test_addresses_of_videos_are_taken_for_their_ids(filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(
        "video_id,event_id\n"
        "https://youtu.be/whole-00?t=5,musterhausen-2021\n"
        "https://www.youtube.com/watch?v=whole-02&list=x,seestadt-2021\n"
        "https://vimeo.com/1234,seestadt-2021\n",
        encoding="utf-8",
    )

    found = evaluate(str(file), database=filled, model=MODEL, folds=())

    assert [label.video_id for label in found.material.labels] == ["whole-00", "whole-02"]
    assert found.material.left_out == (
        "1 video left out: no such video on record, or it is gone (https://vimeo.com/1234)",
    )


def test_a_video_named_by_address_and_by_id_is_one_and_each_of_its_events_is_right(
    filled: Database, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(
        "video_id,event_id\nhttps://youtu.be/whole-00,seestadt-2021\nwhole-00,musterhausen-2021\n",
        encoding="utf-8",
    )

    found = evaluate(str(file), database=filled, model=MODEL, folds=())

    assert [label.event_ids for label in found.material.labels] == [
        {"musterhausen-2021", "seestadt-2021"}
    ]
    assert found.errors() == []


# --- the editors' own decisions -----------------------------------------------------


def test_decisions_of_editors_are_labels_and_those_of_rules_never(
    database: Database, run_id: int
) -> None:
    labelled.fill(database)
    store(database, run_id, linking("none-01", Link(event_id="seestadt-2021"), candidates=()))
    whole = Link(event_id="musterhausen-2021")
    talk = Link(event_id="musterhausen-2021", talk_id="musterhausen-2021-0")
    edit(database, "whole-00", "match", whole)
    edit(database, "talk-00", "match", talk, whole)
    edit(database, "none-00", "no_event")
    edit(database, "whole-01", "match", whole)
    edit(database, "whole-01", "open")

    with database.read() as session:
        found = reads_labels.editor_labels(session)

    event_ids = frozenset({"musterhausen-2021"})
    assert found == [
        Label(video_id="none-00", event_ids=frozenset()),
        Label(video_id="talk-00", event_ids=event_ids, talk_ids=frozenset({"musterhausen-2021-0"})),
        Label(video_id="whole-00", event_ids=event_ids),
    ]


def test_what_editors_decided_is_measured_as_if_they_had_not(filled: Database) -> None:
    edit(filled, "whole-00", "match", Link(event_id="musterhausen-2021"))
    edit(filled, "none-00", "no_event")

    found = evaluate("decisions", database=filled, model=MODEL, folds=())

    assert found.material.source == "decisions"
    assert set(found.ways["in force"].linkings) >= {"whole-00", "none-00"}
    assert found.errors() == []


def test_without_any_decision_the_remedy_is_told(filled: Database) -> None:
    with pytest.raises(BadInput, match="no editor has decided anything yet: name a truth file"):
        evaluate("decisions", database=filled, model=MODEL)


# --- folds and the extra --------------------------------------------------------


def test_without_the_extra_the_model_is_measured_as_it_is_and_the_rest_is_told(
    filled: Database, truth: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.model_selection", None)

    found = evaluate(truth, database=filled, model=MODEL)

    assert list(found.ways) == ["in force"]
    assert all("pip install 'zwk-harvester[train]'" in reason for reason in found.not_measured)
    with pytest.raises(ExtraMissing, match=r"pip install 'zwk-harvester\[train\]'"):
        evaluate(truth, database=filled, model=MODEL, folds=("series",))


def test_one_group_cannot_be_judged_by_others(filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("video_id,event_id\nwhole-00,musterhausen-2021\n", encoding="utf-8")

    found = evaluate(str(file), database=filled, model=MODEL)

    assert found.not_measured == (
        "out of fold by series: needs two groups, and all is of one series",
        "out of fold by language: needs two groups, and all is of one language",
    )


def test_videos_that_nothing_is_like_teach_nothing_and_are_measured(
    filled: Database, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text("video_id,event_id\nnone-00,\nnone-01,\n", encoding="utf-8")

    found = evaluate(str(file), database=filled, model=MODEL)

    assert found.ways["series"].measured[Task.EVENT].figures["answered_without_event"].value == 0
    assert found.errors() == []


# --- ablation and errors --------------------------------------------------------


def test_every_field_is_of_one_kind_of_evidence() -> None:
    fields = [name for names in evaluation.kinds().values() for name in names]

    assert sorted(fields) == sorted(FIELDS)


def test_silenced_evidence_weighs_nothing() -> None:
    silent = evaluation.silenced(MODEL, ("year", "number"))

    assert set(silent.weights["year"].values()) == {0.0}
    assert silent.weights["event_name"] == MODEL.weights["event_name"]


def test_wrong_ones_come_first_likeliest_first_and_then_what_was_lost(
    filled: Database, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(
        "video_id,event_id\n"
        "none-00,musterhausen-2021\n"  # lost, since nothing speaks for it
        "whole-00,\n"  # wrong, since much speaks for its event
        "whole-02,seestadt-2021\n",
        encoding="utf-8",
    )

    found = evaluate(str(file), database=filled, model=MODEL, folds=())

    assert [(each.label.video_id, each.grade) for each in found.errors()] == [
        ("whole-00", Grade.LINKED_WRONG),
        ("none-00", Grade.MISSED),
    ]


# --- the command ----------------------------------------------------------------


def test_every_figure_is_put_into_words() -> None:
    assert tuple(NAMES) == FIGURES


def test_the_command_prints_tables_and_writes_all_of_it_as_json(
    shell: labelled.Shell, tmp_path: Path
) -> None:
    result = shell("evaluate", shell.truth, "--json", str(tmp_path / "all.json"))

    assert result.exit_code == 0, result.output
    assert (
        "truth.csv: 48 labelled videos, of them 24 without their event on record" in result.stdout
    )
    assert "Video → event: 48 videos, for 24 of which something on record is right" in result.stdout
    assert "out of fold by series" in result.stdout
    assert "The same by language" in result.stdout
    written = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert set(written["measured"]) == {"in force", "series", "language"}
    assert set(FIGURES) <= written["measured"]["series"]["event"].keys()
    assert written["measured"]["in force"]["event"]["links_by_rule"] == 24
    assert len(written["truth_sha256"]) == 64
    assert written["measured"]["series"]["by_series"].keys() == {
        label.series for label in labelled.labels()
    }


def test_it_is_told_how_little_few_links_show(shell: labelled.Shell) -> None:
    said = " ".join(shell("evaluate", shell.truth).stdout.split())

    assert (
        "The figures rest on 24 links by rule: by these, its precision may be as low as 86.2"
        in said
    )
    assert said.count("some 600 links without an error are needed") == 1


@pytest.mark.parametrize(
    ("videos", "by_rule", "said"),
    [
        (700, 600, None),
        (700, 0, "nothing here tells how precise it is"),
        (0, 0, None),  # nothing is measured
        (1, 1, "1 link by rule: by these, its precision may be as low as 20.7 %"),
    ],
)
def test_many_links_speak_for_themselves_and_none_for_nothing(
    videos: int, by_rule: int, said: str | None
) -> None:
    right = share(by_rule, by_rule)
    measured = Measured(videos, videos, by_rule, None, {"precision_by_rule": right})

    found = resting_on(measured)

    assert (said in (found or "")) if said else found is None


def test_the_ablation_tells_how_the_figures_change_without_each_kind(
    shell: labelled.Shell, tmp_path: Path
) -> None:
    file = tmp_path / "all.json"

    result = shell("evaluate", shell.truth, "--folds", "series", "--ablation", "--json", str(file))

    assert result.exit_code == 0, result.output
    assert "What each kind of evidence adds, out of fold by series" in result.stdout
    written = json.loads(file.read_text(encoding="utf-8"))
    assert list(written["without"]) == list(evaluation.kinds())
    assert all(kind in result.stdout for kind in evaluation.kinds())
    whole, without = (
        figures["event"]["brier"]["value"]
        for figures in (written["measured"]["series"], written["without"]["event names"])
    )
    assert without > whole


def test_the_worst_errors_are_told_with_what_was_proposed_and_what_is_right(
    shell: labelled.Shell, tmp_path: Path
) -> None:
    file = tmp_path / "own.csv"
    file.write_text(
        "video_id,event_id,talk_id\n"
        "whole-00,bergdorf-2021,\n"
        "talk-02,seestadt-2021,seestadt-2021-3\n",
        encoding="utf-8",
    )

    result = shell("evaluate", str(file), "--folds", "none")

    assert result.exit_code == 0, result.output
    assert "The worst 2 of 2 errors, the model as it is" in result.stdout
    assert "linked wrongly" in result.stdout
    assert "Musterhausener Zukunftsforum 2021 (2021-09-14)" in result.stdout
    assert "not among the candidates" in result.stdout
    assert "Geschichten vom Hafen Bergdorf" not in result.stdout
    assert "event name" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("--folds", "none", "--ablation"), 64, "--ablation is measured out of fold by series"),
        (("--folds", "none", "--folds", "series"), 64, "goes with no other"),
        (("--json", "no/such/folder/all.json", "--folds", "none"), 73, "no/such/folder/all.json"),
    ],
)
def test_wrong_use_is_told_with_its_code(
    shell: labelled.Shell, arguments: tuple[str, ...], exit_code: int, said: str
) -> None:
    result = shell("evaluate", shell.truth, *arguments)

    assert result.exit_code == exit_code
    assert said in result.stderr


def test_a_missing_truth_file_ends_with_65(shell: labelled.Shell) -> None:
    result = shell("evaluate", "no-such.csv")

    assert result.exit_code == 65
    assert "there is no such file" in result.stderr
