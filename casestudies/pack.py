"""The content of the library, read from a tree of YAML files and validated as a whole.

`load(DEFAULT_CONTENT)` needs no database: the score command, the checks of the authors and the
load_content command all come in here. A tree without a bank and frameworks of its own borrows the
default ones.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from casestudies import checks, guide_checks, sample_checks, shapes
from casestudies.documents import Case, Criterion, Dimension, Framework, Page, Sample
from casestudies.source import Problem, Source, SourceError, read

DEFAULT_CONTENT = Path(__file__).resolve().parent / "content"
KINDS = ("classic", "genai", "platform")
MAX_FILES = 500
# What a sample need not say.
SAMPLE_DEFAULTS: dict[str, Any] = {
    "position": 99,
    "mode": "solo",
    "interviewer": None,
    "dropped": {"nodes": [], "edges": []},
    "scores": {},
}


@dataclass(frozen=True)
class Pack:
    """Everything in one content tree, valid as a whole."""

    root: Path
    dimensions: dict[str, Dimension]
    criteria: dict[str, Criterion]
    frameworks: dict[str, Framework]
    cases: dict[str, Case]
    samples: dict[str, Sample]
    guide: dict[str, Page]
    # Packs read in full: a case of theirs that is not among `cases` is gone. Empty for a lone file.
    covers: frozenset[str]
    # Whether bank and frameworks are the tree's own: then what it does not have is gone.
    is_whole: bool


class PackError(Exception):
    """Content with problems; `problems` names file and line of each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def load(path: Path = DEFAULT_CONTENT) -> Pack:
    """Return the content of a tree, or of one file; PackError lists everything that is wrong with it."""
    return Reading(Path(path)).pack()


