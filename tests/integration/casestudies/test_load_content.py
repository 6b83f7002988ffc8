"""manage.py load_content, on trees of its own and on the library that comes with it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casestudies.models import (
    CaseStudy,
    Criterion,
    Expectation,
    Fact,
    FollowUp,
    Framework,
    GuidePage,
    Hint,
    Rubric,
    Step,
)
from casestudies.rubrics import rubric_hash
from tests.factories.casestudies import CaseStudyFactory, case_document, write_case, write_tree

pytestmark = pytest.mark.django_db
TABLES = (Criterion, Framework, Step, CaseStudy, Fact, Hint, FollowUp, Expectation, Rubric, GuidePage)


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("load_content", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: object) -> tuple[str, str]:
    err = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("load_content", *arguments, stdout=StringIO(), stderr=err)
    return str(caught.value), err.getvalue()


def rows() -> dict[str, list[dict]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "tree", case_document("one-case"), case_document("two-case"))


def test_the_library_that_comes_with_it_is_loaded_by_default():
    assert "cases:" in run()
    assert CaseStudy.objects.published().exists()
    assert Rubric.objects.current().count() == CaseStudy.objects.count() * Framework.objects.count()


def test_a_tree_is_loaded_in_one_line(tree):
    told = run(tree)
    assert told.startswith("2 cases, 4 frameworks, 35 criteria, 0 pages of the guide. criteria: 35 added;")
    assert told.count("\n") == 1
    case = CaseStudy.objects.get(slug="one-case")
    assert (case.pack, case.figures["peak_qps"], len(case.content_hash)) == ("classic", 30, 64)
    assert (case.facts.count(), case.hints.count(), case.follow_ups.count(), case.expectations.count()) == (
        12,
        24,
        8,
        8,
    )
    step = Step.objects.get(framework__slug="seven-step", slug="clarify")
    assert set(step.criteria.values_list("code", flat=True)) == {"C01", "C02", "C03"}
    rubric = case.rubrics.current().get(framework__slug="seven-step")
    assert rubric.body["case"]["slug"] == "one-case"
    assert rubric_hash(rubric.body) == rubric.hash


def test_a_second_run_says_so_and_writes_nothing(tree):
    run(tree)
    before = rows()
    with CaptureQueriesContext(connection) as queries:
        told = run(tree)
    assert told.endswith("Nothing changed.\n")
    assert [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert rows() == before


def test_reading_again_takes_the_same_queries_however_many_cases(tree, tmp_path):
    run(tree)
    with CaptureQueriesContext(connection) as two:
        run(tree)
    for n in range(5):
        write_case(tree / "classic", case_document(f"more-case-{n}"))
    run(tree)
    with CaptureQueriesContext(connection) as seven:
        run(tree)
    assert len(seven) == len(two)


def test_changed_rows_are_updated_in_place_and_the_rest_is_left_alone(tree):
    run(tree)
    before = rows()
    changed = case_document("one-case", title="Renamed case")
    changed["facts"][3]["answer"] = "It is otherwise now."
    changed["facts"].append({"id": "new-fact", "ask": "Anything new?", "answer": "This.", "terms": ["new"]})
    del changed["follow_ups"][0]
    changed["follow_ups"].append({"id": "ask-new", "criterion": "C05", "ask": "And what now?"})
    write_case(tree / "classic", changed)
    told = run(tree)
    assert told.endswith(
        ". cases: 1 changed; facts: 1 changed, 1 added; follow-ups: 1 removed, 7 changed, 1 added;"
        " rubrics: 4 put in force.\n"
    )
    after = rows()
    assert [row["id"] for row in after["CaseStudy"]] == [row["id"] for row in before["CaseStudy"]]
    assert [row["id"] for row in after["Fact"]][: len(before["Fact"])] == [
        row["id"] for row in before["Fact"]
    ]
    assert CaseStudy.objects.get(slug="one-case").title == "Renamed case"
    assert Fact.objects.get(case__slug="one-case", key="fact-3").answer == "It is otherwise now."
    two = CaseStudy.objects.get(slug="two-case").pk
    for table in ("Fact", "Hint", "FollowUp", "Expectation"):
        assert [r for r in after[table] if r["case_id"] == two] == [
            r for r in before[table] if r["case_id"] == two
        ]


def test_old_rubrics_stay_and_come_back_in_force_when_the_text_does(tree):
    run(tree)
    old = {rubric.pk: (rubric.hash, rubric.body) for rubric in Rubric.objects.all()}
    document = case_document("one-case", version=2)
    document["expectations"][0]["weight"] = 3
    write_case(tree / "classic", document)
    run(tree)
    kept = {rubric.pk: (rubric.hash, rubric.body) for rubric in Rubric.objects.filter(pk__in=old)}
    assert kept == old
    one = Rubric.objects.filter(case__slug="one-case")
    assert (one.count(), one.current().count(), one.current().filter(pk__in=old).count()) == (8, 4, 0)
    write_case(tree / "classic", case_document("one-case"))
    run(tree)
    assert (one.count(), set(one.current().values_list("pk", flat=True)) <= set(old)) == (8, True)


def test_a_change_of_the_bank_puts_a_new_rubric_in_force_for_every_case(tree):
    run(tree)
    bank = tree / "bank" / "criteria.yaml"
    bank.write_text(bank.read_text().replace("weight: 2", "weight: 3", 1))
    assert "criteria: 1 changed; rubrics: 8 put in force." in run(tree)
    assert Rubric.objects.count() == 16


def test_steps_can_change_places(tree):
    run(tree)
    framework = tree / "frameworks" / "four-step.yaml"
    before = list(
        Step.objects.filter(framework__slug="four-step").order_by("position").values_list("pk", flat=True)
    )
    head, *steps = framework.read_text().split("  - slug: ")
    framework.write_text("  - slug: ".join([head, steps[1].rstrip() + "\n", steps[0], *steps[2:]]))
    run(tree)
    after = list(
        Step.objects.filter(framework__slug="four-step").order_by("position").values_list("pk", flat=True)
    )
    assert after == [before[1], before[0], *before[2:]]


def test_a_case_gone_from_the_files_is_withdrawn_and_comes_back(tree):
    run(tree)
    file = tree / "classic" / "two-case.yaml"
    text = file.read_text()
    file.unlink()
    assert "cases: 1 withdrawn" in run(tree)
    gone = CaseStudy.objects.get(slug="two-case")
    assert (gone.status, gone.facts.count()) == ("withdrawn", 12)
    assert run(tree).endswith("Nothing changed.\n")
    file.write_text(text)
    assert "cases: 1 changed" in run(tree)
    assert CaseStudy.objects.get(slug="two-case").status == "published"


def test_a_framework_gone_from_the_files_is_no_longer_offered(tree):
    run(tree)
    (tree / "frameworks" / "six-step.yaml").unlink()
    assert "frameworks: 1 withdrawn" in run(tree)
    assert Framework.objects.get(slug="six-step").is_offered is False
    assert not Framework.objects.offered().filter(slug="six-step").exists()


def test_a_pack_of_ones_own_stays_when_the_library_is_loaded_again(tree, tmp_path):
    run(tree)
    write_case(tmp_path / "mine", case_document("my-case"))
    run(tmp_path / "mine")
    run(tree)
    assert CaseStudy.objects.get(slug="my-case").status == "published"
    assert CaseStudy.objects.get(slug="one-case").status == "published"


def test_one_file_touches_only_its_case(tree):
    run(tree)
    write_case(tree / "classic", case_document("one-case", title="Renamed case"))
    write_case(tree / "classic", case_document("two-case", title="Renamed as well"))
    run(tree / "classic" / "one-case.yaml")
    assert CaseStudy.objects.get(slug="one-case").title == "Renamed case"
    assert CaseStudy.objects.get(slug="two-case").title == "Toy case"


def test_a_slug_of_another_pack_is_not_taken_over(tree, tmp_path):
    run(tree)
    before = rows()
    write_case(tmp_path / "mine", case_document("one-case", title="Mine now"))
    sentence, _ = refused(tmp_path / "mine")
    assert "`one-case` belongs to the pack `classic`" in sentence
    assert rows() == before


def test_errors_name_file_and_line_and_change_nothing(tree):
    run(tree)
    before = rows()
    write_case(tree / "classic", case_document("one-case", title="Renamed case"))
    broken = write_case(tree / "classic", case_document("two-case", difficulty=7))
    line = next(
        n for n, text in enumerate(broken.read_text().splitlines(), 1) if text.startswith("difficulty")
    )
    sentence, told = refused(tree)
    assert sentence == "1 problem found. Nothing was changed."
    assert told == f"classic/two-case.yaml:{line}: `difficulty` is 7. It must be at most 3.\n"
    assert rows() == before


def test_a_failure_half_way_changes_nothing(tree, monkeypatch):
    run(tree)
    before = rows()
    write_case(tree / "classic", case_document("one-case", title="Renamed case"))

    def fail(*arguments: object) -> None:
        raise ConnectionError("the server went away")

    monkeypatch.setattr("casestudies.loading.load_rubrics", fail)
    with pytest.raises(ConnectionError):
        run(tree)
    assert rows() == before


@pytest.mark.parametrize(
    "content",
    [
        b"a: &a [x]\nb: [*a, *a]\n",
        b"slug: caf\xe9\n",
        b"[" * 10_000,
        b"x: " + b"y" * 300_000,
        b"!!python/object/apply:os.system ['true']\n",
        b'{"slug": "a", "slug": "b"}',
        b"\x00\x01\x02",
        b"",
    ],
)
def test_hostile_files_are_refused_in_a_sentence_and_change_nothing(tree, content):
    run(tree)
    before = rows()
    (tree / "classic" / "hostile.yaml").write_bytes(content)
    sentence, told = refused(tree)
    assert "Nothing was changed." in sentence
    assert told.startswith("classic/hostile.yaml:1:") or told.startswith("classic/hostile.yaml:2:")
    assert len(told) < 500
    assert rows() == before


def test_check_validates_and_writes_nothing(tree):
    with CaptureQueriesContext(connection) as queries:
        assert (
            run(tree, "--check") == "2 cases, 4 frameworks, 35 criteria, 0 pages of the guide: all valid.\n"
        )
    assert len(queries) == 0
    assert not CaseStudy.objects.exists()


def test_a_path_that_is_not_there_is_named(tmp_path):
    assert "Check the path" in refused(tmp_path / "nowhere")[1]


@pytest.mark.parametrize(
    "field", [{"kind": "modern"}, {"status": "gone"}, {"difficulty": 4}, {"minutes": 50}]
)
def test_the_database_refuses_a_case_that_makes_no_sense(field):
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseStudyFactory(**field)


def test_the_database_keeps_one_current_rubric(tree):
    run(tree)
    rubric = Rubric.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rubric.objects.create(case=rubric.case, framework=rubric.framework, hash="0" * 64, body={})
