import type { Connector, Format } from '../component/connector.ts';
import type { SourceNode } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import type { InputFile, StepCount } from './chunk.ts';
import { typedFields } from './field-check.ts';
import { stepCount } from './ledger.ts';
import { readCsv } from './read/csv.ts';
import { readJson, readNdjson } from './read/json.ts';
import { readParquet } from './read/parquet.ts';
import { anyBad, type Rejects, rowAsJson } from './rejects.ts';
import { columnList, type Relation, relationName, rowColumn } from './relation.ts';
import type { Session } from './session.ts';
import { type ReadFile, type ReadRequest, reading } from './source-files.ts';

const readers: Readonly<Record<Format['kind'], (request: ReadRequest) => Promise<ReadFile>>> = {
  csv: readCsv,
  ndjson: readNdjson,
  json: readJson,
  parquet: readParquet,
};

/** What a source node is read from. */
export interface SourceInput {
  readonly session: Session;
  readonly rejects: Rejects;
  readonly node: SourceNode;
  readonly connector: Connector;
  readonly files: readonly InputFile[];
  readonly workFolder: string;
  readonly signal?: AbortSignal;
}

/** Reads a source's files and holds each row against the contract: good rows as a relation, bad ones among the rejects. */
export async function readSource(input: SourceInput): Promise<{ relation: Relation; count: StepCount }> {
  const { session, node, files } = input;
  const name = relationName(node.id);
  const rules: Record<string, number> = {};
  let rowsIn = 0;
  let rejected = 0;
  const parts: string[] = [];
  for (const file of files) {
    const part = await readFile(input, file);
    for (const [rule, rows] of Object.entries(part.rules)) rules[rule] = (rules[rule] ?? 0) + rows;
    rowsIn += part.records;
    rejected += part.rejected;
    parts.push(part.select);
  }
  await session.run(`CREATE VIEW ${name} AS ${parts.length > 0 ? parts.join(' UNION ALL ') : emptySelect(node)}`);
  const rowsOut = rowsIn - rejected;
  return {
    relation: { node: node.id, name, columns: node.columns, rows: rowsOut },
    count: stepCount(node.id, { rowsIn, rowsOut, rejected, rules }),
  };
}

interface FilePart extends Pick<ReadFile, 'records' | 'rejected'> {
  /** SQL of the file's good rows. */
  readonly select: string;
  readonly rules: Readonly<Record<string, number>>;
}

async function readFile(
  { session, rejects, node, connector, workFolder, signal }: SourceInput,
  file: InputFile,
): Promise<FilePart> {
  const format = connector.source!.format(node.options);
  const read = quoted(`file ${file.file} ${node.id}`);
  const found = await readers[format.kind]({ session, node, format, file, rejects, name: read, workFolder, signal });
  const { fields } = node.contract;
  const { select, checks } = typedFields(fields, found.types);
  const typed = quoted(`typed ${file.file} ${node.id}`);
  const raw = found.raw === undefined ? '' : `, ${found.raw}`;
  await session.run(`CREATE VIEW ${typed} AS SELECT ${select}${raw}, ${rowColumn} FROM ${read}`);
  const all = [...checks, ...(found.checks ?? [])];
  // Of a Parquet file this is the first look at the values themselves.
  const taken = await reading({ file, format }, () =>
    rejects.take(node.id, typed, all, found.raw ?? rowAsJson(fields)),
  );
  const bad = taken.rejected > 0 ? ` WHERE NOT (${anyBad(all)})` : '';
  return {
    select: `SELECT ${columnList(fields, rowColumn)} FROM ${typed}${bad}`,
    records: found.records,
    rejected: found.rejected + taken.rejected,
    rules: { ...found.rules, ...taken.rules },
  };
}

function emptySelect(node: SourceNode): string {
  const columns = node.contract.fields.map((field) => `NULL::${field.type} AS ${quoted(field.name)}`);
  return `SELECT ${columns.join(', ')}, 0::BIGINT AS ${rowColumn} WHERE false`;
}
