import json

import pytest

from casestudies.pack import load
from casestudies.rubrics import compile_rubric, rubric_hash
from tests.factories.casestudies import case_document, write_tree


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    return load(write_tree(tmp_path_factory.mktemp("content") / "tree", case_document()))


@pytest.mark.parametrize("framework", ["four-step", "six-step", "seven-step", "nine-step"])
def test_every_scored_criterion_has_its_step(pack, framework):
    body = compile_rubric(pack, framework, "toy-case")
    steps = {step["slug"]: step["criteria"] for step in body["framework"]["steps"]}
    for criterion in body["criteria"]:
        if criterion["source"] == "person":
            assert criterion["step"] is None
        else:
            assert criterion["code"] in steps[criterion["step"]]


def test_a_rubric_carries_what_the_engine_reads(pack):
    body = compile_rubric(pack, "seven-step", "toy-case")
    assert body["schema"] == 1
    assert body["case"]["figures"]["peak_qps"] == 30
    assert body["case"]["facts"][3] == {
        "id": "fact-3", "ask": "What about number 3?", "answer": "Fact 3 is so.", "terms": ["what"],
    }  # fmt: skip
    assert body["dimensions"]["scope"] == {"name": "Scope", "weight": 15}
    assert [item["id"] for item in body["expectations"]] == [f"expected-{n}" for n in range(8)]
    assert all(
        len(criterion["anchors"]) == 5 and len(criterion["next"]) == 4 for criterion in body["criteria"]
    )


def test_a_rubric_without_a_case_expects_nothing_in_particular(pack):
    body = compile_rubric(pack, "six-step")
    assert (body["case"], body["expectations"]) == (None, [])


def test_the_hash_depends_on_the_content_alone(pack):
    body = compile_rubric(pack, "seven-step", "toy-case")
    shuffled = json.loads(json.dumps(dict(reversed(list(body.items())))))
    assert rubric_hash(shuffled) == rubric_hash(body)
    assert len(rubric_hash(body)) == 64
    body["expectations"][0]["weight"] = 2
    assert rubric_hash(shuffled) != rubric_hash(body)


@pytest.mark.parametrize(("framework", "case"), [("ten-step", "toy-case"), ("seven-step", "no-case")])
def test_what_is_not_there_is_named(pack, framework, case):
    with pytest.raises(LookupError, match=r"There is no (framework `ten-step`|case `no-case`)\. Known: "):
        compile_rubric(pack, framework, case)
