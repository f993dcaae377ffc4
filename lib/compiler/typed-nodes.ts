import { unknownColumnsOf } from '../component/contract.ts';
import { ContractUnsupportedError, fieldsOf } from '../component/contract-fields.ts';
import { ColumnUnknownError, ColumnUnstorableError } from '../component/errors.ts';
import type { Column, ContractPlan, OutputNode, PlanNode, SourceNode, StepNode } from '../component/plan.ts';
import type { Path } from '../component/shape.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import type {
  Definition,
  DefinitionNode,
  DefinitionOutput,
  DefinitionSource,
  DefinitionStep,
  Problem,
} from '../definition/index.ts';
import { storableType } from '../engine/stored-type.ts';
import { type Typing, TypingError } from '../engine/typing.ts';

/** Types the graph from the sources to the outputs. What hangs on a node that failed is not looked at. */
export async function typeNodes(
  definition: Definition,
  typing: Typing,
): Promise<{ nodes: PlanNode[]; problems: Problem[] }> {
  const references = referenceNodes(definition.nodes);
  const nodes = new Map<string, PlanNode>();
  const problems: Problem[] = [];
  for (const node of definition.nodes) {
    const needs =
      node.kind === 'source'
        ? []
        : node.kind === 'step' && node.side !== undefined
          ? [node.input, node.side]
          : [node.input];
    if (!needs.every((id) => nodes.has(id))) continue;
    try {
      nodes.set(node.id, await typeNode(node, { nodes, typing, references }));
    } catch (error) {
      problems.push(problemOf(node, error));
    }
  }
  return { nodes: [...nodes.values()], problems };
}

interface Surroundings {
  readonly nodes: ReadonlyMap<string, PlanNode>;
  readonly typing: Typing;
  readonly references: ReadonlySet<string>;
}

function typeNode(node: DefinitionNode, surroundings: Surroundings): Promise<PlanNode> {
  if (node.kind === 'source') return typeSource(node, surroundings);
  return node.kind === 'step' ? typeStep(node, surroundings) : typeOutput(node, surroundings);
}

async function typeSource(node: DefinitionSource, { typing, references }: Surroundings): Promise<SourceNode> {
  const fields = fieldsOf(node.contract.schema);
  for (const field of fields) {
    if (field.name.startsWith('__'))
      throw new ContractUnsupportedError({
        problem: 'names that begin with "__" are kept for Penstock',
        received: field.name,
        allowed: 'other names',
        change: 'rename the column',
      });
  }
  await typing.rules(fields);
  const contract: ContractPlan = {
    name: node.contract.options.name ?? node.id,
    fields,
    unknownColumns: unknownColumnsOf(node.contract),
  };
  return {
    kind: 'source',
    id: node.id,
    component: node.connector.component,
    options: node.options,
    columns: fields.map(({ name, type, nullable }) => ({ name, type, nullable })),
    contract,
    use: references.has(node.id) ? 'reference' : 'main',
  };
}

async function typeStep(node: DefinitionStep, { nodes, typing }: Surroundings): Promise<StepNode> {
  const input = nodes.get(node.input)!;
  const side = node.side === undefined ? undefined : nodes.get(node.side)!;
  const shape = node.operator.shape(node.options, { input: input.columns, side: side?.columns });
  const types = await typing.step(shape, input.columns, side?.columns);
  const meetBy = node.operator.meetBy?.(node.options);
  const lineage = Object.entries(types.lineage).map(([name, from]): [string, string[]] => [
    name,
    from.map((column) =>
      column.startsWith('side:') ? `${node.side}:${column.slice('side:'.length)}` : `${node.input}:${column}`,
    ),
  ]);
  return {
    kind: 'step',
    id: node.id,
    component: node.operator.component,
    options: node.options,
    columns: types.columns,
    input: node.input,
    ...(node.side === undefined ? {} : { side: node.side }),
    ...(meetBy === undefined ? {} : { meetBy }),
    ...(types.lookupKeys === undefined ? {} : { lookupKeys: types.lookupKeys }),
    keeps: types.keeps,
    lineage: Object.fromEntries(lineage),
  };
}

async function typeOutput(node: DefinitionOutput, { nodes }: Surroundings): Promise<OutputNode> {
  const { columns } = nodes.get(node.input)!;
  const sink = node.connector.sink!;
  for (const [index, name] of sink.partitionBy(node.options).entries()) {
    if (!columns.some((column) => column.name === name))
      throw new ColumnUnknownError(name, columns, ['partitionBy', index]);
  }
  return {
    kind: 'output',
    id: node.id,
    component: node.connector.component,
    options: node.options,
    columns: columns.map((column) => ({ ...column, type: storable(column) })),
    input: node.input,
    table: sink.title(node.options),
  };
}

function storable({ name, type }: Column): string {
  const stored = storableType(type);
  if (stored !== undefined) return stored;
  throw new ColumnUnstorableError({
    problem: `a table cannot hold the column "${name}" of type ${type}`,
    received: type,
    allowed: 'numbers, text, booleans, dates, times, timestamps, UUID and BLOB',
    change: `cast "${name}" to one of them, or leave it out with select; to_json() makes a text of anything`,
  });
}

type GraphNode = Pick<DefinitionNode, 'kind' | 'id'> & { readonly input?: string };

/** Nodes that are only read as the second input of others, or lead there. */
export function referenceNodes(nodes: readonly GraphNode[]): Set<string> {
  const main = new Set<string>();
  for (const node of [...nodes].reverse()) {
    if (node.kind === 'output' || (node.kind === 'step' && main.has(node.id))) main.add(node.input!);
  }
  return new Set(nodes.filter((node) => node.kind !== 'output' && !main.has(node.id)).map((node) => node.id));
}

function problemOf(node: DefinitionNode, error: unknown): Problem {
  const cause = error instanceof TypingError ? error.cause : error;
  if (!(cause instanceof PenstockError)) throw error;
  const path: Path = error instanceof TypingError ? error.path : cause instanceof ColumnUnknownError ? cause.path : [];
  const { problem, received, allowed, change } = cause;
  return { at: node.at, part: [node.id, ...path].join(' / '), problem, received, allowed, change };
}
