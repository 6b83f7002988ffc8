"""Which parts serve, which learn and which hold data: the sides that the criteria tell apart."""

ASKS = frozenset({"client"})

# Ranks or scores, so that a request that gets here gets a prediction.
PREDICTS = frozenset({"ranker", "preranker", "scorer", "model", "model_server", "llm", "encoder"})

SERVES = PREDICTS | frozenset(
    {"gateway", "service", "policy", "retrieval", "understanding", "feature_service", "cdn"}
)

TRAINS = frozenset({"training", "dataset"})

DATA = frozenset({"source", "log", "stream", "lake", "warehouse", "label", "human", "dataset", "store"})

# Read or written, an arrow to one of these joins its two ends.
HOLDS = frozenset({"store", "lake", "warehouse", "cache"})
KEEPS = HOLDS | frozenset({"feature_store", "index", "prediction_store", "registry", "dataset", "label"})

OFFLINE = frozenset(
    {
        "training",
        "dataset",
        "process",
        "index_job",
        "batch_scorer",
        "evaluation",
        "registry",
        "release",
        "deploy",
        "tracking",
        "label",
    }
)

WATCHES = frozenset({"monitoring", "alerting"})

# What is recorded of what people did, and what people say afterwards.
RECORDS = frozenset({"log", "label", "human"})
