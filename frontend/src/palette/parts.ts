/** The parts of a machine-learning system that a candidate can put on the board, as one table. */

/** What a part is to the scoring engine; the twelve kinds a node of the graph can have. */
export const KINDS = [
  "client",
  "service",
  "model",
  "store",
  "index",
  "cache",
  "queue",
  "pipeline",
  "training",
  "registry",
  "monitoring",
  "source",
] as const;
export type Kind = (typeof KINDS)[number];

export type Dimension = "scope" | "data" | "features" | "model" | "evaluation" | "serving" | "monitoring";

export interface Part {
  slug: string;
  label: string;
  kind: Kind;
  group: string;
  tint: Dimension;
  /** Other words a person might type into the filter. */
  words: string;
}

const row =
  (group: string, tint: Dimension) =>
  (slug: string, label: string, kind: Kind, words = ""): Part => ({ slug, label, kind, group, tint, words });

const edge = row("People and sources", "scope");
const data = row("Data and labels", "data");
const feature = row("Features", "features");
const train = row("Training", "model");
const rank = row("Retrieval and ranking", "model");
const llm = row("Language models", "model");
const check = row("Evaluation and rollout", "evaluation");
const serve = row("Serving", "serving");
const watch = row("Monitoring and people", "monitoring");

export const PARTS: readonly Part[] = [
  edge("client-app", "Client app", "client", "user mobile browser web frontend"),
  edge("event-source", "Event source", "source", "producer clicks impressions transactions logs"),
  edge("third-party-data", "Third-party data", "source", "external vendor partner api"),
  edge("app-database", "Application database", "store", "sql postgres users orders"),

  data("event-stream", "Event stream", "queue", "kafka kinesis pubsub log topic"),
  data("data-lake", "Data lake", "store", "s3 object storage raw parquet"),
  data("warehouse", "Data warehouse", "store", "bigquery snowflake analytics sql"),
  data("data-validation", "Data validation", "pipeline", "quality schema checks expectations"),
  data("label-store", "Label store", "store", "ground truth targets annotations"),
  data("label-joiner", "Label join", "pipeline", "delayed feedback attribution chargeback"),
  data("training-set-builder", "Training set builder", "pipeline", "dataset point in time join sampling"),

  feature("feature-pipeline", "Batch features", "pipeline", "feature pipeline spark etl daily"),
  feature("streaming-features", "Streaming features", "pipeline", "flink real time window counters aggregation"),
  feature("feature-store-online", "Online feature store", "store", "low latency redis lookup"),
  feature("feature-store-offline", "Offline feature store", "store", "history backfill point in time"),

  train("trainer", "Trainer", "training", "training job fit gpu"),
  train("hyperparameter-tuning", "Hyperparameter tuning", "training", "search sweep optuna"),
  train("fine-tuning", "Fine-tuning", "training", "lora transfer adapt"),
  train("scheduler", "Workflow scheduler", "pipeline", "airflow orchestrator cron retraining trigger"),
  train("model-registry", "Model registry", "registry", "versions artifacts promote rollback"),
  train("experiment-tracker", "Experiment tracker", "registry", "mlflow runs metrics"),

  rank("embedding-model", "Embedding model", "model", "encoder two tower vectors"),
  rank("candidate-generator", "Candidate generator", "model", "retrieval recall first stage"),
  rank("ann-index", "ANN index", "index", "approximate nearest neighbour hnsw faiss"),
  rank("search-index", "Search index", "index", "inverted elasticsearch bm25 keyword"),
  rank("ranker", "Ranker", "model", "scoring second stage ctr"),
  rank("re-ranker", "Re-ranker and business rules", "service", "diversity policy filter blending"),

  llm("llm", "LLM", "model", "large language model generator gpt"),
  llm("prompt-builder", "Prompt builder", "service", "template context assembly"),
  llm("guardrail", "Guardrail", "service", "safety moderation filter prompt injection"),
  llm("document-chunker", "Document chunker", "pipeline", "split ingest rag"),
  llm("vector-db", "Vector database", "index", "rag embeddings retrieval"),

  check("offline-evaluation", "Offline evaluation", "pipeline", "metrics holdout backtest auc ndcg"),
  check("ab-splitter", "A/B splitter", "service", "experiment traffic split assignment"),
  check("shadow", "Shadow deployment", "service", "mirror dark launch canary"),

  serve("gateway", "API gateway", "service", "auth rate limit edge"),
  serve("load-balancer", "Load balancer", "service", "traffic replicas"),
  serve("prediction-service", "Prediction service", "service", "inference api orchestrates request"),
  serve("model-server", "Model server", "model", "inference gpu triton batch requests"),
  serve("rules-engine", "Rules engine", "service", "fallback heuristics default"),
  serve("cache", "Cache", "cache", "redis memcached ttl"),
  serve("key-value-store", "Key-value store", "store", "dynamo cassandra rocksdb"),
  serve("prediction-store", "Prediction store", "store", "precomputed results batch output"),
  serve("queue", "Work queue", "queue", "async jobs sqs rabbitmq"),
  serve("batch-scorer", "Batch scorer", "pipeline", "offline inference nightly precompute"),

  watch("prediction-log", "Prediction log", "store", "served features outcomes audit"),
  watch("monitor", "Metrics monitor", "monitoring", "dashboard latency errors grafana"),
  watch("drift-detector", "Drift detector", "monitoring", "skew distribution shift psi"),
  watch("alerting", "Alerting", "monitoring", "pager on call threshold"),
  watch("review-queue", "Human review queue", "queue", "moderators analysts annotate appeal"),
];

/** Return the parts that match every word of `query` by name, other names, kind or group, in table order. */
export function matching(query: string): readonly Part[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  return PARTS.filter((part) => {
    const text = `${part.label} ${part.slug} ${part.kind} ${part.group} ${part.words}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
