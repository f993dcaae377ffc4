import { join } from 'node:path';
import type { Exchange } from '../component/plan.ts';
import { type Order, quoted } from '../component/shape.ts';
import { arrivedRows, sendRows } from './exchange.ts';
import { type Relation, rowColumn } from './relation.ts';
import type { Session } from './session.ts';

/** Of what DuckDB may fill, the rows that are put in order at a time: it holds them twice, and what it writes besides. */
const memoryShare = 1 / 4;
/** Rows whose size is looked at. */
const sampledRows = 4096;
/** As many files are open at a time. */
const mostParts = 256;

interface SortRequest {
  readonly session: Session;
  readonly relation: Relation;
  readonly order: readonly Order[];
  /** Where the parts lie until they are read. */
  readonly folder: string;
}

/**
 * Rows that are to be put in order, in parts that fit in memory, one range of the order behind the other: DuckDB spills
 * what it sorts, but of wide rows it holds too many at a time. One part, as it is, where it fits.
 */
export async function partsInMemory({ session, relation, order, folder }: SortRequest): Promise<readonly Relation[]> {
  const bytes = (await rowBytes(session, relation)) * relation.rows;
  const parts = Math.min(mostParts, Math.ceil(bytes / (session.memoryBytes * memoryShare)));
  if (parts < 2) return [relation];
  const exchange: Exchange = {
    id: session.newName('sorted'),
    node: relation.node,
    keys: [],
    columns: relation.columns.map(({ name }) => name),
    toStage: '',
    feeds: { step: relation.node, input: 0 },
    ranges: order,
  };
  const place = { partitions: parts, folder: join(folder, exchange.id), chunk: 'part' };
  const files = await sendRows({ session, exchange, relation, ...place, names: {} });
  const inOrder = files.toSorted((a, b) => a.partition! - b.partition!);
  const relations: Relation[] = [];
  for (const [index, { path }] of inOrder.entries()) {
    const input = { path, key: path, of: exchange.id, file: index };
    const id = `${exchange.id} ${index}`;
    relations.push(
      await arrivedRows(session, { exchange: { ...exchange, id }, columns: relation.columns, files: [input] }),
    );
  }
  return relations;
}

/** About what a row takes. */
async function rowBytes(session: Session, { name, columns, rows }: Relation): Promise<number> {
  if (rows === 0) return 0;
  const texts = columns.filter(
    ({ type }) => !/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BOOLEAN|FLOAT|DOUBLE|DATE|TIME.*|DECIMAL.*|UUID)$/.test(type),
  );
  const fixed = 16 * (columns.length + 1);
  if (texts.length === 0) return fixed;
  const lengths = texts.map(({ name: column, type }) =>
    type === 'BLOB' ? `octet_length(${quoted(column)})` : `strlen(${quoted(column)}::VARCHAR)`,
  );
  const every = Math.max(1, Math.floor(rows / sampledRows));
  const [mean] = await session.counts(
    `SELECT avg(${lengths.map((length) => `coalesce(${length}, 0)`).join(' + ')}) FROM ${name} WHERE hash(${rowColumn}) % ${every} = 0`,
  );
  return fixed + (mean ?? 0);
}
