"""How weights are learned: the regression, what is learned from, and the figures that judge it."""

import json
import math
import random

import pytest

from interviews.scoring import soft
from interviews.scoring.evidence import FEATURES
from interviews.scoring.learn import kappa, learn_levels, learn_units, spearman
from interviews.scoring.regression import Table, scaled
from interviews.scoring.taught import DATA, SETS, Passage, taught


def test_weights_are_where_the_cost_has_no_slope():
    choose = random.Random(3)
    rows = [{"a": choose.gauss(0, 1), "b": choose.gauss(0, 1)} for _ in range(400)]
    labels = [choose.random() < 1 / (1 + math.exp(-(0.5 + 2 * row["a"] - row["b"]))) for row in rows]
    table = Table(rows, [1.0] * len(rows))
    found = table.fit(labels, 0.5)
    _, slope = table.cost([found[name] for name in table.names], labels, 0.5)
    assert max(map(abs, slope)) < 0.5
    assert found["a"] == pytest.approx(2, abs=0.5)
    assert found["b"] == pytest.approx(-1, abs=0.4)
    assert found[soft.BASE] == pytest.approx(0.5, abs=0.3)


def test_the_slope_is_that_of_the_cost():
    table = Table([{"a": 1.0}, {"a": 2.0, "b": 1.0}, {"b": -1.0}], [1.0, 2.0, 0.5])
    labels, at, small = [True, False, True], [0.2, -0.3, 0.4], 1e-6
    cost, slope = table.cost(at, labels, 0.7)
    for place in range(3):
        beside = [weight + small * (number == place) for number, weight in enumerate(at)]
        assert (table.cost(beside, labels, 0.7)[0] - cost) / small == pytest.approx(slope[place], abs=1e-4)


def test_a_penalty_shrinks_weights_and_seldom_names_have_none():
    rows = [{"often": 1.0}] * 20 + [{"other": 1.0}] * 20 + [{"once": 1.0}]
    labels = [True] * 20 + [False] * 21
    free, held = (Table(rows, [1.0] * 41, 2).fit(labels, penalty) for penalty in (0.1, 10.0))
    assert free["often"] > held["often"] > 0 > held["other"]
    assert "once" not in free


def test_no_word_is_taken_for_the_base():
    rows = [{"base": 1.0}] * 5 + [{"other": 1.0}] * 45
    found = Table(rows, [1.0] * 50).fit([True] * 5 + [False] * 45, 1.0)
    assert found["base"] > 1 > -1 > found[soft.BASE]


def test_scaled_rows_spread_alike():
    rows, spread = scaled([{"a": 0.0, "b": 5.0}, {"a": 10.0, "b": 5.0}])
    assert spread == {"a": 5.0, "b": 1.0}
    assert [row["a"] for row in rows] == [0.0, 2.0]


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_marked_passages_agree_with_the_labels(folder):
    labels = json.loads((folder / "labels" / "text.json").read_text(encoding="utf-8"))
    marked = json.loads((folder / "labels" / "evidence.json").read_text(encoding="utf-8"))
    assert marked.keys() == labels.keys()
    for path in (folder / "answers").glob("*.json"):
        body = json.loads(path.read_text(encoding="utf-8"))
        found = marked[body["id"]]
        for code, level in labels[body["id"]].items():
            assert bool(level) == bool(found.get(code)), (body["id"], code)
            assert (level == 2) >= any(explains for *_, explains in found.get(code, [])), (body["id"], code)
            for step, start, end, _ in found.get(code, []):
                assert body["answers"][step][start:end].strip()


def test_no_answer_that_is_only_measured_is_learned_from():
    assert not [folder for folder in SETS if folder.name.startswith("test")]
    assert all(folder.is_relative_to(DATA) for folder in SETS)


def test_units_learn_from_what_people_marked():
    texts = {"data": "Retrain weekly on new trips.\nThe driver is greeted."}
    passages = {"C21": [Passage("data", 0, 28, True)]}
    body = {"id": "x", "case": {"title": "Bus", "prompt": "Late?"}, "answers": texts}
    group = [taught(body, "x", {"C21": 2}, passages, 1.0, True) for _ in range(4)]
    assert [unit.speaks for unit in group[0].units] == [{"C21"}, frozenset()]
    assert group[0].units[0].explains == {"C21"}
    found = learn_units(group, [])
    place = str(found["codes"].index("C21"))
    weekly = {term for term in group[0].units[0].shows if term.startswith("retrain")}.pop()
    assert found["speaks"][weekly][place] > 0
    reader = soft.Learned({**found, "present": {}, "explained": {}})
    assert reader.speaking({weekly})[int(place)] > reader.speaking({"greet"})[int(place)]


def test_levels_learn_which_figures_matter():
    nothing = dict.fromkeys(FEATURES, 0.0)
    rows = [
        ({**nothing, "best": one, "C01": 1.0}, 2 if one > 0.5 else 0, 1.0) for one in (0.1, 0.2, 0.8, 0.9)
    ] * 5
    found = learn_levels(rows)
    assert found["present"]["best"] > 1
    assert found["explained"]["best"] > 1
    assert found["present"]["second"] == 0


def test_kappa_is_one_for_full_agreement_and_none_for_chance():
    assert kappa([0, 1, 2], [0, 1, 2]) == 1
    assert kappa([0, 2, 0, 2], [0, 0, 2, 2]) == 0


def test_the_order_of_totals_is_told_with_ties():
    assert spearman([1, 2, 3], [10, 20, 30]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert spearman([1, 1, 2], [1, 1, 2]) == pytest.approx(1)
