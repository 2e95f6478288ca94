"""What must hold of the whole house: nothing without a column, a comment, a meaning."""

import re
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, inspect, text

from harvester import records
from harvester.store import reads, schema, views
from harvester.store.database import Database
from harvester.store.dictionary import CLOSED_LISTS, dictionary
from harvester.store.schema import Base

ROOT = Path(__file__).parent.parent

CONTRACT = {
    "videos": "video_id, url, channel_id, title, published_at, duration_s, caption_state,"
    " availability, live_state, first_seen_at, refreshed_at",
    "recordings": "video_id, url, title, published_at, duration_s, caption_state, event_id,"
    " event_title, event_start_on, talk_id, talk_title, role, start_s, end_s, decided_by,"
    " decided_at, probability",
    "unmatched_videos": "video_id, url, title, published_at, duration_s, reason, best_event_id,"
    " best_probability",
    "candidates": "video_id, rank, event_id, talk_id, match_weight, probability",
    "match_explanation": "video_id, event_id, talk_id, term, weight, evidence",
    "talks_without_video": "event_id, event_title, series, start_on, talk_id, talk_title, speakers,"
    " near_video_id, near_video_title, near_probability",
    "events_without_video": "event_id, event_title, series, start_on, near_video_id,"
    " near_video_title, near_probability",
    "caption_coverage": "scope, key, title, videos, captioned, unknown, duration_s,"
    " captioned_duration_s",
    "changes": "video_id, field, old_value, new_value, changed_at, run_id",
    "runs": "run_id, started_at, finished_at, outcome, quota_units, new_videos, changed_videos,"
    " gone_videos, matched, to_review, message",
    "decisions_in_force": "video_id",
    "marks_in_force": "mark, video_id, event_id, talk_id, editor, acted_at",
    "look_again": "video_id, decision_id, what, was, is_now, decided_by, decided_at",
}
"""The columns that analysts build on, in their order; more may follow after them."""


# --- records and tables -------------------------------------------------------

ELSEWHERE = {
    # the columns of a term lie in candidate_term, its name under another word
    "Candidate": {"terms"},
    "Linking": {"links", "candidates"},
    "PlaylistItem": {"title", "video_published_at"},  # those of `video`
    "Term": {"name"},
    "Gone": {"availability"},  # that of `video`
}


@pytest.mark.parametrize(
    ("record", "model"),
    [
        (records.Channel, schema.Channel),
        (records.Video, schema.Video),
        (records.Playlist, schema.Playlist),
        (records.PlaylistItem, schema.PlaylistEntry),
        (records.Gone, schema.VideoChange),
        (records.Event, schema.Event),
        (records.Talk, schema.Talk),
        (records.Link, schema.DecisionLink),
        (records.Linking, schema.VideoLinking),
        (records.Candidate, schema.Candidate),
        (records.Term, schema.CandidateTerm),
    ],
)
def test_every_field_of_a_record_has_a_column(record: type, model: type[Base]) -> None:
    fields = set(record.__annotations__)

    missing = fields - set(model.__table__.columns.keys()) - ELSEWHERE.get(record.__name__, set())

    assert not missing


def test_every_table_and_column_has_a_comment() -> None:
    for table in Base.metadata.tables.values():
        assert table.comment, table.name
        for column in table.columns:
            assert column.comment, f"{table.name}.{column.name}"


def test_every_constraint_has_a_name() -> None:
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, f"{table.name}: {constraint}"


# --- views --------------------------------------------------------------------


@pytest.mark.parametrize("name", views.VIEWS)
def test_every_view_has_the_columns_of_the_contract_and_their_meanings(
    database: Database, name: str
) -> None:
    with database.read() as session:
        actual = tuple(session.execute(text(f"SELECT * FROM {name}")).keys())

    assert actual == reads.view_columns(name)
    expected = tuple(CONTRACT[name].split(", "))
    assert actual[: len(expected)] == expected


def test_every_view_says_who_asks_and_what_one_row_is() -> None:
    for view in views.load().values():
        assert re.match(r"For .+: .+ One row is ", view.about), view.name
        assert all(view.columns.values()), view.name


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_knows_the_meanings_itself(database: Database) -> None:
    with database.migrating() as connection:
        there = inspect(connection)
        comments = {column["name"]: column["comment"] for column in there.get_columns("videos")}

    assert comments == views.load()["videos"].columns


# --- closed lists and the data dictionary -------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("availability", records.Availability),
        ("live_state", records.LiveState),
        ("privacy", records.Privacy),
        ("role", records.Role),
        ("verdict", schema.VERDICTS),
        ("linking outcome", records.Outcome),
        ("reason", records.Reason),
        ("no-event reason", records.NoEventReason),
        ("act", records.ActKind),
        ("mark", records.Mark),
        ("run outcome", schema.RUN_OUTCOMES),
        ("bucket", schema.BUCKETS),
    ],
)
def test_every_word_of_a_closed_list_has_its_meaning(
    name: str, words: type[StrEnum] | tuple[str, ...]
) -> None:
    assert set(CLOSED_LISTS[name]) == set(words)


def test_the_states_of_captions_are_those_of_the_view() -> None:
    words = re.findall(r"(?:THEN|ELSE) '(\w+)'", views.load()["videos"].select)

    assert set(words) == set(CLOSED_LISTS["caption_state"])


def test_every_check_of_a_closed_list_is_in_the_dictionary() -> None:
    listed = {frozenset(words) for words in CLOSED_LISTS.values()}
    for table in Base.metadata.tables.values():
        for check in table.constraints:
            if isinstance(check, CheckConstraint):
                words = frozenset(re.findall(r"'(\w+)'", str(check.sqltext)))
                assert any(words <= known for known in listed), check.name


def test_the_data_dictionary_is_up_to_date() -> None:
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")

    assert written == dictionary(), "write it again: harvester db dictionary"
