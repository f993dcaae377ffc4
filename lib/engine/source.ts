import type { Connector, Format } from '../component/connector.ts';
import type { SourceNode } from '../component/plan.ts';
import { quoted } from '../component/shape.ts';
import type { InputFile, StepCount } from './chunk.ts';
import { fieldSql } from './field-check.ts';
import { stepCount } from './ledger.ts';
import { readCsv } from './read/csv.ts';
import { readJson, readNdjson } from './read/json.ts';
import { readParquet } from './read/parquet.ts';
import { anyBad, type Rejects, rowAsJson } from './rejects.ts';
import { type Relation, relationName, rowColumn } from './relation.ts';
import type { Session } from './session.ts';
import type { ReadFile, ReadRequest } from './source-files.ts';

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
}

/** Reads a source's files and holds each row against the contract: good rows as a relation, bad ones among the rejects. */
export async function readSource({
  session,
  rejects,
  node,
  connector,
  files,
  workFolder,
}: SourceInput): Promise<{ relation: Relation; count: StepCount }> {
  const format = connector.source!.format(node.options);
  const name = relationName(node.id);
  const rules: Record<string, number> = {};
  let rowsIn = 0;
  let rejected = 0;
  const parts: string[] = [];
  for (const file of files) {
    const read = quoted(`file ${file.file} ${node.id}`);
    const found = await readers[format.kind]({ session, node, format, file, rejects, name: read, workFolder });
    const fields = node.contract.fields.map((field) => ({
      name: field.name,
      ...fieldSql(field, found.types[field.name]!),
    }));
    const checks = fields.flatMap((field) => field.checks);
    const before = rejects.count;
    const broken = await rejects.take(node.id, read, checks, found.raw ?? rowAsJson(node.contract.fields));
    const bad = rejects.count - before;
    // Rules of a node are counted over all its files by the rejects table itself.
    Object.assign(rules, found.rules, broken);
    rowsIn += found.records;
    rejected += found.rejected + bad;
    const typed = fields.map((field) => `${field.value} AS ${quoted(field.name)}`).join(', ');
    parts.push(`SELECT ${typed}, ${rowColumn} FROM ${read}${bad > 0 ? ` WHERE NOT (${anyBad(checks)})` : ''}`);
  }
  await session.run(`CREATE VIEW ${name} AS ${parts.length > 0 ? parts.join(' UNION ALL ') : emptySelect(node)}`);
  const rowsOut = rowsIn - rejected;
  return {
    relation: { node: node.id, name, columns: node.columns, rows: rowsOut },
    count: stepCount(node.id, { rowsIn, rowsOut, rejected, rules }),
  };
}

function emptySelect(node: SourceNode): string {
  const columns = node.contract.fields.map((field) => `NULL::${field.type} AS ${quoted(field.name)}`);
  return `SELECT ${columns.join(', ')}, 0::BIGINT AS ${rowColumn} WHERE false`;
}
