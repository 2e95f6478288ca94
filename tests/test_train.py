"""`harvester linkage train`: better weights or none, in a file that says from what."""

import dataclasses
import datetime as dt
import sys
import tomllib
from pathlib import Path

import pytest

from harvester import resources
from harvester.errors import BadInput, ExtraMissing
from harvester.evaluate import silenced
from harvester.labels import Fitting, gather, knows
from harvester.linkage import load
from harvester.linkage.model import FIELDS
from harvester.store.database import Database
from harvester.train import Training, next_name, train, written
from tests import labelled
from tests.labelled import filled, shell, truth
from tests.zwk_linking import MODEL

__all__ = ["filled", "shell", "truth"]

TEXT = (resources.config() / "linkage.toml").read_text("utf-8")
TODAY = dt.date(2026, 11, 22)
TIMID = dataclasses.replace(MODEL, prior=-14.0)
"""A model that finds nothing likely, and has much to learn."""


def timid(folder: Path) -> Path:
    """Write the file of the timid model."""
    file = folder / "timid.toml"
    lines = [
        "prior = -14.0  # too low" if line.startswith("prior = ") else line
        for line in TEXT.partition("\n[origin]")[0].splitlines()
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_weights_that_are_better_out_of_fold_are_told_video_by_video(
    filled: Database, truth: str
) -> None:
    found = train(truth, database=filled, model=TIMID)

    assert found.is_better
    assert found.after.log_loss < found.before.log_loss
    assert found.after.errors < found.before.errors
    assert found.improved
    assert not found.regressed
    assert all(change.grade_after > change.grade_before for change in found.improved)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("none", "videos with event"),
        ("whole", "videos without event"),
        ("musterhausen", "series with event"),
    ],
)
def test_labels_that_cannot_show_it_never_make_weights_better(
    filled: Database, tmp_path: Path, kept: str, said: str
) -> None:
    some = [
        label
        for label in labelled.labels()
        if kept in label.video_id
        or any(event_id.startswith(kept) for event_id in label.event_ids)
        or (kept == "musterhausen" and not label.event_ids)
    ]
    file = labelled.write_truth(tmp_path / "some.csv", some)

    found = train(str(file), database=filled, model=TIMID)

    assert not found.is_better
    assert said in [check.name for check in found.checks if not check.passed]


def test_training_twice_gives_the_same(filled: Database, truth: str) -> None:
    first, again = (train(truth, database=filled, model=TIMID) for _ in range(2))

    assert first.fitted == again.fitted
    assert first.after == again.after


def test_a_weight_of_zero_stays_zero(filled: Database, truth: str) -> None:
    material = gather(truth, database=filled, model=MODEL)
    silent = silenced(TIMID, tuple(FIELDS)[:3])

    fitted = Fitting(material, silent).fit()

    for name in tuple(FIELDS)[:3]:
        assert set(fitted.weights[name].values()) == {0.0}


# --- the file -------------------------------------------------------------------


@pytest.fixture
def trained(filled: Database, truth: str, tmp_path: Path) -> tuple[str, Training]:
    text = timid(tmp_path).read_text("utf-8")
    return text, train(truth, database=filled, model=load(text))


def write(trained: tuple[str, Training]) -> str:
    text, training = trained
    return written(text, training, name="zwk-neu", today=TODAY)


def test_only_numbers_name_and_origin_change(trained: tuple[str, Training]) -> None:
    text, _ = trained
    before = text.splitlines()

    after = write(trained).partition("\n[origin]")[0].splitlines()

    assert len(after) == len(before)
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert ("prior = -14.0  # too low", changed[1][1]) == changed[1]
    for was, is_now in changed:
        assert was.partition("=")[0] == is_now.partition("=")[0]
        assert was.partition("#")[2] == is_now.partition("#")[2]


def test_the_new_file_holds_the_fitted_weights(trained: tuple[str, Training]) -> None:
    _, training = trained

    model = load(write(trained))

    assert model.name == "zwk-neu"
    assert model.prior == training.fitted.prior
    assert model.weights == training.fitted.weights
    assert model.word_lists == training.in_force.word_lists


