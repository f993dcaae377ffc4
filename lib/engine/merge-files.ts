import { dirname } from 'node:path';
import { fieldId, type TableColumn } from '../component/field-id.ts';
import type { Column, MergeKeys } from '../component/plan.ts';
import { literal, quoted } from '../component/shape.ts';
import type { OutputFile } from './chunk.ts';
import { CountMismatchError, KeyTwiceError } from './errors.ts';
import type { StoredColumn } from './field-ids.ts';
import { numberedRows } from './numbered-rows.ts';
import { type KeyedFile, overlapping } from './overlapping-files.ts';
import { Session } from './session.ts';
import { writeParquet } from './write.ts';

export interface MergeRequest {
  /** Of the rows that come. */
  readonly columns: readonly (Column & Pick<StoredColumn, 'ids'>)[];
  /**
   * All columns that files of the table may have, by whose ids they are read, under the names of `columns`. Absent: by the
   * names that they have in the files.
   */
  readonly byId?: readonly TableColumn[] | undefined;
  readonly merges: MergeKeys;
  /** Parquet files on this disk with the rows that come, in their order. */
  readonly own: readonly { readonly id: string; readonly path: string }[];
  /** Files of the table. */
  readonly there: readonly KeyedFile[];
  /** Brings a file of the table here; called for those alone that can hold a key of the rows. */
  fetch(id: string): Promise<string>;
  /** Takes what a file becomes; `undefined` where no row of it is left. `state`: names the rows that it lost. */
  keep(id: string, file: OutputFile | undefined, state: string): Promise<void>;
  /** An empty folder. */
  readonly workFolder: string;
  readonly memoryMegabytes: number;
  readonly threads: number;
}

/** What became of the rows that came: inserted + updated + superseded are all of them. */
export interface MergedRows {
  /** Rows whose key the table did not have. */
  readonly inserted: number;
  /** Rows that took the place of others. */
  readonly updated: number;
  /** Rows of which the table, or the run itself, has a newer state. */
  readonly superseded: number;
  /** Rows of the table that went. */
  readonly removed: number;
}

/**
 * Merges rows into a table by copying each of its files that loses rows. NULLs in a key are equal. Throws
 * `KeyTwiceError` where two rows of a key come and nothing says which of them is the newer one.
 */
export async function mergeFiles(request: MergeRequest): Promise<MergedRows> {
  const { own, workFolder, memoryMegabytes, threads } = request;
  const folders = [workFolder, ...new Set(own.map(({ path }) => dirname(path)))];
  const session = await Session.open({ folders, memoryMegabytes, threads });
  try {
    const merge = new Merge(session, request);
    await merge.take();
    for (const { id } of await merge.candidates()) await merge.apply(id);
    await merge.dropBeaten();
    return await merge.counts();
  } finally {
    session.close();
  }
}

class Merge {
  readonly #session: Session;
  readonly #request: MergeRequest;
  readonly #incoming: string;
  readonly #found: string;
  #copies = 0;
  #removed = 0;

  constructor(session: Session, request: MergeRequest) {
    this.#session = session;
    this.#request = request;
    this.#incoming = session.newName('incoming');
    this.#found = session.newName('found');
  }

  /** Notes the keys of the rows that come; `place` 1 is the newest of its key. */
  async take(): Promise<void> {
    const { own, merges } = this.#request;
    const names = [...new Set([...merges.key, ...(merges.by === undefined ? [] : [merges.by])])].map(quoted);
    const parts = await Promise.all(
      own.map(async ({ path }, index) => {
        const { from, number } = await numberedRows(this.#session, path);
        return `SELECT ${names.join(', ')}, ${index} AS __file, ${number} AS __row FROM ${from}`;
      }),
    );
    const newest = merges.by === undefined ? '' : `${quoted(merges.by)} DESC NULLS LAST, `;
    const place = `row_number() OVER (PARTITION BY ${merges.key.map(quoted).join(', ')} ORDER BY ${newest}__file DESC, __row DESC)`;
    await this.#session.run(
      `CREATE TABLE ${this.#incoming} AS SELECT *, ${place} AS __place FROM (${parts.join(' UNION ALL ')})`,
    );
    await this.#session.run(`CREATE TABLE ${this.#found} (__file INTEGER, __row BIGINT, beaten BOOLEAN)`);
    const [twice] = await this.#session.counts(`SELECT count(*) FROM ${this.#incoming} WHERE __place > 1`);
    if (twice! > 0 && merges.by === undefined)
      throw new KeyTwiceError({
        problem: 'rows that are to be merged into a table have a key that other rows of the run have as well',
        received: `${twice} rows beyond the first of their key (${merges.key.join(', ')})`,
        allowed: 'one row of each key, or a column that says which one is the newest',
        change: `give the sink \`by\`, or put deduplicate({ key: [${merges.key.map((name) => `'${name}'`).join(', ')}] }) before it`,
      });
  }

