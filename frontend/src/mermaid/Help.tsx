/** How boxes of each kind are written, folded away below the text. */
const ROWS: readonly [text: string, means: string][] = [
  ["a[Plain box]", "a box without a kind"],
  ["s[(Feature store)]", "a store"],
  ["q{{Events}}", "a queue"],
  ["r[Ranker]:::model", "a model; so with every kind"],
  ["r[Ranker · 20 ms · 4,000/s]", "with latency and volume"],
  ['a -->|"asks"| b', "an arrow with words"],
  ["a <--> b, a --- b", "both ways, no head"],
  ["subgraph on[Online] … end", "a frame around boxes"],
];

export function Help() {
  return (
    <details className="mermaid__help">
      <summary>How it is written</summary>
      <dl>
        {ROWS.map(([text, means]) => (
          <div key={text}>
            <dt>
              <code>{text}</code>
            </dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
      <p>
        Kinds: client, source, service, model, store, index, cache, queue, pipeline, training, registry, monitoring. Boxes keep
        their place, size and colour when the text changes; text and drawings that are no boxes are not in it.
      </p>
    </details>
  );
}
