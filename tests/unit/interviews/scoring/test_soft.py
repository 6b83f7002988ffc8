"""The second opinion: words in sum, what holds it back, and that the shipped weights can be trusted."""

import json

from interviews.scoring import levels, soft
from interviews.scoring.evidence import FEATURES
from interviews.scoring.learn import kappa, weigh_words
from interviews.scoring.reading import read


def likeness(text: str) -> dict[str, float]:
    reading = read({"any": text}, "Bus delays", "Predict how late a bus is.")
    units = soft.likenesses(levels.readable(reading), soft.learned())
    codes = soft.learned().codes
    return {
        code: max((row[place] for row in units.values()), default=-9.0) for place, code in enumerate(codes)
    }


def test_a_sentence_is_most_like_the_criterion_it_speaks_for():
    found = likeness("Every garage gets a new model each month, trained on the corrections of the drivers.")
    assert max(found, key=lambda code: found[code]) == "C21"


def test_talk_is_like_nothing():
    assert max(likeness("So, thank you, let me think about this for a moment.").values()) < 0


def test_what_a_gate_holds_back_is_not_compared():
    reading = read({"any": "Which loss? Which model? Which metrics do we use?"}, "Bus delays", "Predict.")
    assert soft.likenesses(levels.readable(reading), soft.learned()) == {}


def test_every_weight_belongs_to_a_criterion_that_is_read():
    body = json.loads(soft.PATH.read_text(encoding="utf-8"))
    assert body["codes"] == sorted(levels.rules())
    assert set(body["present"]) == set(body["explained"]) == {"base", *FEATURES, *body["codes"]}
    assert all(0 <= int(place) < len(body["codes"]) for row in body["words"].values() for place in row)


def test_words_that_go_with_a_criterion_weigh_more():
    units = [({"retrain", "week"}, {"C21"})] * 8 + [({"metric", "week"}, {"C15"})] * 8
    body = weigh_words(units)
    place = str(body["codes"].index("C21"))
    assert body["words"]["retrain"][place] > 0
    assert place not in body["words"]["metric"]
    assert place not in body["words"].get("week", {})


def test_kappa_is_one_for_full_agreement_and_none_for_chance():
    assert kappa([0, 1, 2], [0, 1, 2]) == 1
    assert kappa([0, 2, 0, 2], [0, 0, 2, 2]) == 0