def test_the_new_file_says_from_what(trained: tuple[str, Training]) -> None:
    origin = tomllib.loads(write(trained))["origin"]

    assert origin["truth"] == "truth.csv"
    assert origin["fitted_on"] == TODAY
    assert (origin["labels"], origin["without_event"], origin["series"]) == (48, 24, 6)
    assert origin["languages"] == ["de", "fr"]
    assert 0 < origin["event"]["f1"] <= 1
    assert origin["prior"] == -14.0


def test_fitting_anew_begins_where_the_first_fit_began(
    trained: tuple[str, Training], filled: Database, truth: str
) -> None:
    _, first = trained
    model = load(write(trained))

    again = train(truth, database=filled, model=model)

    assert model.before_fitting().weights == first.in_force.weights
    # but for pairs that neighbours propose, by the weights in force
    for field, levels in first.fitted.weights.items():
        assert again.fitted.weights[field] == pytest.approx(levels, abs=0.1), field
    # the file knows these labels: that it does well on them says nothing
    assert again.beginning == model.before_fitting()
    assert again.before.errors == first.before.errors


def test_fitting_to_other_labels_begins_with_the_weights_in_force(
    trained: tuple[str, Training], filled: Database, tmp_path: Path
) -> None:
    model = load(write(trained))
    other = labelled.write_truth(tmp_path / "other.csv", labelled.labels()[1:])

    found = train(str(other), database=filled, model=model)

    assert found.beginning == model
    document = tomllib.loads(written(write(trained), found, name="eigen", today=TODAY))
    assert document["origin"]["prior"] == model.prior
    assert document["origin"]["truth"] == "other.csv"
    assert document["origin"]["truth_sha256"] == found.material.sha256
    assert document["origin"]["truth_sha256"] not in write(trained)


def test_the_same_labels_are_known_in_another_order_and_file(
    trained: tuple[str, Training], filled: Database, tmp_path: Path
) -> None:
    model = load(write(trained))
    copy = labelled.write_truth(tmp_path / "copy.csv", labelled.labels()[::-1])

    assert knows(model, gather(str(copy), database=filled, model=model))


def test_other_labels_of_the_same_name_and_number_are_not_taken_for_the_same(
    trained: tuple[str, Training], filled: Database, truth: str
) -> None:
    model = load(write(trained))
    first, *others = labelled.labels()
    other = dataclasses.replace(first, event_ids=frozenset({"seestadt-2022"}))
    labelled.write_truth(Path(truth), [other, *others])

    found = train(truth, database=filled, model=model)

    assert found.beginning == model
    assert found.knows_namesake


def test_a_file_of_before_the_fingerprint_knows_its_labels_by_name_and_number(
    trained: tuple[str, Training], filled: Database, truth: str
) -> None:
    lines = write(trained).splitlines()
    model = load("\n".join(line for line in lines if not line.startswith("truth_sha256")))

    assert model.begun_with is not None
    assert model.begun_with.truth_sha256 == ""
    assert knows(model, gather(truth, database=filled, model=model))


def test_an_origin_in_words_only_says_nothing_of_weights() -> None:
    model = load(TEXT.partition("\n[origin]")[0] + '\n[origin]\nfrom = "by hand"\n')

    assert model.begun_with is None
    assert model.before_fitting() == model


def test_a_second_training_replaces_the_origin(trained: tuple[str, Training]) -> None:
    _, training = trained
    once = write(trained)

    twice = written(once, training, name="zwk-neu", today=TODAY)

    assert twice == once


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("zwk-1", "zwk-2026-11-22"),
        ("zwk", "zwk-2026-11-22"),
        ("zwk-2026-10-01", "zwk-2026-11-22"),
        ("zwk-2026-11-22", "zwk-2026-11-22-2"),
    ],
)
def test_a_new_model_has_a_new_name(name: str, expected: str) -> None:
    assert next_name(name, TODAY) == expected


# --- the command ----------------------------------------------------------------


