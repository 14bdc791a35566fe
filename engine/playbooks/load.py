"""Playbooks from files and from the shelf; every fault in one becomes a sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from engine.model.errors import BadInput
from engine.playbooks.spec import Playbook

__all__ = ["load_playbook", "names_of_shipped", "read_playbook"]

_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?P<fallback>[^}]*))?\}")
_MOST_BYTES = 1_000_000
"""A playbook is written by hand; a larger file is something else."""


class _StrictLoader(yaml.SafeLoader):
    """YAML without PyYAML's silence about a key given twice."""


def _mapping_without_doubles(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.MarkedYAMLError(
                problem=f"the key '{key}' stands here twice", problem_mark=key_node.start_mark
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_doubles)


def names_of_shipped() -> tuple[str, ...]:
    """The names of the playbooks that come with Fordway, in order."""
    return tuple(
        sorted(
            entry.name.removesuffix(".yaml")
            for entry in files(__package__).iterdir()
            if entry.name.endswith(".yaml")
        )
    )


def load_playbook(name_or_path: str, *, environment: Mapping[str, str] | None = None) -> Playbook:
    """The playbook of that shipped name, or of that file.

    Args:
        name_or_path: a name of ``names_of_shipped``, or a path (with a slash or an ending).
        environment: what ``${NAME}`` stands for; None: the process's environment.

    Raises:
        BadInput: no such playbook, no YAML, or something in it that makes no sense.
    """
    if name_or_path in names_of_shipped():
        text = files(__package__).joinpath(f"{name_or_path}.yaml").read_text("utf-8")
        return read_playbook(text, place=name_or_path, environment=environment)
    path = Path(name_or_path).expanduser()
    playbook = read_playbook(_text_of(path), place=name_or_path, environment=environment)
    return playbook.read_from(str(path.absolute()))


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput("This file is too large for a playbook", where=str(path), todo="Name a playbook")
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        shelf = ", ".join(names_of_shipped())
        raise BadInput(
            "There is no such playbook", where=str(path), todo=f"Name a file, or one of: {shelf}"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            "The playbook can't be read", where=str(path), todo="Name a readable UTF-8 file"
        ) from error


def read_playbook(text: str, *, place: str, environment: Mapping[str, str] | None = None) -> Playbook:
    """The playbook the text describes.

    Args:
        text: YAML.
        place: file or name, for messages.
        environment: what ``${NAME}`` stands for; None: the process's environment.

    Raises:
        BadInput: no YAML, or something in it that makes no sense; the line is named.
    """
    known = os.environ if environment is None else environment
    try:
        body = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader with one check more
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise BadInput(_yaml_fault(error), where=place, todo="Mend that line") from error
    if not isinstance(body, dict):
        raise BadInput(
            "This is no playbook: it has no keys", where=place, todo="See the shipped ones for the form"
        )
    try:
        return Playbook.model_validate(_expanded(body, known, place))
    except ValidationError as error:
        raise BadInput(_faults(error, tree), where=place, todo="Mend the playbook, then try again") from error


def _yaml_fault(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or "it can't be read as YAML"
    mark = getattr(error, "problem_mark", None)
    return f"Line {mark.line + 1}: {problem}" if mark else f"The playbook is no YAML: {problem}"


def _expanded(body: dict[Any, Any], known: Mapping[str, str], place: str) -> dict[Any, Any]:
    """The body with ``${NAME}`` filled in, in URLs and nowhere else."""
    filled = dict(body)
    if isinstance(body.get("target"), str):
        filled["target"] = _expand(body["target"], known, place)
    sources = body.get("sources")
    if isinstance(sources, dict):
        filled["sources"] = {
            name: _expand(url, known, place) if isinstance(url, str) else url for name, url in sources.items()
        }
    return filled


def _expand(url: str, known: Mapping[str, str], place: str) -> str:
    def value(found: re.Match[str]) -> str:
        name, fallback = found["name"], found["fallback"]
        if known.get(name):
            return known[name]
        if fallback is None:
            raise BadInput(f"The playbook needs {name}, and it is not set", where=place, todo=f"Set {name}")
        return fallback

    return _VARIABLE.sub(value, url)


def _faults(error: ValidationError, tree: yaml.Node | None) -> str:
    """The faults in the order of the file, at most three, each with line and key."""
    told = []
    for fault in error.errors(include_url=False, include_input=False)[:3]:
        path = [part for part in fault["loc"] if not (isinstance(part, str) and part in _NOT_IN_FILES)]
        key = ".".join(str(part + 1) if isinstance(part, int) else part for part in path) or "playbook"
        told.append(f"Line {_line_of(path, tree)}, {key}: {_plain(fault['type'], fault['msg'])}")
    more = error.error_count() - len(told)
    return "; ".join(told) + (f"; {more} more" if more else "")


_NOT_IN_FILES = frozenset(
    {"ColumnSpec", "LookupSpec", "TableName", "tuple[str, ...]", "literal['remaining']"}
)
"""Steps pydantic adds to a path for the branches of a union."""


def _plain(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "there is no such key"
    if kind == "missing":
        return "this key is missing"
    return message.removeprefix("Value error, ").rstrip(".")


def _line_of(path: list[Any], tree: yaml.Node | None) -> int:
    node, line = tree, 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
