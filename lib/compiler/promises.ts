import type { PlanNode, QualityRulePlan, SourceNode } from '../component/plan.ts';
import type { Definition, Problem } from '../definition/index.ts';
import { stepShape } from './step-shape.ts';

/** What looks at whether rows with equal keys occur: a step, or a rule over an output. */
interface Guard {
  /** Node whose columns the key names. */
  readonly node: string;
  readonly key: readonly string[];
}

interface Planned {
  readonly definition: Pick<Definition, 'nodes' | 'quality'>;
  readonly nodes: readonly PlanNode[];
  /** Those of the definition, one by one. */
  readonly rules: readonly QualityRulePlan[];
}

/**
 * Keys that a contract promises and nothing in the pipeline holds. No row breaks such a promise by itself, so it would be
 * believed in silence.
 */
export function promiseProblems({ definition, nodes, rules }: Planned): Problem[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const guards = guardsOf({ definition, nodes, rules }).map(
    ({ node, key }) => new Set(key.flatMap((column) => originsOf(byId, node, column))),
  );
  const sources = nodes.filter((node): node is SourceNode => node.kind === 'source');
  return sources.flatMap(({ id, contract: { keys = [] } }) =>
    keys.flatMap((key): Problem[] => {
      const promised = key.map((column) => `${id}:${column}`);
      // Where fewer columns are unique, more are as well.
      if (guards.some((guard) => guard.size > 0 && [...guard].every((origin) => promised.includes(origin)))) return [];
      const names = JSON.stringify(key);
      return [
        {
          at: definition.nodes.find((node) => node.id === id)?.at,
          part: `${id} / contract / keys`,
          problem: 'the contract promises a key that nothing holds',
          received: key.join(', '),
          allowed: 'a step or rule that looks at the key: deduplicate, unique, or enrich from that source',
          change: `add deduplicate({ key: ${names} }), or the quality rule unique(${names})`,
        },
      ];
    }),
  );
}

function guardsOf({ definition, nodes, rules }: Planned): Guard[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const steps = definition.nodes.flatMap((step): Guard[] => {
    const node = byId.get(step.id);
    if (step.kind !== 'step' || node?.kind !== 'step') return [];
    const { shape } = stepShape(step, byId);
    // A side with two rows of one key fails the run.
    if (shape.form === 'lookup') return [{ node: node.side!, key: node.lookupKeys!.side }];
    return shape.form === 'first' ? [{ node: node.input, key: shape.key }] : [];
  });
  const measured = rules.flatMap(({ output, options }, index): Guard[] => {
    const measure = definition.quality[index]!.rule.measure(options, byId.get(output)!.columns);
    return measure.form === 'distinct' ? [{ node: output, key: measure.key }] : [];
  });
  return [...steps, ...measured];
}

/** Columns of sources, as `node:column`, that a column is made of. */
function originsOf(nodes: ReadonlyMap<string, PlanNode>, id: string, column: string): string[] {
  const node = nodes.get(id)!;
  if (node.kind === 'source') return [`${id}:${column}`];
  if (node.kind === 'output' && !Object.hasOwn(node.lineage ?? {}, column)) return originsOf(nodes, node.input, column);
  return node.lineage![column]!.flatMap((origin) => {
    const cut = origin.indexOf(':');
    return originsOf(nodes, origin.slice(0, cut), origin.slice(cut + 1));
  });
}
