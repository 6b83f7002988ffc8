"""Whether a content file has the shape its JSON Schema asks for, said in sentences."""

import difflib
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from casestudies.source import Problem, Source, Where, place

SCHEMAS = Path(__file__).resolve().parent / "content" / "schema"
MOST = 25  # problems told of one file: more than that is the wrong file, or one slip with many echoes
KINDS = {
    "object": "a group of keys",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}
PATTERNS = {
    "slug": "small letters, digits and single hyphens, like payment-fraud",
    "code": "a letter and two digits, like C07",
    "name": "small letters, digits and underscores, like peak_qps",
}


@functools.cache
def validator(name: str) -> Draft202012Validator:
    """Return the validator of one kind of file; schemas refer to each other by file name."""
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(SCHEMAS.glob("*.json"))}
    resources = [(file, Resource.from_contents(body)) for file, body in schemas.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(schemas[f"{name}.json"], registry=registry)


def problems(source: Source, schema: str) -> list[Problem]:
    """Return what is wrong with the shape of a file, in the order of its lines."""
    found = {
        source.problem(where, says)
        for error in validator(schema).iter_errors(source.value)
        for where, says in sentences(error)
    }
    return sorted(found)[:MOST]


def sentences(error: ValidationError) -> Iterator[tuple[Where, str]]:
    """Return where one error of the schema is, and what to do about it."""
    where: Where = tuple(error.absolute_path)
    at = place(where)
    limit: Any = error.validator_value
    value: Any = error.instance
    schema: Any = error.schema
    match error.validator:
        case "required":
            for key in limit:
                if key not in value:
                    yield where, f"{at} has no `{key}`. Add it."
        case "dependentRequired":
            for key, needs in limit.items():
                if key in value:
                    yield from (
                        (where, f"{at} has `{key}` but no `{need}`. Add it.")
                        for need in needs
                        if need not in value
                    )
        case "additionalProperties" if limit is False:
            known = list(schema.get("properties", {}))
            for key in value:
                if key not in known:
                    near = difflib.get_close_matches(str(key), known, 1)
                    hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(known)}."
                    yield (*where, key), f"`{key}` is not a key of {'this file' if not where else at}. {hint}"
        case "type":
            wanted = [limit] if isinstance(limit, str) else limit
            kinds = " or ".join(KINDS.get(kind, kind) for kind in wanted)
            quote = " Put it in quotes." if wanted == ["string"] and isinstance(value, int | float) else ""
            yield where, f"{at} should be {kinds}, and is {kind_of(value)}.{quote}"
        case "enum":
            yield (
                where,
                f"{at} is `{short(value)}`. Choose one of {', '.join(str(choice) for choice in limit)}.",
            )
        case "pattern":
            yield where, f"{at} is `{short(value)}`. Write {PATTERNS[pattern_of(limit)]}."
        case "minItems" | "minProperties":
            yield where, f"{at} has {len(value)} of at least {limit}. Add {limit - len(value)} more."
        case "maxItems" | "maxProperties":
            yield where, f"{at} has {len(value)} of at most {limit}. Remove {len(value) - limit}."
        case "minLength":
            yield where, f"{at} has {len(value)} characters; at least {limit} are needed. Say more."
        case "maxLength":
            yield where, f"{at} has {len(value)} characters; at most {limit} fit. Shorten it."
        case "minimum" | "exclusiveMinimum":
            bound = "at least" if error.validator == "minimum" else "more than"
            yield where, f"{at} is {value}. It must be {bound} {limit}."
        case "maximum":
            yield where, f"{at} is {value}. It must be at most {limit}."
        case "uniqueItems":
            yield where, f"{at} has an item twice. Remove one."
        case _:
            yield where, f"{at} is not right: {error.message[:200]}. Compare it with the schema."


def pattern_of(pattern: str) -> str:
    if "[CG" in pattern:
        return "code"
    return "name" if "_]*$" in pattern else "slug"


def kind_of(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a group of keys"


def short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
