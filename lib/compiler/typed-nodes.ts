import type { SinkSide } from '../component/connector.ts';
import { planContract } from '../component/contract.ts';
import { ColumnTypeUnfitError, ColumnUnstorableError, columnOf, MemberRenamedError } from '../component/errors.ts';
import { isNested } from '../component/nested-type.ts';
import { outputOrder } from '../component/output-order.ts';
import { transformForms, transformSql } from '../component/partition-transform.ts';
import type { Column, OutputNode, PlanNode, SourceNode, StepNode } from '../component/plan.ts';
import { asItIs, type JoinShape, type Order, type Shape } from '../component/shape.ts';
import type { Locate } from '../component/user-location.ts';
import {
  type Definition,
  DefinitionInvalidError,
  type DefinitionNode,
  type DefinitionOutput,
  type DefinitionSource,
  type DefinitionStep,
  type Problem,
} from '../definition/index.ts';
import { referenceNodes, wholeSources } from '../definition/references.ts';
import { storableType, storableTypes } from '../engine/stored-type.ts';
import { isAboutUnknown, isUnknown, unknownType } from '../engine/types/unknown-type.ts';
import type { Origin, StepTypes, Typing } from '../engine/typing.ts';
import { fallbackOf, fallbackProblems } from './fallback-problems.ts';
import { growthPlan, watermarkPlan } from './incremental.ts';
import { passedOn } from './passed-on.ts';
import { problemsOfError } from './problem-of.ts';
import { sideProblems } from './references.ts';
import { routeOf } from './routes.ts';
import { severalErrors, stepShape, withoutUnknown } from './step-shape.ts';

/**
 * Types the graph from the sources to the outputs. What hangs on a node that failed is not looked at, unless the names of
 * its columns are known all the same.
 */
export async function typeNodes(
  definition: Pick<Definition, 'nodes'>,
  typing: Typing,
): Promise<{ nodes: PlanNode[]; problems: Problem[] }> {
  const references = referenceNodes(definition.nodes);
  const wholes = wholeSources(definition.nodes);
  const nodes = new Map<string, PlanNode>();
  const problems: Problem[] = [
    ...sideProblems(definition.nodes, references),
    ...fallbackProblems(definition.nodes, ({ id }) => !references.has(id) && !wholes.has(id)),
  ];
  for (const node of definition.nodes) {
    if (!inputsOf(node).every((id) => nodes.has(id))) continue;
    // Of the others nobody knows what columns they would give with the options that were meant.
    if (node.kind === 'step' && node.mended && !passedOn(node, nodes)) continue;
    const place = { at: node.at, locate: locateOf(node), part: node.id };
    try {
      const { errors = [], ...typed } = await typeNode(node, { nodes, typing, references, wholes });
      nodes.set(node.id, typed);
      problems.push(...errors.flatMap((error) => problemsOfError(error, place)));
    } catch (error) {
      if (error instanceof DefinitionInvalidError) problems.push(...error.problems);
      else if (!isAboutUnknown(error)) problems.push(...problemsOfError(error, place));
      const known = passedOn(node, nodes);
      if (known) nodes.set(node.id, known);
    }
  }
  return { nodes: [...nodes.values()], problems };
}

/** What is said of a source beside its connector stands elsewhere. */
function locateOf(node: DefinitionNode): Locate | undefined {
  const { locate } = node;
  const beside = node.kind === 'source' ? node.locateOptions : undefined;
  if (!locate || !beside) return locate;
  return (path, of) => (path[0] === 'incremental' ? beside : locate)(path, of);
}

function inputsOf(node: DefinitionNode): string[] {
  if (node.kind === 'source') return [];
  if (node.kind === 'output') return [node.input];
  return [node.input, ...(node.side === undefined ? [] : [node.side]), ...(node.others ?? [])];
}

interface Surroundings {
  readonly nodes: ReadonlyMap<string, PlanNode>;
  readonly typing: Typing;
  readonly references: ReadonlySet<string>;
  readonly wholes: ReadonlySet<string>;
}

/** What is wrong with a node, of which enough is known for the steps behind it. */
interface Faulty {
  readonly errors?: readonly Error[];
}

function typeNode(node: DefinitionNode, surroundings: Surroundings): Promise<PlanNode & Faulty> {
  if (node.kind === 'source') return typeSource(node, surroundings);
  return node.kind === 'step' ? typeStep(node, surroundings) : typeOutput(node, surroundings);
}

