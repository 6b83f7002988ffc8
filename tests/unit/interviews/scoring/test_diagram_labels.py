"""What boxes are taken for, from the words on them."""

import pytest

from interviews.scoring.diagram import read
from interviews.scoring.diagram.figures import counts, milliseconds
from interviews.scoring.diagram.labels import read_label

LABELS = [
    # abbreviations
    ("FS", {"feature_store"}),
    ("Online FS", {"feature_store"}),
    ("KV", {"store"}),
    ("ANN idx", {"index"}),
    ("Cand gen", {"retrieval"}),
    ("MM tower", {"retrieval"}),
    ("LTR", {"ranker"}),
    ("GW", {"gateway"}),
    ("DWH", {"warehouse"}),
    ("Mon", {"monitoring"}),
    ("Model reg", {"registry"}),
    ("Usr", {"client"}),
    ("Trng", {"training"}),
    ("Kfk", {"stream"}),
    ("Rnkr", {"ranker"}),
    ("Monit.", {"monitoring"}),
    ("Graf.", {"monitoring"}),
    ("Pst", set()),  # could be posts, a post or a past: nothing fits alone
    ("Train ranker", {"training"}),
    ("Fine-tune intent", {"training"}),
    # products
    ("Kafka", {"stream"}),
    ("Flink", {"streamproc"}),
    ("Spark", {"process"}),
    ("Redis", {"cache"}),
    ("Faiss", {"index"}),
    ("Milvus", {"index"}),
    ("MLflow", {"registry"}),
    ("Airflow", {"process"}),
    ("Triton", {"model_server"}),
    ("Feast", {"feature_store"}),
    ("Prometheus + Grafana", {"monitoring"}),
    ("Evidently", {"monitoring"}),
    ("S3 bucket", {"lake"}),
    ("BigQuery", {"warehouse"}),
    ("Snowflake", {"warehouse"}),
    ("DynamoDB", {"store"}),
    ("Cassandra", {"store"}),
    ("Kubernetes", {"service"}),
    ("LightGBM", {"model"}),
    ("Qdrant", {"index"}),
    ("PagerDuty", {"alerting"}),
    # the last noun decides
    ("Model training", {"training"}),
    ("Ranking model training", {"training"}),
    ("Model registry", {"registry"}),
    ("Model monitoring", {"monitoring"}),
    ("Training data", {"dataset"}),
    ("Ranker cache", {"cache"}),
    ("Ranking logs", {"log"}),
    ("User profile DB", {"source"}),
    ("User service", {"service"}),
    ("Candidate ranking", {"ranker"}),
    ("Candidate ads", {"retrieval"}),
    ("Search indexer", {"index_job"}),
    ("Batch scoring", {"batch_scorer"}),
    ("Scoring job", {"batch_scorer"}),
    ("Scoring API", {"scorer"}),
    # a noun together with the box it stands in
    ("Aerospike (features)", {"feature_store"}),
    ("Features in Redis", {"feature_store", "cache"}),
    ("Online features (Feast/Redis)", {"feature_store"}),
    ("Online feature store (Redis)", {"feature_store"}),
    ("Flink (stream features)", {"streamproc"}),
    ("Feature job", {"process"}),
    ("Model bucket", {"registry"}),
    ("Predictions table", {"prediction_store"}),
    ("Embedding job", {"index_job"}),
    ("Embedding store", {"index"}),
    ("Event processing", {"streamproc"}),
    ("Play events (Kafka)", {"log", "stream"}),
    ("Prediction cache", {"prediction_store", "cache"}),
    # verbs
    ("Rank candidates", {"ranker"}),
    ("Train model", {"training"}),
    ("learn model every night", {"training"}),
    ("Monitor drift", {"monitoring"}),
    ("Score all customers", {"batch_scorer"}),
    ("sort by score", {"ranker"}),
    # two parts in one box
    ("Retrieval + ranking", {"retrieval", "ranker"}),
    ("Dashboards and alerts", {"monitoring", "alerting"}),
    ("Feature & label store", {"feature_store", "label"}),
    # several lines, brackets, notes
    ("Ranker\n12 ms", {"ranker"}),
    ("Feature\nstore", {"feature_store"}),
    ("Training pipeline\nPython/MLflow", {"training"}),
    ("Ranker\n- XGBoost\n- 200 features", {"ranker"}),
    ("Retrieval: CF + content towers", {"retrieval"}),
    ("Cache for embeddings", {"cache"}),
    # typing slips
    ("Elastic retreival", {"retrieval"}),
    ("Chache", {"cache"}),
    ("Feture store", {"feature_store"}),
    ("Monitering", {"monitoring"}),
    ("Impresion log", {"log"}),
    ("recomendation servis", {"service"}),
    # written together
    ("FeatureStore", {"feature_store"}),
    ("FEATURESTORE", {"feature_store"}),
    ("candidate_generation", {"retrieval"}),
    ("UserProfileDB", {"source"}),
    # nothing to go by
    ("", set()),
    ("???", set()),
    ("Ранжирование", set()),
]


@pytest.mark.parametrize(("label", "parts"), LABELS, ids=[repr(label) for label, _ in LABELS])
def test_a_label_says_what_its_box_is(label, parts):
    assert read_label(label).parts == parts


@pytest.mark.parametrize("label", [label for label, _ in LABELS])
def test_capital_letters_change_nothing(label):
    assert read_label(label.upper()).parts == read_label(label.lower()).parts


@pytest.mark.parametrize(
    "label", ["Match service", "Trading desk", "Transition matrix", "Ranger", "Catch all"]
)
def test_an_ordinary_word_is_not_corrected_into_a_part(label):
    assert not read_label(label).parts & {"batch_scorer", "training", "ranker", "cache"}


def test_the_label_decides_over_the_kind_of_the_palette():
    diagram = read({"nodes": [{"id": "a", "label": "Feature store", "kind": "cache"}], "edges": []})
    assert diagram.nodes[0].parts == {"feature_store"}


@pytest.mark.parametrize(
    ("label", "kind", "parts"),
    [
        ("", "queue", {"stream"}),
        ("Bob", "model", {"model"}),
        ("Trie in memory", "index", {"index"}),
        ("Redis", "store", {"store"}),
        ("Redis", "cache", {"cache"}),
        ("Spark", "training", {"process", "training"}),
        ("Recommendation service", "model", {"service", "model"}),
        ("Ranker", "unheard of", {"ranker"}),
    ],
)
def test_the_kind_helps_where_the_label_says_little(label, kind, parts):
    diagram = read({"nodes": [{"id": "a", "label": label, "kind": kind}], "edges": []})
    assert diagram.nodes[0].parts == parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ranker 12 ms", 12),
        ("p99 30ms", 30),
        ("Ranker\n200 → 50, 40 ms", 40),
        ("API 1.5 s", 1500),
        ("cache TTL 5 s", None),
        ("aggregate over 30 s", None),
        ("every 10 s", None),
        ("5 items", None),
        ("", None),
    ],
)
def test_milliseconds_are_read_from_a_label(text, expected):
    assert milliseconds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Retrieval 800 items, 15 ms", (800,)),
        ("1k → 200", (1000, 200)),
        ("ScaNN index 500M", (500_000_000,)),
        ("L2 ranker v3", ()),
        ("stage 2", ()),
        ("Top 500", (500,)),
    ],
)
def test_counts_are_read_from_a_label(text, expected):
    assert counts(text) == expected
