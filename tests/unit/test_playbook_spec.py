from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.errors import BadInput
from engine.playbooks.copy_playbook import playbook_for_copy
from engine.playbooks.draft import draft_playbook
from engine.playbooks.load import load_playbook, names_of_shipped, read_playbook
from engine.playbooks.spec import LookupSpec, playbook_json_schema

from .plan_facts import catalog, table

HEAD = "playbook: mine\ntitle: Mine\nsources: {old: old.db}\n"


def refused(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        read_playbook(text, place="mine.yaml", environment={})
    return str(caught.value)


def test_names_of_shipped_has_brackets() -> None:
    """The first playbook is on the shelf."""
    assert "brackets" in names_of_shipped()


@pytest.mark.parametrize("name", names_of_shipped())
def test_load_playbook_shipped_one_is_valid(name: str) -> None:
    """Each shipped playbook loads under its own name."""
    assert name == load_playbook(name, environment={}).playbook


def test_load_playbook_source_comes_from_the_environment() -> None:
    """A variable in a URL is filled in."""
    found = load_playbook("brackets", environment={"FORDWAY_BRACKETS_SOURCE": "legacy.db"})

    assert {"legacy": "legacy.db"} == found.sources


def test_load_playbook_source_falls_back_to_the_sample() -> None:
    """Without the variable the sample is used."""
    assert {"legacy": "sample:brackets"} == load_playbook("brackets", environment={}).sources


def test_load_playbook_missing_file_names_the_shelf() -> None:
    """A wrong name is answered with the right ones."""
    with pytest.raises(BadInput, match=r"There is no such playbook \(nope.yaml\).*brackets"):
        load_playbook("nope.yaml")


def test_load_playbook_from_a_file_is_read(tmp_path: Path) -> None:
    """A path works as well as a name."""
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD)

    assert "mine" == load_playbook(str(file)).playbook


def test_read_playbook_unset_variable_is_named() -> None:
    """A missing secret is a sentence, not an empty password."""
    text = "playbook: mine\ntitle: Mine\nsources: {old: 'postgresql://u:${OLD_PASSWORD}@h/d'}\n"

    assert "The playbook needs OLD_PASSWORD, and it is not set (mine.yaml). Set OLD_PASSWORD." == refused(
        text
    )


def test_read_playbook_variable_outside_a_url_stays_text() -> None:
    """Only URLs are filled in, so no secret wanders into a title or a statement."""
    found = read_playbook(HEAD + "notes: ${HOME}\n", place="x", environment={"HOME": "/root"})

    assert "${HOME}" == found.notes


def test_read_playbook_password_is_not_in_its_picture() -> None:
    """A playbook in a traceback or a log shows no URL."""
    text = "playbook: mine\ntitle: Mine\nsources: {old: 'postgresql://u:hunter2@h/d'}\n"

    assert "hunter2" not in repr(read_playbook(text, place="x", environment={}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "colour: red\n", "Line 4, colour: there is no such key"),
        ("playbook: mine\nsources: {old: old.db}\n", "title: this key is missing"),
        (HEAD + "tables:\n  - from: a\n    wher: x\n", "Line 6, tables.1.wher: there is no such key"),
        (
            HEAD + "tables:\n  - from: a\n    columns: {b: {lookup: c}}\n",
            "name exactly one of: from, value, json, generate, expr",
        ),
        (
            HEAD + "tables:\n  - from: a\n    columns: {b: {value: 1, lookup: c}}\n",
            "'lookup' goes with 'from'",
        ),
        (
            HEAD + "tables:\n  - from: a\n    columns: {b: {from: c, lookup: {table: t, match: m}}}\n",
            "Line 6, tables.1.columns.b.lookup.get: this key is missing (mine.yaml)",
        ),
        (
            HEAD + "tables:\n  - from: a\n    columns: {b: {expr: c, from: c}}\n",
            "name exactly one of: from, value, json, generate, expr",
        ),
        (
            HEAD + "tables:\n  - from: a\n    columns: {b: {from: c, type: text}}\n",
            "'type' goes with 'expr'; say 'cast' for a copied column",
        ),
        (
            HEAD + "tables:\n  - from: a\n    on_conflict: newest_first\n",
            "Line 6, tables.1.on_conflict: ",
        ),
        (
            HEAD + "tables:\n  - from: a\n    on_conflict: skip\n    newest_by: at\n",
            "'newest_by' goes with 'on_conflict: newest'",
        ),
        (HEAD + "tables:\n  - from: a\n    undo: forget\n", "'delete' or 'truncate'"),
        (HEAD + "tables:\n  - from: a\n    undo: {soft_delete: {value: 1}}\n", "column"),
        (HEAD + "tables:\n  - from: a\n    columns: {b: {value: 1, from: c}}\n", "name exactly one of"),
        (HEAD + "defaults: {batch_rows: 0}\n", "Line 4, defaults.batch_rows: "),
        (HEAD + "title: Again\n", "Line 4: the key 'title' stands here twice"),
        ("playbook: [\n", "Line 2: "),
        ("- a\n", "This is no playbook: it has no keys"),
        ("playbook: My Book\ntitle: x\nsources: {a: b}\n", "Line 1, playbook: use small letters"),
        ("playbook: mine\ntitle: x\nsources: {}\n", "Line 3, sources: "),
    ],
)
def test_read_playbook_fault_is_a_sentence_with_line_and_key(text: str, expected: str) -> None:
    """Each fault says where it is and what is wrong, in words."""
    assert expected in refused(text)