async function typeSource(node: DefinitionSource, { typing, references, wholes }: Surroundings): Promise<SourceNode> {
  const promised = await planContract(node.contract, node.id);
  const fields = await Promise.all(promised.fields.map((field) => named(field, typing)));
  const contract = { ...promised, fields };
  await typing.rules(fields);
  const columns = fields.map(({ name, type, nullable }) => ({ name, type, nullable }));
  const incremental = watermarkPlan(node, columns);
  const grows = growthPlan(node);
  return {
    kind: 'source',
    id: node.id,
    component: node.connector.component,
    options: node.options,
    columns,
    contract,
    use: references.has(node.id) ? 'reference' : wholes.has(node.id) ? 'whole' : 'main',
    ...(incremental && { incremental }),
    ...(grows && { grows }),
    ...(node.fallback !== undefined && { fallback: fallbackOf(node.fallback) }),
    ...(node.damaged && { damaged: node.damaged }),
  };
}

/** Types are compared as texts, so that a structure has to be written as DuckDB itself writes it. */
async function named<Field extends Pick<Column, 'type'>>(field: Field, typing: Typing): Promise<Field> {
  return isNested(field.type) ? { ...field, type: await typing.typeName(field.type) } : field;
}

async function typeStep(node: DefinitionStep, { nodes, typing }: Surroundings): Promise<StepNode & Faulty> {
  const { input, side, others = [] } = node;
  const inputs = [input, ...(side === undefined ? [] : [side]), ...others];
  const { shape, inputs: columns, errors: unknown, supposed } = stepShape(node, nodes);
  const types = await typing.step(shape, columns).catch((error) => {
    throw unknown.length > 0 ? severalErrors(unknown, error) : error;
  });
  const errors = [...unknown, ...(types.errors ?? [])];
  const meetBy =
    shape.form === 'join' && others.length > 0 ? types.lookupKeys?.input : node.operator.meetBy?.(node.options);
  const lineage = Object.entries(types.lineage).map(([name, from]): [string, string[]] => [
    name,
    from.map((origin) =>
      typeof origin === 'string' ? `${input}:${origin}` : `${inputs[origin.input]}:${origin.column}`,
    ),
  ]);
  const secrets = secretsOf(shape);
  return {
    kind: 'step',
    id: node.id,
    component: node.operator.component,
    options: node.options,
    columns: withoutUnknown(unsure(types, supposed), nodes.get(input)!.columns, unknown),
    input,
    ...(side === undefined ? {} : { side }),
    ...(others.length === 0 ? {} : { others }),
    ...(meetBy === undefined ? {} : { meetBy }),
    ...(types.lookupKeys === undefined ? {} : { lookupKeys: types.lookupKeys }),
    ...(shape.form === 'join' && others.length > 0 && { parts: partsOf(shape) }),
    ...(types.merges && meetBy ? { merges: true as const } : {}),
    ...(shape.form === 'sort' ? { sorts: shape.order } : {}),
    keeps: types.keeps,
    ...(shape.form === 'project' && shape.masks?.length && { masks: shape.masks }),
    ...(secrets.length > 0 && { secrets }),
    ...(shape.form === 'route' && { route: routeOf(shape, input) }),
    lineage: Object.fromEntries(lineage),
    ...(errors.length > 0 && { errors }),
  };
}

/** What is made of a column whose type was supposed may be of any. */
function unsure({ columns, lineage }: StepTypes, supposed: readonly string[]): readonly Column[] {
  if (supposed.length === 0) return columns;
  const isSupposed = (from: Origin) =>
    supposed.includes(typeof from === 'string' ? from : from.input === 0 ? from.column : '');
  return columns.map((column) =>
    lineage[column.name]!.some(isSupposed) ? { name: column.name, type: unknownType, nullable: true } : column,
  );
}

/** Whether there is any match can be said only where all rows of the second input are. */
function partsOf({ how }: JoinShape): readonly number[] {
  return how === 'semi' || how === 'anti' ? [0] : [0, 1];
}

function secretsOf(shape: Shape): string[] {
  const made = shape.form === 'project' ? [...(shape.lets ?? []), ...shape.columns] : [];
  return [...new Set(made.flatMap(({ expression }) => expression.secret ?? []))].sort();
}

