import { mermaidText } from './lineage-mermaid.ts';
import type { Dependency, GraphPipeline } from './pipeline-graph.ts';
import type { Printer } from './print.ts';
import { startText } from './show-plan.ts';

/** Pipelines in the order in which they run, and what each of them waits for. */
export function showGraph(printer: Printer, graph: readonly GraphPipeline[]): void {
  printer.table(
    ['', 'pipeline', 'depends on', 'starts'],
    graph.map(({ pipeline, plan, on }, index) => [
      index + 1,
      pipeline,
      on.map(dependencyText).join('; ') || '-',
      plan.triggers.map(startText).join('; ') || 'by hand',
    ]),
    { right: [''] },
  );
}

function dependencyText({ pipeline, by, reads, elsewhere }: Dependency): string {
  if (by === 'data') return `${reads} of ${pipeline}`;
  return `${by === 'event' ? 'events' : 'runs'} of ${pipeline}${elsewhere ? ' (not in this project)' : ''}`;
}

/** The same as a flowchart: solid lines start runs, dotted ones are data. */
export function graphMermaid(graph: readonly GraphPipeline[]): string {
  const names = new Set([...graph.map(({ pipeline }) => pipeline), ...graph.flatMap(({ on }) => on.map(nameOf))]);
  const ids = new Map([...names].map((name, index) => [name, `p${index}`]));
  const own = new Set(graph.map(({ pipeline }) => pipeline));
  const boxes = [...ids].map(([name, id]) =>
    own.has(name) ? `  ${id}["${mermaidText(name)}"]` : `  ${id}(["${mermaidText(name)}"])`,
  );
  const lines = graph.flatMap(({ pipeline, on }) =>
    on.map(({ by, reads, ...other }) => {
      const line = by === 'data' ? `-. "${mermaidText(reads!)}" .->` : `-- ${by} -->`;
      return `  ${ids.get(other.pipeline)} ${line} ${ids.get(pipeline)}`;
    }),
  );
  return `${['flowchart LR', ...boxes, ...lines].join('\n')}\n`;
}

function nameOf({ pipeline }: Dependency): string {
  return pipeline;
}
