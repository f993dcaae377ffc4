import type { Exchange, OutputNode, PlanNode, StagePlan, StepNode } from '../component/plan.ts';
import type { DefinitionNode, Problem } from '../definition/index.ts';
import { storableType, storableTypes } from '../engine/stored-type.ts';

/** Rows of one input of a step on their way to the stage that the step opens. */
interface Travel {
  readonly id: string;
  readonly step: StepNode | OutputNode;
  /** Position among the step's inputs. */
  readonly input: number;
  readonly from: { readonly node: string; readonly stage: number };
  readonly keys: readonly string[];
  readonly spread?: Exchange['spread'];
  readonly ranges?: Exchange['ranges'];
}

/**
 * Cuts the graph into stages. There is a boundary only where rows must meet: a step that names `meetBy` opens a reduce
 * stage fed by a hash of those columns, unless the rows before it have met by some of the same columns already; so does
 * a join, and a union of rows of different stages. An output in an order opens one that is fed by its ranges.
 * @param nodes typed nodes, inputs first; reference nodes are left out, as Extract computes them
 */
export function cutStages(nodes: readonly PlanNode[], references: ReadonlySet<string>): StagePlan[] {
  const main = nodes.filter((node) => !references.has(node.id));
  const byId = new Map(main.map((node) => [node.id, node]));
  /** Stage number of each node, and the columns by which its rows have met. */
  const stageOf = new Map<string, number>();
  const metBy = new Map<string, readonly string[] | undefined>();
  const travels: Travel[][] = [[]];

  for (const node of main) {
    const [first, ...others] = flowing(node);
    const before = first === undefined ? 0 : stageOf.get(first)!;
    const met = first === undefined ? undefined : metBy.get(first);
    if (node.kind !== 'source' && opens(node, { before, met, others: others.map((id) => stageOf.get(id)!) })) {
      const stage = travels.length;
      travels.push(travelsOf(node, stage, stageOf));
      stageOf.set(node.id, stage);
      metBy.set(node.id, node.kind === 'step' ? meeting(node) : undefined);
    } else {
      stageOf.set(node.id, before);
      metBy.set(node.id, node.kind === 'step' && others.length === 0 ? carried(met, node) : undefined);
    }
  }
  return travels.map((arriving, stage) => ({
    id: stageId(stage),
    kind: stage === 0 ? 'process' : 'reduce',
    title: stage === 0 ? 'Process chunks' : `Reduce ${stage}: ${titleOf(arriving[0]!.step)}`,
    nodes: main.filter((node) => stageOf.get(node.id) === stage).map((node) => node.id),
    ...(stage === 0 ? {} : { reads: arriving.map(({ id }) => id) }),
    exchanges: travels.flatMap((ones, to) =>
      ones.filter(({ from }) => from.stage === stage).map((one) => exchangeOf(one, stageId(to), byId)),
    ),
  }));
}

function stageId(stage: number): string {
  return stage === 0 ? 'process' : `reduce-${stage}`;
}

/** Inputs whose rows flow through a node. */
function flowing(node: PlanNode): readonly string[] {
  if (node.kind === 'source') return [];
  return node.kind === 'step' ? [node.input, ...(node.others ?? [])] : [node.input];
}

/** Where a step stands: stage of its first input, by what its rows have met, and the stages of the further inputs. */
interface Place {
  readonly before: number;
  readonly met: readonly string[] | undefined;
  readonly others: readonly number[];
}

function opens(step: StepNode | OutputNode, { before, met, others }: Place): boolean {
  // Rows that have met all together are in one file.
  if (step.kind === 'output') return step.sorts !== undefined && met?.length !== 0;
  if (others.length > 0) return step.lookupKeys !== undefined || others.some((stage) => stage !== before);
  return step.meetBy !== undefined && !met?.every((name) => step.meetBy!.includes(name));
}

function travelsOf(step: StepNode | OutputNode, stage: number, stageOf: ReadonlyMap<string, number>): Travel[] {
  if (step.kind === 'output') {
    const from = { node: step.input, stage: stageOf.get(step.input)! };
    return [{ id: `to-reduce-${stage}`, step, input: 0, from, keys: [], ranges: step.sorts }];
  }
  return flowing(step).map((node, input) => {
    const joined = step.others && step.lookupKeys;
    const keys = (joined ? [joined.input, joined.side][input] : step.meetBy) ?? [];
    return {
      id: `to-reduce-${stage}${input === 0 ? '' : `-${input + 1}`}`,
      step,
      input,
      from: { node, stage: stageOf.get(node)! },
      keys,
      ...(joined ? { spread: 'nulls' as const } : step.others ? { spread: 'all' as const } : {}),
    };
  });
}

function exchangeOf(
  { id, step, input, from, keys, spread, ranges }: Travel,
  toStage: string,
  byId: ReadonlyMap<string, PlanNode>,
): Exchange {
  const node = byId.get(from.node)!;
  const own = `${node.id}:`;
  const needed = new Set([
    ...keys,
    ...(step.kind === 'output' ? step.columns.map(({ name }) => name) : []),
    ...(step.kind === 'output' ? [] : Object.values(step.lineage).flat())
      .filter((name) => name.startsWith(own))
      .map((name) => name.slice(own.length)),
  ]);
  return {
    id,
    node: node.id,
    keys,
    columns: node.columns.map(({ name }) => name).filter((name) => needed.has(name)),
    toStage,
    feeds: { step: step.id, input },
    ...(ranges === undefined ? {} : { ranges }),
    ...(spread === undefined ? {} : { spread }),
    ...(step.kind === 'step' && step.parts?.includes(input) && { parts: true as const }),
    ...(step.kind === 'step' && step.merges ? { merges: step.merges } : {}),
  };
}

/** By what the rows of a step that opens a stage have met. Those of a join may be parted where many share a key. */
function meeting(step: StepNode): readonly string[] | undefined {
  return step.others === undefined ? carried(step.meetBy, step) : undefined;
}

/** The columns by which rows have met stay true as long as the step passes them on unchanged. */
function carried(met: readonly string[] | undefined, node: StepNode): readonly string[] | undefined {
  if (met === undefined) return undefined;
  return met.every((name) => node.keeps.includes(name)) ? met : undefined;
}

function titleOf(step: StepNode | OutputNode): string {
  if (step.kind === 'output') return `sort by ${step.sorts!.map(({ column }) => column).join(', ')}`.slice(0, 60);
  const keys = step.meetBy?.join(', ') || 'nothing';
  return `${step.component}${step.meetBy ? ` by ${keys}` : ''}`.slice(0, 60);
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
          allowed: storableTypes,
          change: `cast "${column.name}" to one of them before that step; to_json() makes a text of anything`,
        },
      ];
    }),
  );
}
