"""What a label says its box is: "MM tower", "Click log (Kafka)", "Ranker 12 ms" and so on."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from interviews.scoring.diagram import figures
from interviews.scoring.diagram.vocabulary import Term, Vocabulary, stem, vocabulary

LONGEST_READ = 300
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
BRACKETS = re.compile(r"[(\[{<]([^()\[\]{}<>]*)[)\]}>]?")
ASIDE = re.compile(r"\s[-–—]\s|:\s|:$|\s*(?:->|=>|→|⇒)\s*|\s[@~]")
SEPARATOR = re.compile(r"\s*[/+&,;|·•]\s*|\s+(?:and|or|vs\.?|und|et)\s+", re.I)
WRITTEN = re.compile(r"[A-Za-z]{4,}")
TOKEN = re.compile(r"[a-z][a-z0-9]*|\d+[a-z]*")
# "Retrieval 1000 items": what is counted does not name the box. A count at the start may.
QUANTITY = re.compile(
    r"(?<=\S)[\s,→>(~≈-]+\d[\d.,]*\s*(?:k|m|b|bn|million|billion|thousand)?\s*"
    r"(?:items?|docs?|documents?|ads?|posts?|videos?|users?|songs?|products?|events?|results?|queries|requests?)\b",
    re.I,
)
BULLET = re.compile(r"^\s*[-*•·–]\s+")

# Parts that only say "a box of this kind"; anything more telling replaces them.
GENERIC = frozenset({"service", "process", "store"})
# A topic is read together with the box it stands in, also when that box is only named in brackets.
TOPICS = frozenset({"features", "encoder", "log", "label", "source", "scorer"})
# For these, the box they stand in is said as well: a click log in Kafka is a log and a stream.
HELD = frozenset({"log", "label", "source", "dataset"})
HOLDERS = frozenset({"store", "stream", "lake", "warehouse"})
SUBJECTS = frozenset({"client", "entry", "source"})
MEANT_BY_VERB = frozenset(
    {
        "client",
        "entry",
        "source",
        "features",
        "log",
        "retrieval",
        "model",
        "index",
        "encoder",
        "label",
        "monitoring",
        "scorer",
    }
)


FINE_TUNE = ["fine", "tune"]  # whatever is tuned, it is trained


@dataclass(frozen=True)
class Reading:
    """What a label says: its parts, whether only a product's name says so, its traits and its figures."""

    parts: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    only_product: bool = False
    offline: bool = False
    online: bool = False
    stems: tuple[str, ...] = ()
    milliseconds: float | None = None
    counts: tuple[float, ...] = ()


@dataclass
class Piece:
    """What one stretch of a label yields before the stretches are put together."""

    nouns: list[str]
    boxes: list[str]
    product_nouns: list[str]
    product_boxes: list[str]
    rest: list[str]  # words after "of", "for", "with"

    @property
    def says_nothing(self) -> bool:
        return not (self.nouns or self.boxes or self.product_nouns or self.product_boxes)


def _uncamel(match: re.Match[str]) -> str:
    """Return "CandidateGen" as two words, and a name such as MLflow as it is."""
    word, words = match.group(), vocabulary()
    lower = word.lower()
    return word if lower in words.known or lower in words.run_together else CAMEL.sub(" ", word)


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:LONGEST_READ]).replace("_", " ")
    text = QUANTITY.sub(" ", WRITTEN.sub(_uncamel, text)).lower()
    for written, meant in vocabulary().joined:
        if written in text:
            text = re.sub(r"(?<![a-z])" + re.escape(written) + r"(?![a-z])", meant, text)
    return text


def _words(text: str, words: Vocabulary) -> list[str]:
    out: list[str] = []
    for word in TOKEN.findall(text):
        if word in words.known:
            out.append(word)
        elif word in words.run_together:
            out.extend(words.run_together[word])
        else:
            out.append(words.corrected(word) if word[0].isalpha() else word)
    return out