def test_read_playbook_fault_never_shows_a_value() -> None:
    """A password under a wrong key is not printed back."""
    assert "hunter2" not in refused(HEAD + "password: hunter2\n")


def test_read_playbook_takes_lookups_expressions_and_policies() -> None:
    """Each key arrives as the file says it."""
    text = HEAD + (
        "tables:\n  - from: a\n    on_conflict: newest\n    newest_by: at\n    columns:\n"
        "      user_id: {from: user_id, lookup: users}\n"
        "      kind_id: {from: kind, lookup: {table: kinds, match: name, get: id}}\n"
        "      label: {expr: \"upper(name) || '-' || code\", type: text}\n"
    )

    [found] = read_playbook(text, place="x", environment={}).tables

    assert ("newest", "at") == (found.on_conflict, found.newest_by)
    assert ("users", LookupSpec(table="kinds", match="name", get="id"), "upper(name) || '-' || code") == (
        found.columns["user_id"].lookup,
        found.columns["kind_id"].lookup,
        found.columns["label"].expr,
    )


def test_playbook_json_schema_knows_lookups_expressions_and_policies() -> None:
    """Editors complete the keys and refuse another policy."""
    schema = playbook_json_schema()["$defs"]

    assert {"lookup", "expr", "type"} <= set(schema["ColumnSpec"]["properties"])
    assert ["ask", "skip", "keep_source", "keep_target", "newest"] == schema["TableSpec"]["properties"][
        "on_conflict"
    ]["enum"]


def test_playbook_json_schema_forbids_unknown_keys() -> None:
    """Editors can tell a misspelt key."""
    assert False is playbook_json_schema()["additionalProperties"]


def test_playbook_for_copy_keeps_names_and_sets_the_schema() -> None:
    """Copying everything renames nothing."""
    found = playbook_for_copy("old.db", "postgresql://h/d?sslmode=require", schema="app", only=("a", "b"))

    assert ("keep", ["a", "b"], "postgresql://h/d?sslmode=require&schema=app") == (
        found.defaults.names,
        [spec.from_ for spec in found.tables],
        found.target,
    )


def test_draft_playbook_can_be_loaded_again() -> None:
    """A draft is a playbook as it stands."""
    text = draft_playbook({"old": catalog(table("a"), table("order: items"))}, "postgresql://u:secret@h/d")

    found = read_playbook(text, place="draft", environment={})

    assert ["a", "order: items"] == [spec.from_ for spec in found.tables]


def test_draft_playbook_holds_no_password() -> None:
    """A file is not a place for a secret."""
    assert "secret" not in draft_playbook({"old": catalog(table("a"))}, "postgresql://u:secret@h/d")
