import { join } from 'node:path';
import type { Connector } from '../../component/connector.ts';
import type { FieldIds } from '../../component/field-id.ts';
import type { Measure } from '../../component/measure.ts';
import { isExport } from '../../component/output-place.ts';
import type { OutputNode } from '../../component/plan.ts';
import type { QualityRule } from '../../component/quality-rule.ts';
import { openColumns } from '../../component/restricted-columns.ts';
import { literal, quoted } from '../../component/shape.ts';
import type { OutputFile } from '../chunk.ts';
import { numberedRows } from '../numbered-rows.ts';
import { renderFile } from '../output.ts';
import { besideRows } from '../relation.ts';
import { rowAsJson } from '../row-as-json.ts';
import { storedColumns } from '../stored-columns.ts';
import { writeParquet } from '../write.ts';
import { holdsSurely } from './holds-surely.ts';
import { type FilesRequest, type OpenFiles, withFiles } from './measure-files.ts';
import { membersSql } from './members.ts';

export interface HoldRequest extends Omit<FilesRequest, 'files'> {
  readonly output: string;
  /** Files of the output, each with its object's key, in one order. */
  readonly files: readonly { readonly path: string; readonly key: string }[];
  /** Of the columns of its table, where these do not follow from their names. Absent: all do. */
  readonly ids?: Readonly<Record<string, FieldIds>>;
  /** True: all rows are held. False: those that break one of the rules. */
  readonly all: boolean;
  /** When the rows are set aside, in milliseconds since the epoch. */
  readonly at: number;
}

export interface HeldRows {
  /** Rows by the first rule that they break. */
  readonly rules: Readonly<Record<string, number>>;
  /** What each file holds without its held rows, by position; absent where it has none and stays as it is. */
  readonly kept: Readonly<Record<number, OutputFile | { readonly rows: 0 }>>;
  /** The held rows as rejects; absent where there are none. */
  readonly rejects?: OutputFile;
}

const table = 'held';
const whole = 'table is held';

/** Parts the rows that a person holds from those that are published: rows of one output, in new files. */
export function holdRows(request: HoldRequest): Promise<HeldRows> {
  const { files, workFolder, rules, all } = request;
  return withFiles({ ...request, files: files.map(({ path }) => path) }, async (open) => {
    const { session } = open;
    const node = outputOf(request);
    const parts: string[] = [];
    for (const [position, { path, key }] of files.entries()) {
      const { from, number } = await numberedRows(session, path);
      parts.push(
        `SELECT * RENAME (${number} AS __place), ${position} AS __file, ${literal(key)} AS __key FROM ${from}`,
      );
    }
    await session.run(`CREATE VIEW numbered AS ${parts.join(' UNION ALL BY NAME ')}`);
    const selects = all
      ? [`SELECT __file, __place, 0 AS turn, ${literal(whole)} AS rule FROM numbered`]
      : rules.flatMap((rule, turn) => {
          const { measure } = request.components[rule.component] as QualityRule;
          const bad = brokenRows(measure(rule.options, open.columns), open, rule.id);
          return bad === undefined
            ? []
            : [`SELECT __file, __place, ${turn} AS turn, ${literal(rule.id)} AS rule FROM ${bad}`];
        });
    await session.run(
      `CREATE TABLE ${table} AS SELECT __file, __place, arg_min(rule, turn) AS __rule FROM (${selects.length > 0 ? selects.join(' UNION ALL ') : "SELECT 0 AS __file, 0::BIGINT AS __place, 0 AS turn, '' AS rule WHERE false"}) GROUP BY ALL`,
    );
    const counted = await session.rows(
      `SELECT __rule AS rule, count(*) AS n FROM ${table} GROUP BY rule ORDER BY rule`,
    );
    const touched = await session.rows(`SELECT DISTINCT __file FROM ${table} ORDER BY __file`);
    const kept: Record<number, OutputFile | { rows: 0 }> = {};
    for (const { __file } of touched) {
      const select = `SELECT * EXCLUDE (__file, __key, __place) FROM (SELECT * FROM numbered WHERE __file = ${__file} ORDER BY __place) one ANTI JOIN ${besideRows(table)} USING (__file, __place)`;
      const [file] = await writeParquet({
        session,
        select,
        ...(!isExport(node.table) && { stored: storedColumns(node, request.ids) }),
        kind: 'table',
        of: request.output,
        folder: join(workFolder, 'kept', String(__file)),
        name: 'rows',
        partitionBy: [],
      });
      kept[Number(__file)] = file ? await asFormatted(open, request, file) : { rows: 0 };
    }
    const [rejects] = await writeParquet({
      session,
      select: rejectsSql(request, open),
      kind: 'rejects',
      of: 'review',
      folder: join(workFolder, 'rejects'),
      name: 'review',
      partitionBy: [],
    });
    return {
      rules: Object.fromEntries(counted.map(({ rule, n }) => [rule, Number(n)])),
      kept,
      ...(rejects && { rejects }),
    };
  });
}

function outputOf({ plan, output }: Pick<HoldRequest, 'plan' | 'output'>): OutputNode {
  return plan.nodes.find((node): node is OutputNode => node.id === output)!;
}

/** The rows in the form that the output's sink gives them. */
async function asFormatted({ session }: OpenFiles, request: HoldRequest, file: OutputFile): Promise<OutputFile> {
  const node = outputOf(request);
  const sink = (request.components[node.component] as Connector).sink!;
  const format = sink.format?.(node.options);
  if (format === undefined || format.kind === 'parquet') return file;
  return renderFile({ session, node }, { file, format, order: sink.sortBy?.(node.options, node.columns) });
}

/** SQL, as it stands behind FROM, of the rows that break a rule; undefined where it judges all rows at once. */
function brokenRows(measure: Measure, { others }: OpenFiles, rule: string): string | undefined {
  switch (measure.form) {
    case 'count':
      return `(SELECT * FROM numbered WHERE NOT ${holdsSurely(measure.holds)})`;
    case 'distinct': {
      // The first row of each key counts as good, as it does in the measure.
      const place = `row_number() OVER (PARTITION BY ${measure.key.map(quoted).join(', ')} ORDER BY __file, __place)`;
      return `(SELECT * FROM numbered QUALIFY ${place} > 1)`;
    }
    case 'members': {
      const elsewhere = others(rule);
      return elsewhere === undefined ? 'numbered' : membersSql(measure, 'numbered', elsewhere);
    }
    default:
      return undefined;
  }
}

/** Rows of a table have no place in a source any more: they are named by their place in the file that they were in. */
function rejectsSql({ at, plan, output }: HoldRequest, { columns }: OpenFiles): string {
  const row = rowAsJson(columns);
  const open = openColumns(plan, output);
  const names = open ? literal(JSON.stringify(open)) : 'NULL::VARCHAR';
  const { table: name } = outputOf({ plan, output });
  return (
    `SELECT __key AS file, NULL::VARCHAR AS version, __place + 1 AS "row", 'review' AS stage, ${literal(output)} AS node, __rule AS rule, 'major' AS severity, NULL::VARCHAR AS "column", NULL::VARCHAR AS value, ` +
    `'held in review: ' || __rule AS reason, ${row} AS raw, NULL::VARCHAR AS form, NULL::VARCHAR AS names, ${row} AS seen, make_timestamptz(${BigInt(Math.round(at)) * 1000n}) AS "time", ` +
    `NULL::VARCHAR AS source, ${literal(JSON.stringify([name]))} AS tables, ${names} AS open_raw, ${names} AS open_seen FROM numbered JOIN ${besideRows(table)} USING (__file, __place) ORDER BY file, "row"`
  );
}
