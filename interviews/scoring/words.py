"""Stems and small words: what counts as the same word, and which words say nothing by themselves."""

import re
from functools import cache, lru_cache
from pathlib import Path

import yaml

from interviews.scoring.stemming import english


@cache
def _lists() -> dict[str, frozenset[str]]:
    body = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return {name: frozenset(str(words).split()) for name, words in body.items()}


def word_list(name: str) -> frozenset[str]:
    """Return a list of words.yaml; KeyError when there is none of that name."""
    return _lists()[name]


_NOT_BRITISH = word_list("not_british")
_ISE = re.compile(r"(?<=[a-z]{2}[^aeiou])is(e|ed|es|er|ers|ing|ation|ations)$")
_OUR = re.compile(r"(?<=[a-z]{2})our(s|ed|ing|ite|ites|able|al|ly)?$")
_SPELLINGS = {
    "catalogue": "catalog",
    "catalogues": "catalog",
    "centre": "center",
    "centres": "centers",
    "programme": "program",
    "grey": "gray",
    "licence": "license",
    "licences": "licenses",
    "neighbours": "neighbors",
    "learnt": "learned",
    "datasets": "dataset",
    "modelling": "modeling",
    "modelled": "modeled",
    "cheque": "check",
    "judgement": "judgment",
    "judgements": "judgments",
    "gpus": "gpu",
    "cpus": "cpu",
    "tpus": "tpu",
}

STOP = word_list("stop")

GENERIC = word_list("generic")


def american(word: str) -> str:
    """Return a lower-case word in its American spelling."""
    word = _SPELLINGS.get(word, word)
    if len(word) > 5 and word not in _NOT_BRITISH:
        word = _ISE.sub(r"iz\1", word)
        word = _OUR.sub(r"or\1", word)
    return word


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a lower-case word; British and American spellings share one."""
    word = american(word)
    if word.endswith(("'s", "’s")):
        word = word[:-2]
    return english(word)


STOP_STEMS = frozenset(stem(word) for word in STOP) | STOP
GENERIC_STEMS = frozenset(stem(word) for word in GENERIC)
