"""Content trees: the library that comes with it, and every way in which one can be wrong."""

import copy
from pathlib import Path

import pytest
import yaml

from casestudies.pack import DEFAULT_CONTENT, KINDS, PackError, load
from tests.factories.casestudies import case_document, write_case, write_tree


def problems(path: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        load(path)
    return [str(problem) for problem in caught.value.problems]


def test_the_library_that_comes_with_it_is_valid():
    pack = load(DEFAULT_CONTENT)
    assert {"four-step", "six-step", "seven-step", "nine-step"} <= pack.frameworks.keys()
    assert {f"C{n:02}" for n in range(1, 23)} == {code for code in pack.criteria if code[0] == "C"}
    assert {f"G{n:02}" for n in range(1, 11)} == {code for code in pack.criteria if code[0] == "G"}
    assert set(KINDS) <= pack.covers
    assert pack.is_whole


def test_a_small_tree_is_valid(tmp_path):
    pack = load(write_tree(tmp_path / "tree", case_document()))
    assert pack.cases["toy-case"]["pack"] == "classic"
    assert pack.cases["toy-case"]["figures"]["peak_qps"] == 30


def test_a_lone_file_and_a_directory_of_cases_lean_on_the_default_bank(tmp_path):
    file = write_case(tmp_path / "mine", case_document())
    lone, folder = load(file), load(tmp_path / "mine")
    assert (lone.cases.keys(), lone.covers) == ({"toy-case"}, frozenset())
    assert (folder.cases["toy-case"]["pack"], folder.covers) == ("mine", {"mine"})
    assert "C01" in lone.criteria
    assert not folder.is_whole


def test_a_tree_that_names_its_folders_like_ours_does_not_speak_for_ours(tmp_path):
    write_case(tmp_path / "mine" / "classic", case_document())
    assert load(tmp_path / "mine").covers == {"mine"}


def put(document: dict, path: str, value: object) -> dict:
    """Return a copy with one place changed; ... takes it away."""
    document = copy.deepcopy(document)
    keys = [int(key) if key.isdigit() else key for key in path.split("/")]
    inner = document
    for key in keys[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[keys[-1]]
    else:
        inner[keys[-1]] = value
    return document


NODE = "reference/board/nodes/3"


@pytest.mark.parametrize(
    ("path", "value", "at", "says"),
    [
        # Shape
        ("facts/3/answer", ..., "ask: What about number 3?", "no `answer`"),
        ("facts/3/anwser", "x", "anwser: x", "Did you mean `answer`?"),
        ("promt", "x", "promt: x", "Did you mean `prompt`?"),
        ("minutes", "45", "minutes:", "Choose one of 35, 45, 60"),
        ("minutes", 50, "minutes: 50", "Choose one of 35, 45, 60"),
        ("difficulty", 4, "difficulty: 4", "at most 3"),
        ("title", 7, "title: 7", "Put it in quotes"),
        ("tags", "toy", "tags: toy", "should be a list"),
        ("tags", ["a", "a"], "tags:", "an item twice"),
        ("tags", None, "tags: null", "is empty"),
        ("one_line", "x" * 91, "one_line:", "at most 90 fit"),
        ("kind", "modern", "kind: modern", "Choose one of classic, genai, platform"),
        ("status", "withdrawn", "status: withdrawn", "Choose one of draft, published"),
        ("figures/BigNumber", 3, "figures:", "small letters, digits and underscores"),
        ("figures/toys", "many", "toys: many", "should be a number"),
        ("hints/data", ["one", "two"], "data:", "has 2 of at least 3"),
        ("hints/speed", ["one", "two", "three"], "speed:", "not a key"),
        ("expectations/2/weight", 4, "weight: 4", "at most 3"),
        ("expectations/2/criterion", "P01", "criterion: P01", "a letter and two digits"),
        (f"{NODE}/kind", "database", "kind: database", "Choose one of client"),
        (f"{NODE}/at", [9, 0], "- 9", "at most 8"),
        (f"{NODE}/at", [1, 2, 3], "at:", "at most 2"),
        # Counts
        ("facts", [], "facts: []", "has 0 of at least 12. Add 12 more"),
        ("prompt", "word " * 121, "prompt:", "121 words; at most 120"),
        ("brief/idea", "word " * 181, "idea:", "181 words; at most 180"),
        ("reference/answers/data", "word " * 89, "data:", "89 words; at least 90"),
        ("reference/answers/data", "word " * 221, "data:", "221 words; at most 220"),
        ("run_sheet/0/minutes", 14, "run_sheet:", "sum to 44"),
        ("curveball/minutes", 9, "minutes: 9", "at most 8"),
        # References
        ("follow_ups/1/criterion", "C99", "criterion: C99", "no criterion `C99`"),
        ("expectations/1/criterion", "G99", "criterion: G99", "no criterion `G99`"),
        ("run_sheet/1/dimension", "money", "dimension: money", "no dimension `money`"),
        ("facts/5/id", "fact-4", "id: fact-4", "already stands at item 5"),
        (f"{NODE}/id", "box-2", "id: box-2", "already stands at item 3"),
        (f"{NODE}/group", "attic", "group: attic", "no group `attic`"),
        (f"{NODE}/at", [2, 0], "at:", "already holds `box-2`"),
        ("reference/board/edges/0/to", "box-99", "to: box-99", "no box of the board `box-99`"),
        ("reference/board/edges/0/to", "box-0", "from: box-0", "to itself"),
        ("slug", "surprise", "slug: surprise", "an address of the library"),
        # Arithmetic
        ("checks/1/equals", 20, "expr: mean_qps * 3", "comes to 30, but `20` is 20, more than 10% away"),
        ("checks/1/expr", "mean_qps * boost", "expr: mean_qps * boost", "`boost` is not among the figures"),
        ("checks/1/equals", "peek_qps", "equals: peek_qps", "no figure `peek_qps`"),
        ("checks/1/expr", "open('x')", "expr: open(", "only figures"),
        # Rules
        ("expectations/4/rule", {}, "rule: {}", "asks for nothing"),
        ("expectations/4/rule", {"require": "all"}, "rule:", "asks for nothing"),
        ("expectations/4/rule", {"words": {}}, "words: {}", "at least 1"),
        ("expectations/4/rule", {"words": {"all_of": ["a |  | b"]}}, "- a |  | b", "empty alternative"),
        ("expectations/4/rule", {"words": {"all_of": ["a | $"]}}, "- a | $", "only words are compared"),
        ("expectations/4/rule", {"word": {"all_of": ["a"]}}, "word:", "Did you mean `words`?"),
        ("expectations/4/rule", {"bound": {"metric": "latency_ms"}}, "bound:", "has no limit"),
        ("expectations/4/rule", {"bound": {"metric": "n", "at_least": 5, "at_most": 1}}, "bound:", "round"),
        ("expectations/4/rule", {"graph": {"path": ["a"]}}, "path:", "at least 2"),
        ("expectations/4/rule", {"graph": {"attached": "a", "both_sides": "b"}}, "graph:", "at most 1"),
        ("requirements/0/at_most", ..., "metric: latency_ms", "has no limit"),
        ("requirements/0/metric", ..., "at_most: 100", "has `at_most` but no `metric`"),
    ],
)  # fmt: skip
def test_a_wrong_case_is_told_by_file_and_line_with_what_to_do(tmp_path, path, value, at, says):
    file = write_case(tmp_path, put(case_document(), path, value))
    lines = file.read_text().splitlines()
    told = [problem for problem in problems(file) if says in problem]
    assert told, problems(file)
    name, line, sentence = told[0].split(":", 2)
    assert name == file.name
    # The line told is that of the thing, or of the list or group it stands in.
    assert any(at in text for text in lines[int(line) - 1 : int(line) + 5])
    assert sentence.strip().endswith((".", "?"))


def test_every_problem_of_every_file_is_told_at_once(tmp_path):
    root = write_tree(
        tmp_path / "tree",
        case_document("one-case", difficulty=9, minutes=1),
        case_document("two-case", kind="genai", area=5),
    )
    (root / "classic" / "three-case.yaml").write_text("a: [1\n")
    told = problems(root)
    assert len(told) == 4
    assert [problem.split(":")[0] for problem in told] == [
        "classic/one-case.yaml", "classic/one-case.yaml", "classic/three-case.yaml", "genai/two-case.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value", ["text", "42", "[]", "[1, 2]", "null", "true", "{}", "{slug: 5}", "{a: {b: c}}"]
)
def test_a_file_that_is_something_else_is_refused_in_sentences(tmp_path, value):
    file = tmp_path / "x.yaml"
    file.write_text(value)
    assert problems(file)


def test_a_file_with_another_name_than_its_slug_is_refused(tmp_path):
    write_case(tmp_path, case_document()).rename(tmp_path / "other.yaml")
    assert any("Name the file toy-case.yaml" in problem for problem in problems(tmp_path / "other.yaml"))


def test_two_cases_cannot_have_one_slug(tmp_path):
    root = write_tree(tmp_path / "tree", case_document(), case_document(kind="genai"))
    assert any("already has the slug `toy-case`" in problem for problem in problems(root))


def test_a_case_lies_in_the_folder_of_its_kind(tmp_path):
    root = write_tree(tmp_path / "tree", case_document())
    (root / "genai").mkdir()
    (root / "classic" / "toy-case.yaml").rename(root / "genai" / "toy-case.yaml")
    assert any("lies in genai/" in problem for problem in problems(root))


def change(file: Path, path: str, value: object) -> None:
    document = yaml.safe_load(file.read_text("utf-8"))
    file.write_text(
        yaml.safe_dump(put({"top": document}, f"top/{path}", value)["top"], sort_keys=False), "utf-8"
    )


@pytest.mark.parametrize(
    ("file", "path", "value", "says"),
    [
        ("bank/dimensions.yaml", "0/weight", 14, "sum to 99"),
        ("bank/dimensions.yaml", "8/weight", 1, "Give it weight 0"),
        ("bank/dimensions.yaml", "0/slug", "extent", "are fixed"),
        ("bank/criteria.yaml", "0/dimension", "money", "no dimension `money`"),
        ("bank/criteria.yaml", "0/source", "graph", "Codes like this are `text`"),
        ("bank/criteria.yaml", "1/code", "C01", "`C01` already stands at item 1"),
        ("bank/criteria.yaml", "0/anchors", ["a", "b"], "has 2 of at least 5"),
        ("frameworks/seven-step.yaml", "steps/0/minutes", 6, "sum to 46"),
        ("frameworks/seven-step.yaml", "steps/0/criteria", ["C01", "C02"], "No step lists C03"),
        ("frameworks/seven-step.yaml", "steps/0/criteria/0", "C04", "already stands in the step"),
        ("frameworks/seven-step.yaml", "steps/0/criteria/0", "C77", "no criterion `C77`"),
        ("frameworks/seven-step.yaml", "steps/0/dimensions", ["money"], "no dimension `money`"),
        ("frameworks/seven-step.yaml", "steps/1/dimensions", ["scope"], "No step covers framing"),
        ("frameworks/seven-step.yaml", "steps/1/slug", "clarify", "already stands at item 1"),
    ],
)
def test_a_wrong_bank_or_framework_is_told(tmp_path, file, path, value, says):
    root = write_tree(tmp_path / "tree", case_document())
    change(root / file, path, value)
    told = problems(root)
    assert any(problem.startswith(f"{file}:") and says in problem for problem in told), told


def test_a_bank_alone_is_not_read(tmp_path):
    root = write_tree(tmp_path / "tree")
    assert "whole tree" in problems(root / "bank" / "criteria.yaml")[0]


def test_a_sample_interview_names_what_there_is(tmp_path):
    root = write_tree(tmp_path / "tree", case_document())
    board = case_document()["reference"]["board"]
    steps = [step["slug"] for step in load(root).frameworks["seven-step"]["steps"]]
    sample = {
        "slug": "strong-toy", "title": "A strong one", "case": "toy-case", "framework": "seven-step",
        "level": "senior", "minutes": 45, "candidate": "Ben", "board": board,
        "seconds_per_step": dict.fromkeys(steps, 60),
        "events": [
            *({"at": 5, "kind": "drawn", "node": node["id"]} for node in board["nodes"]),
            {"at": 9, "kind": "note", "step": steps[0], "text": "We ask."},
        ],
    }  # fmt: skip
    write_case(root / "samples", sample)
    assert load(root).samples["strong-toy"]["candidate"] == "Ben"
    wrong = {
        **sample,
        "case": "no-case",
        "seconds_per_step": {"dream": 60},
        "events": [{"at": 9, "kind": "note", "step": "dream", "text": "We ask."}],
    }
    write_case(root / "samples", wrong)
    told = " ".join(problems(root))
    assert "no case `no-case`" in told
    assert "no step `dream`" in told
    assert f"`{steps[0]}` has no seconds" in told
    assert "A note needs a `step`" in told
    assert "is never drawn" in told


def test_links_that_lead_out_and_hidden_files_are_not_read(tmp_path):
    outside = write_case(tmp_path / "outside", case_document("out-case"))
    root = write_tree(tmp_path / "tree", case_document())
    (root / "classic" / "out-case.yaml").symlink_to(outside)
    write_case(root / ".hidden", case_document("hidden-case"))
    assert load(root).cases.keys() == {"toy-case"}


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_path_without_content_is_refused(tmp_path, name):
    (tmp_path / "empty").mkdir()
    assert "Check the path" in problems(tmp_path / name)[0]