def _piece(tokens: Sequence[str], words: Vocabulary) -> Piece:
    """Return the nouns and boxes among these words, in order; what follows "of" or "with" is kept apart."""
    piece = Piece([], [], [], [], [])
    stems = [stem(token) for token in tokens]
    found: list[tuple[int, Term]] = []
    position = 0
    while position < len(tokens):
        term = words.at(tokens, stems, position)
        if term is not None:
            found.append((position, term))
            position += term.length
        elif tokens[position] in words.asides and position:
            piece.rest = list(tokens[position + 1 :])
            break
        else:
            position += 1
    if found and stems[:2] == FINE_TUNE:
        found = [(0, Term("training", "noun", False, 2))]
    elif found and found[0][0] == 0 and found[0][1].length == 1 and len(found) > 1:
        verb, second = words.verbs.get(tokens[0]), found[1][1]
        object_of = MEANT_BY_VERB | ({"ranker", "preranker", "llm"} if verb == "training" else set())
        is_object = second.sort == "noun" and second.part in object_of and not second.product
        if verb and is_object and second.part != verb:
            found = [(0, Term(verb, "box" if verb in ("process", "cache", "store") else "noun", False, 1))]
    elif not found and tokens and tokens[0] in words.verbs:
        found = [(0, Term(words.verbs[tokens[0]], "noun", False, 1))]
    last_noun = max(
        (i for i, (_, term) in enumerate(found) if term.sort == "noun" and not term.product), default=-1
    )
    for i, (_, term) in enumerate(found):
        if term.sort == "noun":
            (piece.product_nouns if term.product else piece.nouns).append(term.part)
        elif term.product:
            piece.product_boxes.append(term.part)
        elif i > last_noun or last_noun < 0:
            piece.boxes.append(term.part)
        else:
            piece.product_boxes.append(
                term.part
            )  # a box before the noun ("batch features") says less than one after
    return piece


def _compose(noun: str, boxes: Sequence[str], words: Vocabulary) -> set[str]:
    """Return the parts that a noun makes with the box it stands in."""
    for box in reversed(boxes):
        part = words.together.get(noun, {}).get(box)
        if part == "feature_cache":
            return {"feature_store", "cache"}
        if part:
            extra = {"cache"} if part == "prediction_store" and "cache" in boxes else set()
            return {part} | extra
    return {noun} | ({box for box in boxes if box in HOLDERS} if noun in HELD else set())


def _heads(nouns: Sequence[str], words: Vocabulary) -> list[str]:
    """Return the nouns that count: the last, and those before it that can stand beside it."""
    head = nouns[-1]
    if head in SUBJECTS and "retrieval" in nouns:
        head = "retrieval"  # "candidate ads", "candidate documents"
    return [
        noun for noun in dict.fromkeys(nouns[:-1]) if head in words.beside.get(noun, ()) or noun == head
    ] + [head]


def _parts_of(piece: Piece, aside: Piece | None, words: Vocabulary) -> tuple[set[str], bool]:
    """Return the parts of one stretch, helped by what stands in brackets, and if only products say so."""
    if piece.nouns:
        *others, head = _heads(piece.nouns, words)
        boxes = piece.product_boxes + piece.boxes
        if not boxes and aside is not None and head in TOPICS and not aside.nouns:
            boxes = aside.product_boxes + aside.boxes
            if "feature_store" in aside.product_nouns:
                boxes = ["store"]
        return set(others) | _compose(head, boxes, words), False
    if piece.boxes and piece.product_nouns and piece.boxes[-1] in GENERIC:
        return set(piece.product_nouns), False
    boxes = piece.product_boxes + piece.boxes
    if aside is not None and aside.nouns and boxes:
        if piece.boxes and piece.boxes[-1] not in GENERIC and aside.nouns[-1] not in TOPICS:
            return {piece.boxes[-1]}, False
        return _compose(aside.nouns[-1], boxes, words), False
    if piece.boxes == ["store"] and piece.product_boxes:
        return {piece.product_boxes[-1]}, True  # "S3 bucket", "Redis store"
    if "process" in piece.boxes and "stream" in boxes:
        return {"streamproc"}, False  # "streaming materialisation"
    if piece.boxes:
        return {piece.boxes[-1]} | ({"stream"} & set(piece.product_boxes)), False
    if piece.product_nouns:
        return {piece.product_nouns[-1]} | (set(aside.nouns[-1:]) if aside else set()), not (
            aside and aside.nouns
        )
    if piece.product_boxes:
        return {piece.product_boxes[-1]}, True
    return set(), False


