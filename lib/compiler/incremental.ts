import { cursorTypes, takesLag } from '../component/cursor.ts';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { fedOutputs } from '../component/fed-outputs.ts';
import { placeWithout } from '../component/parameter-place.ts';
import type { Column, GrowthPlan, OutputNode, PlanNode, SourceNode, WatermarkPlan } from '../component/plan.ts';
import { restrictedColumns } from '../component/restricted-columns.ts';
import { day, second } from '../core/durations.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';
import { parseDuration } from '../core/parse-duration.ts';
import type { DefinitionNode, DefinitionSource, Problem } from '../definition/index.ts';

/** How a source goes on, typed. Throws `ColumnUnknownError`, `ColumnTypeUnfitError`. */
export function watermarkPlan(
  { incremental }: DefinitionSource,
  columns: readonly Column[],
): WatermarkPlan | undefined {
  if (!incremental || 'offset' in incremental) return undefined;
  const { by, lag } = incremental;
  const path = ['incremental', 'by'];
  const { name, type, nullable } = columnOf(by, columns, path);
  if (nullable) throw new ColumnTypeUnfitError(name, `${type} or missing`, 'a column that is never missing', path);
  if (!cursorTypes.some((one) => one === type))
    throw new ColumnTypeUnfitError(name, type, 'a date, a timestamp or an integer', path);
  const lagSeconds = lag === undefined ? 0 : parseDuration(lag) / second;
  if (lagSeconds > 0 && !takesLag(type))
    throw new ColumnTypeUnfitError(name, type, 'a date or a timestamp, where there is a lag', path);
  if (type === 'DATE' && (lagSeconds * second) % day !== 0)
    throw new ColumnTypeUnfitError(name, type, 'a timestamp, where the lag is not of whole days', path);
  return { by: name, type, lagSeconds };
}

/** How files are read that only grow. Throws `ColumnTypeUnfitError` where they cannot be read in parts. */
export function growthPlan({ incremental, connector, options }: DefinitionSource): GrowthPlan | undefined {
  if (!incremental || !('offset' in incremental)) return undefined;
  const side = connector.source!;
  const { kind } = side.format(options);
  if (!('table' in side.objects(options)) && (kind === 'csv' || kind === 'ndjson'))
    return { changed: incremental.changed };
  throw new SourceUnfitError({
    problem: 'such a source is not read from an offset',
    received: 'table' in side.objects(options) ? 'a table' : kind,
    allowed: 'files of CSV or NDJSON',
    change: 'go on by a column, or take `incremental` out',
  });
}

/** A source that cannot go on as it is asked to. */
class SourceUnfitError extends TerminalError {
  override readonly name = 'SourceUnfitError';
  readonly code = 'SOURCE_UNFIT';
}

/** What would lose rows, or publish them twice, where a source goes on. */
export function incrementalProblems(nodes: readonly PlanNode[], definition: readonly DefinitionNode[]): Problem[] {
  return nodes.flatMap((node) => {
    if (node.kind !== 'source' || (!node.incremental && !node.grows)) return [];
    const own = definition.find((one): one is DefinitionSource => one.kind === 'source' && one.id === node.id)!;
    const at = own.locateOptions?.(['incremental']) ?? own.at;
    const faults = [
      ...sourceFaults(node),
      ...formFaults(node, nodes, definition),
      ...fedOutputs(nodes, node.id).flatMap((output) => outputFaults(node, output, definition)),
    ];
    return faults.map((fault) => ({ at, part: `${node.id} / incremental`, ...fault }));
  });
}

type Fault = Pick<Problem, 'problem' | 'received' | 'allowed' | 'change'>;

function sourceFaults(node: SourceNode): Fault[] {
  // In every run, that is, where files are read to be joined to others.
  if (node.use === 'reference' || (node.grows && node.use === 'whole'))
    return [
      {
        problem: 'a source that others are looked up in or joined to is read whole by each run',
        received: node.id,
        allowed: 'a source whose rows flow to an output',
        change: 'take `incremental` out',
      },
    ];
  const by = node.incremental?.by;
  if (by === undefined || !restrictedColumns(node).has(by)) return [];
  return [
    {
      problem: `how far the source was taken would be shown by values of "${by}", which is restricted`,
      received: by,
      allowed: 'a column that is not restricted',
      change: 'go on by another column',
    },
  ];
}

/** How far a file was taken is known by the file, and means the same to all that read it on. */
function formFaults(node: SourceNode, nodes: readonly PlanNode[], definition: readonly DefinitionNode[]): Fault[] {
  if (!node.grows) return [];
  const own = readingOf(node, definition);
  const before = nodes.slice(0, nodes.indexOf(node)).filter((one): one is SourceNode => one.kind === 'source');
  const other = before.find((one) => {
    if (!one.grows) return false;
    const its = readingOf(one, definition);
    return its.form !== own.form && (holds(its, own) || holds(own, its));
  });
  if (!other) return [];
  return [
    {
      problem: `"${other.id}" may read the same files in another format, so that where one was left says nothing to the other`,
      received: `${own.form} in ${own.place}`,
      allowed: `${readingOf(other, definition).form}, or a place of its own`,
      change: 'read both in one format, or let the files lie in folders of their own',
    },
  ];
}

interface Reading {
  readonly form: string;
  readonly place: string;
  /** Whether the place is a single file. */
  readonly one: boolean;
}

/** What ends a record and names the columns, and where the files lie, up to the first parameter. */
function readingOf({ id, contract }: SourceNode, definition: readonly DefinitionNode[]): Reading {
  const { connector, options } = definition.find((one): one is DefinitionSource => one.id === id)!;
  const side = connector.source!;
  const { kind, ...more } = side.format(options);
  const form = 'header' in more && !more.header ? { ...more, columns: contract.fields.length } : more;
  const objects = side.objects(options);
  const text = 'table' in objects ? objects.table : 'key' in objects ? objects.key : objects.prefix;
  const place = placeWithout(text);
  const said = Object.entries(form).map(([name, value]) => ` ${name} ${JSON.stringify(value)}`);
  return { form: `${kind}${said.sort().join('')}`, place, one: 'key' in objects && place === text };
}

/** Whether what lies in the second place may lie in the first: a folder, or one file. */
function holds(a: Reading, b: Reading): boolean {
  return a.place === b.place || (!a.one && b.place.startsWith(a.place));
}

function outputFaults(
  { id, incremental }: SourceNode,
  output: OutputNode,
  definition: readonly DefinitionNode[],
): Fault[] {
  const own = definition.find((one) => one.id === output.id)!;
  const mode = own.kind === 'output' ? own.connector.sink!.mode(own.options) : 'append';
  const received = `"${output.table}", mode: "${mode}"`;
  if (mode === 'replace' || mode === 'replacePartitions')
    return [
      {
        problem: `each run would have new rows of "${id}" alone, and put them in the place of the earlier ones of "${output.table}"`,
        received,
        allowed: 'mode: "append", or "merge" with a key',
        change: 'publish in one of these modes, or take `incremental` out',
      },
    ];
  if (mode === 'merge' || !incremental || incremental.lagSeconds === 0) return [];
  return [
    {
      problem: `rows within the lag are taken once more, and "${output.table}" would hold them twice`,
      received,
      allowed: 'mode: "merge" with a key, where there is a lag',
      change: 'merge by a key, or take `lag` out',
    },
  ];
}
