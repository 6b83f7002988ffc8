"""The ontology: which words name which concept, and which only look like it."""

import pytest

from interviews.scoring.levels import rules
from interviews.scoring.lexicon import cues, expand, ontology
from interviews.scoring.text import tokens_of


def concepts(text: str) -> set[str]:
    """Return the marks of everything a text names."""
    lexicon = ontology()
    return {
        mark
        for match in lexicon.find(tokens_of(text), text)
        for mark in lexicon.concepts[match.concept].marks
    }


def test_there_are_concepts_for_everything_a_strong_answer_talks_about():
    lexicon = ontology()
    assert len(lexicon.concepts) >= 250
    covered = {code for concept in lexicon.concepts.values() for code in concept.criteria | concept.topics}
    assert covered == set(rules())


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("we use XGBoost", "boosted_trees"),
        ("a two-tower model", "two_tower"),
        ("ROC AUC", "auc"),
        ("measured by MAP", "mean_average_precision"),
        ("an ANN index", "ann_index"),
        ("HNSW", "ann_index"),
        ("an A/B test", "ab_test"),
        ("population stability index", "psi"),
        ("retraining every night", "retraining"),
        ("fit again every quarter", "retraining"),
        ("quantised to int8", "quantization"),
        ("approximate nearest neighbours", "ann_index"),
        ("retrieval-augmented generation", "rag_task"),
        ("an LLM judge", "llm_judge"),
        ("hallucinations", "hallucination"),
        ("gradiant boosted trees", "boosted_trees"),
        ("candidate generaton and ranking", "retrieval_stage"),
        ("keep a close eye on it", "monitor_topic"),
        ("logistic model", "logistic_regression"),
    ],
)
def test_words_abbreviations_and_slips_name_their_concept(text, concept):
    assert concept in concepts(text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("a map of the city", "mean_average_precision"),
        ("a pre-trained network", "retraining"),
        ("logistic regression", "regression_task"),
        ("watch time", "monitor_topic"),
        ("the feature store", "feature_topic"),
        ("false positive", "labels_topic"),
        ("the lost parcel", "losses"),
        ("it works like this", "engagement_metric"),
        ("the rest of it", "rest"),
        ("a unique class", "quantization"),
    ],
)
def test_words_that_mean_something_else_do_not(text, concept):
    assert concept not in concepts(text)


def test_options_in_a_term_are_written_out():
    assert list(expand("[a/b] c [d/e]")) == ["a c d", "a c e", "b c d", "b c e"]


def test_every_mark_a_rule_asks_for_can_be_found():
    made_in_code = {
        *(
            "reason",
            "figure",
            "specific",
            "long",
            "condition",
            "schema",
            "schemas",
            "arrow",
            "arrows",
            "fig_plain",
        ),
        *(
            "flow_two",
            "flow_three",
            "question",
            "answered_question",
            "scale_figure",
            "deadline_figure",
            "must_beat",
        ),
        *("both_sides", "both_stages", "both_paths", "rep_one", "rep_two", "fgroups"),
    }
    known = {
        mark for lexicon in (ontology(), cues()) for one in lexicon.concepts.values() for mark in one.marks
    }
    asked = {mark for rule in rules().values() for mark in rule.explain} | {
        mark for rule in rules().values() for mark in rule.unless | rule.still
    }
    unknown = {mark for mark in asked - known - made_in_code if not mark.startswith(("fig_", "label_C"))}
    assert not unknown