def test_the_command_writes_a_file_that_can_be_used(shell: labelled.Shell, tmp_path: Path) -> None:
    model = str(timid(tmp_path))

    result = shell("linkage", "train", shell.truth, HARVESTER_LINKAGE__MODEL=model)

    assert result.exit_code == 0, result.output
    assert "Improved: " in result.stdout
    assert "nothing found" in result.stdout
    assert "coverage by rule, event" in result.stdout
    assert "Better: likelier in most series" in result.stdout
    assert "They are better: linkage.toml is written" in result.stdout
    file = tmp_path / "linkage.toml"
    used = shell("link", HARVESTER_LINKAGE__MODEL=str(file))
    assert used.exit_code == 0, used.output
    name = load(file.read_text("utf-8")).name
    assert name.startswith("zwk-20")
    assert f"rule:{name}" in shell("export", "recordings").stdout


def test_the_model_in_force_can_be_replaced(shell: labelled.Shell, tmp_path: Path) -> None:
    model = timid(tmp_path)
    arguments = ("linkage", "train", shell.truth, "-o", str(model), "--name", "eigen")

    result = shell(*arguments, HARVESTER_LINKAGE__MODEL=str(model))

    assert "is written; is in force" in result.stdout.replace("\n", " ")
    assert load(model.read_text("utf-8")).name == "eigen"


def test_a_dry_run_writes_nothing(shell: labelled.Shell, tmp_path: Path) -> None:
    model = str(timid(tmp_path))

    result = shell("linkage", "train", shell.truth, "--dry-run", HARVESTER_LINKAGE__MODEL=model)

    assert result.exit_code == 0, result.output
    assert "nothing is written (--dry-run)" in result.stdout
    assert not (tmp_path / "linkage.toml").exists()


def test_without_better_weights_it_says_so_and_ends_with_1(
    shell: labelled.Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harvester.linkage.fitting.fit", lambda _, model, **__: model)

    result = shell("linkage", "train", shell.truth)

    assert result.exit_code == 1, result.output
    assert "Not better (log loss lower): the weights in force suit other series" in result.stdout
    assert "by 0.0000 bits a video (0.0000 to 0.0000 in the middle half" in result.stdout
    assert "stays: nothing is written" in result.stdout
    assert not (tmp_path / "linkage.toml").exists()


def test_too_few_labels_of_a_kind_are_told_with_what_would_help(
    shell: labelled.Shell, tmp_path: Path
) -> None:
    known = [label for label in labelled.labels() if label.event_ids]
    labelled.write_truth(Path(shell.truth), known)

    result = shell("linkage", "train", shell.truth, HARVESTER_LINKAGE__MODEL=str(timid(tmp_path)))

    said = " ".join(result.stdout.split())
    assert result.exit_code == 1, result.output
    assert "videos without event no 0; 20 are needed" in said
    assert "label 20 more whose event is not on record (event_id empty)" in said
    assert "stays: nothing is written" in said
    assert not (tmp_path / "linkage.toml").exists()


def test_a_file_that_is_not_the_model_is_not_overwritten_unasked(
    shell: labelled.Shell, tmp_path: Path
) -> None:
    (tmp_path / "linkage.toml").write_text("name = 'mine'\n", encoding="utf-8")

    unasked = shell("linkage", "train", shell.truth)
    no_folder = shell("linkage", "train", shell.truth, "-o", "no/such/folder.toml")

    assert (unasked.exit_code, no_folder.exit_code) == (73, 73)
    assert "name a file with -o" in unasked.stderr


def test_labels_of_one_series_cannot_be_trained_on(filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("video_id,event_id\nwhole-00,musterhausen-2021\n", encoding="utf-8")

    with pytest.raises(BadInput, match="label videos of a second one"):
        train(str(file), database=filled, model=MODEL)


@pytest.mark.parametrize("module", ["sklearn.model_selection", "tomlkit"])
def test_a_missing_extra_is_told_before_any_work(
    filled: Database, truth: str, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(ExtraMissing, match=r"pip install 'zwk-harvester\[train\]'"):
        train(truth, database=filled, model=MODEL)