def content_hash(document: Any) -> str:
    """Return the SHA-256 of a JSON value in canonical form."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


class Reading:
    """One pass over a path: what was read so far, and what is wrong with it."""

    def __init__(self, path: Path, only: tuple[str, ...] = ()) -> None:
        self.path = path
        self.only = only  # folders to read; none named: all of them
        self.root = path if path.is_dir() else path.parent
        self.problems: list[Problem] = []
        self.sources: dict[str, list[tuple[Path, Source]]] = {}

    def pack(self) -> Pack:
        for file in files(self.path):
            if not self.only or file.parent.name in self.only:
                self.read(file)
        if self.problems:
            # What refers to a file that could not be read would only echo it.
            raise PackError(self.problems)
        base = self.base()
        pack = self.whole() if base is None else self.part(base)
        if self.problems:
            raise PackError(self.problems)
        return pack

    def read(self, file: Path) -> None:
        name = str(file.relative_to(self.root))
        try:
            source = read(file, name)
        except SourceError as refusal:
            self.problems.append(Problem(name, refusal.line, refusal.says))
            return
        kind = kind_of(file, source.value)
        self.problems.extend(shapes.problems(source, kind))
        self.sources.setdefault(kind, []).append((file, source))

    def base(self) -> Pack | None:
        """Return the default content a tree without a bank leans on; None when it has its own."""
        if {"criteria", "dimensions", "framework"} <= self.sources.keys():
            return None
        if self.path.resolve() == DEFAULT_CONTENT.resolve():
            raise refuse(self.path, "Bank or frameworks are missing. Bring back bank/ and frameworks/.")
        if {"criteria", "dimensions"} & self.sources.keys():
            says = "A bank is read with its whole tree. Name the directory that holds bank/ and frameworks/."
            raise refuse(self.path, says)
        # A framework or a sample is about cases too; a case needs only what it is scored by, and does
        # not wait for other cases to be in order.
        if {"framework", "sample"} & self.sources.keys():
            return Reading(DEFAULT_CONTENT).pack()
        only = ("bank", "frameworks", "guide") if "guide" in self.sources else ("bank", "frameworks")
        return Reading(DEFAULT_CONTENT, only=only).pack()

    def whole(self) -> Pack:
        """Return a tree that has everything of its own."""
        dimensions, bank = self.bank("dimensions", "slug"), self.bank("criteria", "code")
        frameworks, cases = self.frameworks(bank), self.cases(bank)
        return Pack(
            root=self.root,
            dimensions=dimensions,
            criteria=bank,
            frameworks=frameworks,
            cases=cases,
            samples=self.samples(cases, frameworks, bank),
            guide=self.guide(bank),
            covers=frozenset(KINDS) | {case["pack"] for case in cases.values()},
            is_whole=True,
        )

    def part(self, base: Pack) -> Pack:
        """Return cases or frameworks laid over the default content."""
        frameworks = {**base.frameworks, **self.frameworks(base.criteria)}
        own = self.cases(base.criteria, pack=self.root.resolve().name)
        return Pack(
            root=self.root,
            dimensions=base.dimensions,
            criteria=base.criteria,
            frameworks=in_order(frameworks),
            # A framework of one's own makes a rubric of every case.
            cases={**base.cases, **own} if "framework" in self.sources else own,
            samples=self.samples({**base.cases, **own}, frameworks, base.criteria),
            guide=self.guide(base.criteria, base.guide),
            covers=frozenset({self.root.resolve().name}) if own and self.path.is_dir() else frozenset(),
            is_whole=False,
        )

    def tell(self, source: Source, found: checks.Found) -> None:
        self.problems.extend(source.problem(where, says) for where, says in found)

    def bank(self, kind: str, key: str) -> dict[str, Any]:
        check = checks.dimensions if kind == "dimensions" else checks.criteria
        items: dict[str, Any] = {}
        for position, (_, source) in enumerate(self.sources.get(kind, [])):
            if position:
                says = f"There is already a file of {kind}. Put both into one."
                self.problems.append(source.problem((), says))
            self.tell(source, check(source.value))
            items.update((item[key], item) for item in source.value)
        return items

    def frameworks(self, bank: dict[str, Criterion]) -> dict[str, Framework]:
        found: dict[str, Framework] = {}
        for file, source in self.sources.get("framework", []):
            self.named_once(file, source, found)
            self.tell(source, checks.framework(source.value, bank))
            found[source.value["slug"]] = source.value
        return in_order(found)

    def cases(self, bank: dict[str, Criterion], pack: str | None = None) -> dict[str, Case]:
        """Return the cases, each in the pack named, or else in that of its folder."""
        found: dict[str, Case] = {}
        for file, source in self.sources.get("case", []):
            self.named_once(file, source, found)
            kind, folder = source.value["kind"], file.parent.name
            if folder in KINDS and kind != folder:
                says = f"The kind is `{kind}`, but the file lies in {folder}/. Move it, or correct the kind."
                self.problems.append(source.problem(("kind",), says))
            self.tell(source, checks.case(source.value, bank))
            found[source.value["slug"]] = cast(Case, {**source.value, "pack": pack or folder})
        return found

    def samples(
        self, cases: dict[str, Case], frameworks: dict[str, Framework], bank: dict[str, Criterion]
    ) -> dict[str, Sample]:
        """Return the samples in the order in which they are held."""
        found: dict[str, Sample] = {}
        for file, source in self.sources.get("sample", []):
            self.named_once(file, source, found)
            self.tell(source, sample_checks.sample(source.value, cases, frameworks, bank))
            found[source.value["slug"]] = cast(Sample, {**SAMPLE_DEFAULTS, **source.value})
        return dict(sorted(found.items(), key=lambda item: (item[1]["position"], item[0])))

    def guide(self, bank: dict[str, Criterion], beside: Mapping[str, Page] | None = None) -> dict[str, Page]:
        """Return the pages of the guide; `beside` are pages of the default content they may point to."""
        found: dict[str, Page] = {}
        sources = self.sources.get("guide", [])
        for file, source in sources:
            self.named_once(file, source, found)
            found[source.value["slug"]] = cast(Page, {"figures": {}, "checks": [], **source.value})
        known = {**(beside or {}), **found}
        for _, source in sources:
            self.tell(source, guide_checks.page(source.value, bank, known))
        return found

    def named_once(self, file: Path, source: Source, found: Mapping[str, Any]) -> None:
        slug = source.value["slug"]
        if slug != file.stem:
            says = f"The slug is `{slug}`. Name the file {slug}.yaml, or correct the slug."
            self.problems.append(source.problem(("slug",), says))
        if slug in found:
            says = f"Another file already has the slug `{slug}`. Choose another."
            self.problems.append(source.problem(("slug",), says))


def files(path: Path) -> list[Path]:
    """Return the YAML files of a path, sorted; hidden ones and links that lead out of it are left out."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise refuse(path, "There is no such file or directory. Check the path.")
    inside = path.resolve()
    found = [
        file
        for file in sorted(path.rglob("*"))
        if file.suffix in (".yaml", ".yml")
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
        and file.is_file()
        and file.resolve().is_relative_to(inside)
    ]
    if not found:
        raise refuse(path, "There is no .yaml file in this directory. Check the path.")
    if len(found) > MAX_FILES:
        raise refuse(path, f"There are more than {MAX_FILES} .yaml files here. Check the path.")
    return found


def refuse(path: Path, says: str) -> PackError:
    return PackError([Problem(str(path), 1, says)])


def in_order(frameworks: dict[str, Framework]) -> dict[str, Framework]:
    return dict(sorted(frameworks.items(), key=lambda item: (item[1]["position"], item[0])))


def kind_of(file: Path, value: Any) -> str:
    """Return which schema a file is held to, from its place; a lone file tells by its keys."""
    if file.parent.name == "bank" or isinstance(value, list):
        return "dimensions" if file.stem == "dimensions" else "criteria"
    if file.parent.name == "frameworks":
        return "framework"
    if file.parent.name == "samples":
        return "sample"
    if file.parent.name == "guide" or (isinstance(value, dict) and "see_also" in value):
        return "guide"
    if isinstance(value, dict) and "steps" in value and "prompt" not in value:
        return "framework"
    return "case"
