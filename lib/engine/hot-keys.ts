import { quoted } from '../component/shape.ts';
import { type Relation, rowColumn } from './relation.ts';
import type { Session } from './session.ts';

/** Fewer rows of a key are not worth a file. */
const leastRows = 256;
/** As many rows of a key must be in the sample for it to be hot. */
const sampledRows = 32;

/** Rows of a chunk beside what tells whether their key is hot. */
export interface HotKeys {
  /** SQL of the relation, joined with the hot keys. */
  readonly from: string;
  /** SQL that is true for rows of hot keys, but for one row of each. */
  readonly isHot: string;
}

/**
 * Finds the keys that have more than half of a partition's share of a chunk's rows, by a sample that is the same whenever
 * the chunk is repeated. Undefined where there are none.
 */
export async function hotKeys(
  session: Session,
  relation: Relation,
  { keys, partitions }: { readonly keys: readonly string[]; readonly partitions: number },
): Promise<HotKeys | undefined> {
  const many = Math.max(leastRows, Math.ceil(relation.rows / partitions / 2));
  if (partitions < 2 || relation.rows < many) return undefined;
  const every = Math.max(1, Math.floor(many / sampledRows));
  const columns = keys.map(quoted);
  const present = columns.map((key) => `${key} IS NOT NULL`).join(' AND ');
  const names = columns.map((_, index) => `key_${index}`);
  const table = session.newName('hot');
  await session.run(
    `CREATE TABLE ${table} AS SELECT ${columns.map((key, index) => `${key} AS ${names[index]}`).join(', ')}, min(${rowColumn}) AS first FROM ${relation.name} ` +
      `WHERE ${present} AND hash(${rowColumn}) % ${every} = 0 GROUP BY ALL HAVING count(*) * ${every} > ${many}`,
  );
  const [found] = await session.counts(`SELECT count(*) FROM ${table}`);
  if (found === 0) return undefined;
  const same = columns.map((key, index) => `all_rows.${key} = hot.${names[index]}`).join(' AND ');
  return {
    from: `(SELECT all_rows.*, coalesce(hot.first <> all_rows.${rowColumn}, false) AS __hot FROM ${relation.name} all_rows LEFT JOIN ${table} hot ON ${same})`,
    isHot: '__hot',
  };
}