  candidates(): Promise<readonly KeyedFile[]> {
    const { there, merges, columns } = this.#request;
    const keys = merges.key.map((name) => columns.find((column) => column.name === name)!);
    return overlapping(this.#session, `${this.#incoming} WHERE __place = 1`, keys, there);
  }

  /** Takes out of a file of the table what the rows replace. */
  async apply(id: string): Promise<void> {
    const { merges, byId } = this.#request;
    const path = await this.#request.fetch(id);
    const { from, number, columns: held } = await numberedRows(this.#session, path, byId);
    const names = [...merges.key, ...(merges.by === undefined ? [] : [merges.by])];
    const read = names.map((name) => `${this.#heldAs(name, held)} AS ${quoted(name)}`);
    const same = merges.key.map((name) => `there.${quoted(name)} IS NOT DISTINCT FROM incoming.${quoted(name)}`);
    const hits = this.#session.newName('hits');
    await this.#session.run(
      `CREATE TABLE ${hits} AS SELECT there.__number, incoming.__file, incoming.__row, ${newer(merges.by)} AS beaten FROM (SELECT ${[...new Set(read)].join(', ')}, ${number} AS __number FROM ${from}) there JOIN ${this.#incoming} incoming ON incoming.__place = 1 AND ${same.join(' AND ')}`,
    );
    await this.#session.run(`INSERT INTO ${this.#found} SELECT __file, __row, beaten FROM ${hits}`);
    this.#removed += await this.#without({ id, path, by: byId }, `SELECT __number FROM ${hits} WHERE NOT beaten`);
    await this.#session.run(`DROP TABLE ${hits}`);
  }

  /** Takes out of the rows that come those of which there is a newer state. */
  async dropBeaten(): Promise<void> {
    for (const [index, { id, path }] of this.#request.own.entries())
      await this.#without({ id, path }, `SELECT __row FROM (${this.#beaten()}) WHERE __file = ${index}`);
  }

  async counts(): Promise<MergedRows> {
    const beaten = this.#beaten();
    const [all, superseded, found] = await this.#session.counts(
      `SELECT (SELECT count(*) FROM ${this.#incoming}), (SELECT count(*) FROM (${beaten})), (SELECT count(*) FROM (SELECT DISTINCT __file, __row FROM ${this.#found} EXCEPT ${beaten}))`,
    );
    return { inserted: all! - superseded! - found!, updated: found!, superseded: superseded!, removed: this.#removed };
  }

  #beaten(): string {
    return `(SELECT __file, __row FROM ${this.#incoming} WHERE __place > 1 UNION SELECT __file, __row FROM ${this.#found} WHERE beaten)`;
  }

  /** SQL of a column in a file; one that the file has under another id is another column. */
  #heldAs(name: string, held: readonly { readonly name: string; readonly type: string }[]): string {
    const { type } = this.#request.columns.find((column) => column.name === name)!;
    const found = held.find((column) => column.name === name);
    if (found && this.#request.byId) return quoted(name);
    return found && fieldId([name], found.type) === fieldId([name], type) ? quoted(name) : `NULL::${type}`;
  }

  /** Columns of a file whose ids follow from names, but for those of the rows that come. */
  #withIds(columns: readonly StoredColumn[]): StoredColumn[] {
    const ids = new Map(this.#request.columns.map((column) => [column.name, column.ids]));
    return columns.map((column) => ({ ...column, ...(ids.get(column.name) && { ids: ids.get(column.name)! }) }));
  }

  /** Copies a file without some of its rows, where there are any of those. Returns how many. */
  async #without({ id, path, by }: CopiedFile, numbers: string): Promise<number> {
    const session = this.#session;
    const [gone] = await session.counts(`SELECT count(DISTINCT number) FROM (${numbers}) lost(number)`);
    if (gone === 0) return 0;
    const [rows] = await session.counts(`SELECT count(*) FROM ${parquet(path)}`);
    const [state] = await session.rows(
      `SELECT md5(string_agg(number::VARCHAR, ',' ORDER BY number)) AS digest FROM (SELECT DISTINCT number FROM (${numbers}) lost(number))`,
    );
    const { from, number, columns } = await numberedRows(session, path, by);
    const [file, ...more] = await writeParquet({
      session,
      select: `SELECT * EXCLUDE (${number}) FROM ${from} WHERE ${number} NOT IN (${numbers})`,
      stored: by ?? this.#withIds(columns),
      kind: 'table',
      of: id,
      folder: `${this.#request.workFolder}/copy-${this.#copies++}`,
      name: 'rows',
      partitionBy: [],
    });
    const left = file?.rows ?? 0;
    if (left + gone! !== rows! || more.length > 0)
      throw new CountMismatchError({
        problem: 'a file of the table would not hold its other rows once some are replaced',
        received: left,
        allowed: rows! - gone!,
        change: 'report this with the file: nothing was changed',
      });
    await this.#request.keep(id, file, state!.digest);
    return gone!;
  }
}

interface CopiedFile {
  readonly id: string;
  readonly path: string;
  /** Of a file of the table. */
  readonly by?: readonly TableColumn[] | undefined;
}

/** SQL that is true where the row that is there is newer than the one that comes. */
function newer(by: string | undefined): string {
  if (by === undefined) return 'false';
  const [there, incoming] = [`there.${quoted(by)}`, `incoming.${quoted(by)}`];
  return `coalesce(${there} > ${incoming}, ${there} IS NOT NULL AND ${incoming} IS NULL)`;
}

function parquet(path: string): string {
  return `read_parquet(${literal(path)}, hive_partitioning = false)`;
}