async function typeOutput(node: DefinitionOutput, { nodes, typing }: Surroundings): Promise<OutputNode> {
  const { id, connector, options, input } = node;
  const sink = connector.sink!;
  const { columns, lineage } = await outputColumns(node, nodes.get(input)!.columns, typing);
  requirePartitions(sink, options, columns);
  const merges = sink.merges?.(options);
  for (const [index, name] of merges?.key.entries() ?? []) columnOf(name, columns, ['key', index]);
  if (merges?.by !== undefined) columnOf(merges.by, columns, ['by']);
  const renamed = sink.renamed?.(options);
  for (const name of Object.keys(renamed ?? {})) {
    if (columns.some((column) => column.name === name)) continue;
    const nested = columns.find((column) => name.startsWith(`${column.name}.`) && isNested(column.type));
    if (nested) throw new MemberRenamedError(name, nested.name, ['renamed', name]);
    columnOf(name, columns, ['renamed', name]);
  }
  sink.sortBy?.(options, columns);
  sink.check?.(options, columns);
  const place = sink.place?.(options);
  const sorts = sortsOf(input, sink.partitionBy(options), nodes);
  return {
    kind: 'output',
    id,
    component: connector.component,
    options,
    columns: columns.map((column) => ({ ...column, type: storable(column) })),
    input,
    table: sink.title(options),
    ...(place === undefined ? {} : { place }),
    ...(sorts && { sorts }),
    ...(merges && { merges }),
    ...(renamed && { renamed }),
    ...(lineage && { lineage }),
  };
}

function requirePartitions(sink: SinkSide, options: DefinitionOutput['options'], columns: readonly Column[]): void {
  const transforms = sink.transforms?.(options) ?? [];
  for (const [index, name] of sink.partitionBy(options).entries()) {
    const path = ['partitionBy', index];
    const transform = transforms.find((one) => one.name === name);
    const column = columnOf(transform?.column ?? name, columns, path);
    if (!transform && (isNested(column.type) || column.type === 'BLOB'))
      throw new ColumnTypeUnfitError(column.name, column.type, 'a column of plain values to name folders', path);
    if (!transform || transformSql(transform, storable(column)) !== undefined) continue;
    const allowed = `a column that ${transform.transform.replace(/\[.*/, '')}() can take, in ${transformForms}`;
    throw new ColumnTypeUnfitError(column.name, column.type, allowed, path);
  }
}

/**
 * Readers go through a table folder by folder, so that files are in order there. Folders that an expression names are
 * not among the rows before they are written, and every range of the order has its own files in them anyway.
 */
function sortsOf(
  input: string,
  partitionBy: readonly string[],
  nodes: ReadonlyMap<string, PlanNode>,
): readonly Order[] | undefined {
  const asked = outputOrder(nodes, input);
  if (!asked || 'lostAt' in asked) return undefined;
  const present = partitionBy.filter((name) => nodes.get(input)!.columns.some((column) => column.name === name));
  const folders = present.map((column) => ({ column, descending: false }));
  return [...folders, ...asked.order.filter(({ column }) => !present.includes(column))];
}

/** The columns of the rows, and those that name a folder by an expression. */
async function outputColumns(
  { connector, options, input }: DefinitionOutput,
  columns: readonly Column[],
  typing: Typing,
): Promise<Pick<OutputNode, 'columns' | 'lineage'>> {
  const partitions = connector.sink!.partitions?.(options) ?? [];
  if (partitions.length === 0) return { columns };
  const shape = { form: 'project' as const, columns: [...columns.map(asItIs), ...partitions] };
  const types = await typing.step(shape, [columns]);
  if (types.errors) throw new AggregateError(types.errors);
  const lineage = partitions.map(({ name }) => [name, types.lineage[name]!.map((from) => `${input}:${from}`)] as const);
  return { columns: types.columns, lineage: Object.fromEntries(lineage) };
}

function storable({ name, type }: Column): string {
  if (isUnknown({ type })) return type;
  const stored = storableType(type);
  if (stored !== undefined) return stored;
  throw new ColumnUnstorableError({
    problem: `a table cannot hold the column "${name}" of type ${type}`,
    received: type,
    allowed: storableTypes,
    change: `cast "${name}" to one of them, or leave it out with select; to_json() makes a text of anything`,
  });
}
