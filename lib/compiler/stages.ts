import type { Exchange, PlanNode, StagePlan, StepNode } from '../component/plan.ts';
import type { DefinitionNode, Problem } from '../definition/index.ts';
import { storableType } from '../engine/stored-type.ts';

/**
 * Cuts the graph into stages. There is a boundary only where rows must meet: a step that names `meetBy` opens a reduce
 * stage fed by a hash of those columns, unless the rows before it have met by some of the same columns already.
 * @param nodes typed nodes, inputs first; reference nodes are left out, as Extract computes them
 */
export function cutStages(nodes: readonly PlanNode[], references: ReadonlySet<string>): StagePlan[] {
  const main = nodes.filter((node) => !references.has(node.id));
  const byId = new Map(main.map((node) => [node.id, node]));
  /** Stage number of each node, and the columns by which its rows have met. */
  const stageOf = new Map<string, number>();
  const metBy = new Map<string, readonly string[] | undefined>();
  const exchanges = new Map<string, { from: StepNode; stage: number; reads: string }>();

  let last = 0;
  for (const node of main) {
    if (node.kind === 'source') {
      stageOf.set(node.id, 0);
      metBy.set(node.id, undefined);
      continue;
    }
    const before = stageOf.get(node.input)!;
    const met = metBy.get(node.input);
    const wanted = node.kind === 'step' ? node.meetBy : undefined;
    if (node.kind !== 'step' || wanted === undefined || met?.every((name) => wanted.includes(name))) {
      stageOf.set(node.id, before);
      metBy.set(node.id, node.kind === 'step' ? carried(met, node) : undefined);
      continue;
    }
    last++;
    stageOf.set(node.id, last);
    metBy.set(node.id, carried(wanted, node));
    exchanges.set(node.id, { from: node, stage: before, reads: `to-reduce-${last}` });
  }

  const stages: StagePlan[] = [];
  for (let stage = 0; stage <= last; stage++) {
    const opener = [...exchanges.values()].find((one) => stageOf.get(one.from.id) === stage && one.from.meetBy);
    const leaving = [...exchanges.values()].filter((one) => one.stage === stage);
    stages.push({
      id: stage === 0 ? 'process' : `reduce-${stage}`,
      kind: stage === 0 ? 'process' : 'reduce',
      title: stage === 0 ? 'Process chunks' : `Reduce ${stage}: ${titleOf(opener!.from)}`,
      nodes: main.filter((node) => stageOf.get(node.id) === stage).map((node) => node.id),
      ...(stage === 0 ? {} : { reads: opener!.reads }),
      exchanges: leaving.map((one) => exchangeOf(one, byId, stageOf)),
    });
  }
  return stages;
}

function exchangeOf(
  { from, reads }: { from: StepNode; reads: string },
  byId: ReadonlyMap<string, PlanNode>,
  stageOf: ReadonlyMap<string, number>,
): Exchange {
  const node = byId.get(from.input)!;
  const own = `${from.input}:`;
  const needed = new Set([
    ...from.meetBy!,
    ...Object.values(from.lineage)
      .flat()
      .filter((name) => name.startsWith(own))
      .map((name) => name.slice(own.length)),
  ]);
  return {
    id: reads,
    node: node.id,
    keys: from.meetBy!,
    columns: node.columns.map(({ name }) => name).filter((name) => needed.has(name)),
    toStage: `reduce-${stageOf.get(from.id)}`,
  };
}

/** The columns by which rows have met stay true as long as the step passes them on unchanged. */
function carried(met: readonly string[] | undefined, node: StepNode): readonly string[] | undefined {
  if (met === undefined) return undefined;
  return met.every((name) => node.keeps.includes(name)) ? met : undefined;
}

function titleOf(step: StepNode): string {
  return `${step.component} by ${step.meetBy!.join(', ') || 'nothing'}`.slice(0, 60);
}

/** Rows travel between stages as files: a column whose type no file holds cannot come along. */
export function travelProblems(
  stages: readonly StagePlan[],
  nodes: readonly PlanNode[],
  definitions: readonly DefinitionNode[],
): Problem[] {
  return stages.flatMap(({ exchanges }) =>
    exchanges.flatMap(({ node, columns, toStage }): Problem[] => {
      const from = nodes.find(({ id }) => id === node)!;
      const column = from.columns.find(({ name, type }) => columns.includes(name) && !storableType(type));
      if (!column) return [];
      return [
        {
          at: definitions.find(({ id }) => id === node)?.at,
          part: `${node} / ${column.name}`,
          problem: `rows must travel to ${toStage}, and a column of type ${column.type} cannot`,
          received: column.type,
          allowed: 'numbers, text, booleans, dates, times, timestamps, UUID and BLOB',
          change: `cast "${column.name}" to one of them before that step; to_json() makes a text of anything`,
        },
      ];
    }),
  );
}