def _split_lines(text: str) -> tuple[str, str]:
    """Return the first line, or lines that only wrap a name, and the lines that add detail."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return "", ""
    if len(lines) == 1:
        return lines[0], ""
    if any(BULLET.match(line) for line in lines[1:]):
        return lines[0], "\n".join(lines[1:])
    words = vocabulary()
    first = _piece(_words(_without_figures(lines[0]), words), words)
    short = all(len(line.split()) <= 2 for line in lines[:2]) and len(lines[0].split()) == 1
    if first.nouns and not short:
        return lines[0], "\n".join(lines[1:])
    return " ".join(lines), ""


def _without_figures(text: str) -> str:
    return figures.LATENCY.sub(" ", text)


def _has(sequences: frozenset[tuple[str, ...]], tokens: Sequence[str]) -> bool:
    row = tuple(tokens)
    present = set(row)
    return any(
        s[0] in present
        and (len(s) == 1 or any(row[i : i + len(s)] == s for i in range(len(row) - len(s) + 1)))
        for s in sequences
    )


@lru_cache(maxsize=16_384)
def read_label(label: str) -> Reading:
    """Return what a label says. Unknown words, no words and any script are fine: then it says nothing."""
    words = vocabulary()
    text = _tidy(label)
    first, more = _split_lines(text)
    brackets = " ; ".join(BRACKETS.findall(first))
    main = BRACKETS.sub(" ", first)
    if not TOKEN.search(main):
        main, brackets = brackets, ""
    head, *tail = [part for part in ASIDE.split(main) if TOKEN.search(part)] or [""]
    stretches = [s for s in SEPARATOR.split(head) if TOKEN.search(s)]
    pieces = [_piece(_words(s, words), words) for s in stretches]
    details = " ; ".join([*tail, brackets, more])
    aside_pieces = [_piece(_words(s, words), words) for s in SEPARATOR.split(details) if TOKEN.search(s)]
    for rest in (_piece(piece.rest, words) for piece in pieces if piece.rest):
        # "top 10 per user" is not a client.
        rest.nouns = [noun for noun in rest.nouns if noun not in SUBJECTS]
        aside_pieces.append(rest)
    aside = Piece(
        [n for p in aside_pieces for n in p.nouns],
        [b for p in aside_pieces for b in p.boxes],
        [n for p in aside_pieces for n in p.product_nouns],
        [b for p in aside_pieces for b in p.product_boxes],
        [],
    )
    parts, only_product = _together(pieces, aside, words)
    all_tokens = _words(text, words)
    if "prediction_store" in parts and {"cache", "cached"} & set(all_tokens):
        parts = parts | {"cache"}
    about = {n for p in (*pieces, aside) for n in (*p.nouns, *p.boxes, *p.product_nouns, *p.product_boxes)}
    return Reading(
        parts=frozenset(parts),
        about=frozenset(about),
        only_product=only_product,
        offline=_has(words.offline, all_tokens),
        online=_has(words.online, all_tokens),
        stems=tuple(stem(token) for token in all_tokens),
        milliseconds=figures.milliseconds(label),
        counts=figures.counts(label),
    )


def _together(pieces: Sequence[Piece], aside: Piece, words: Vocabulary) -> tuple[set[str], bool]:
    """Return the parts of the whole label from those of its stretches."""
    speaking = [piece for piece in pieces if not piece.says_nothing]
    if not speaking:
        return _parts_of(aside, None, words)
    last = speaking[-1]
    parts: set[str] = set()
    telling: set[str] = set()  # parts that words, not products, gave
    for piece in speaking:
        if piece is not last and piece.nouns and not piece.boxes:
            # "user & item features": the first noun only narrows the last one down.
            if piece.nouns[-1] in SUBJECTS and last.nouns and last.nouns[-1] not in SUBJECTS:
                continue
            if piece.nouns[-1] in TOPICS and last.boxes:
                parts |= _compose(piece.nouns[-1], last.boxes, words)
                telling |= parts
                continue
        found, product = _parts_of(piece, aside, words)
        parts |= found
        telling |= set() if product else found
    only_product = not telling
    if telling:
        specific = telling - GENERIC
        parts = specific or telling
    if len(parts) > 1:
        parts -= {"policy"} if parts - {"policy", "service"} else set()
        parts -= (
            GENERIC
            if parts - GENERIC - {"policy"} and not parts & HELD
            else {"service", "process"}
            if parts & HELD
            else set()
        )
    return parts or set(), only_product
