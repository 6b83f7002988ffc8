"""Documents as YAML a person would have written: block texts, short lists on one line, keys in order."""

import functools
import json
from collections.abc import Mapping
from typing import Any

import yaml

from casestudies.shapes import SCHEMAS
from casestudies.source import DECIMAL, WHOLE, WORDS

WIDTH = 118
SHORT = 96  # a list or group up to this long stands on one line
LARGEST_WHOLE = 10**18  # the reader takes longer digits for text


class Writer(yaml.SafeDumper):
    """Writes what our reader reads back as the same values; nothing is an alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> Any:
        node = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = is_short(node)
        return node

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> Any:
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = is_short(node)
        return node


def is_short(node: Any) -> bool:
    """Whether a list or group holds so little, and nothing nested, that one line is enough."""
    values = [part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,))]
    if not all(isinstance(value, yaml.ScalarNode) for value in values):
        return not values
    return sum(len(value.value) + 2 for value in values) <= SHORT and not any("\n" in v.value for v in values)


def text_node(writer: Any, text: str) -> Any:
    style = None
    if "\n" in text:
        style = "|"
    elif text.lower() in WORDS or WHOLE.fullmatch(text) or DECIMAL.fullmatch(text):
        style = '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def whole_node(writer: Any, number: int) -> Any:
    return (
        writer.represent_float(float(number))
        if abs(number) >= LARGEST_WHOLE
        else writer.represent_int(number)
    )


Writer.add_representer(str, text_node)
Writer.add_multi_representer(str, text_node)
Writer.add_representer(int, whole_node)


@functools.cache
def key_order(kind: str) -> dict[str, int]:
    """Return the rank of every key the schemas know, as they list them; those of this kind of file first."""
    ranks: dict[str, int] = {}

    def walk(schema: Any) -> None:
        if isinstance(schema, list):
            for part in schema:
                walk(part)
        elif isinstance(schema, dict):
            # A key that stands in several files keeps the place it has in the first.
            for key in schema.get("properties", {}):
                ranks.setdefault(key, len(ranks))
            for part in schema.values():
                walk(part)

    for name in (kind, "case", "board"):
        walk(json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
    return ranks


def in_key_order(value: Any, ranks: Mapping[str, int]) -> Any:
    """Return a value with its keys in the order of the schemas: the database keeps none."""
    if isinstance(value, list):
        return [in_key_order(item, ranks) for item in value]
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (ranks.get(key, len(ranks)), key))
        return {key: in_key_order(value[key], ranks) for key in keys}
    return value


def to_yaml(document: Any) -> str:
    """Return a document as YAML."""
    return yaml.dump(document, Dumper=Writer, sort_keys=False, allow_unicode=True, width=WIDTH)
