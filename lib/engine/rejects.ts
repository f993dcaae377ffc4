import type { Plan } from '../component/plan.ts';
import { openColumns, restrictedAt } from '../component/restricted-columns.ts';
import { literal, type Severity } from '../component/shape.ts';
import type { InputFile } from './chunk.ts';
import { damagedRule } from './read/damaged-rule.ts';
import { firstRow, rowBits, rowColumn } from './relation.ts';
import type { Session } from './session.ts';
import type { Statements } from './statements.ts';
import type { TablesByNode } from './tables-beyond.ts';

/** One rule and the SQL that finds the rows breaking it. */
export interface Check {
  readonly rule: string;
  readonly column: string;
  /** True for a bad row; NULL counts as good. */
  readonly bad: string;
  /** The same where the checks before it are asked as well: shorter. Absent: `bad` itself. */
  readonly besides?: string;
  /** The value as text, for the reason. */
  readonly value: string;
  /** Follows the value, e.g. `is not a BIGINT`. */
  readonly message: string;
  /** Default: major. */
  readonly severity?: Severity | undefined;
  /** True where the value is none of the column's own, and may quote any of the row. Absent: it is the column's. */
  readonly ofRow?: true;
}

/** Rows that were set aside. */
export interface Taken {
  readonly rejected: number;
  /** How many by the first rule that each broke. */
  readonly rules: Readonly<Record<string, number>>;
  /** How many of them broke a critical rule first. Absent: none. */
  readonly critical?: number;
}

const usual: Severity = 'major';
/** Form, in the session, of what is no record of a source. */
const made = 'made';
const nowhere = { tables: {}, meets: {} };
const nothing: Taken = { rejected: 0, rules: {} };

/** Names a file of the run: the source that reads it, the object and its version. */
export interface FileName {
  /** Id of the source node. */
  readonly source: string;
  readonly key: string;
  /** Absent where the bucket keeps no versions. */
  readonly version?: string;
}

/** Names the files of rows, by position in the run. */
export type FileNames = Readonly<Record<number, FileName>>;

/** What files are called in rejects. */
export function namesOf(files: readonly InputFile[]): FileNames {
  return Object.fromEntries(files.map(({ file, of: source, key, version }) => [file, { source, key, version }]));
}

/**
 * How the raw text of a reject can be read again: `text` is a record of the file's own text, `json` a JSON text as it
 * was sent, `values` a JSON object with the text of each value. `place` stands for rows that a later stage rejected, whose
 * record can be read from its place in the file. NULL stands for rows that cannot be read again.
 */
export type RawForm = 'text' | 'json' | 'values' | 'place';

/**
 * What is kept of a row: its source's record, or what a later step saw of it, or made of several rows (`made`), which are
 * no record of a source. SQL that gives text.
 */
export type Kept = (
  | { readonly raw: string; readonly form: RawForm }
  | { readonly seen: string }
  | { readonly made: string }
) & {
  /** True where every row is known to break a check: nobody need look for those that do. Absent: it is not known. */
  readonly allBad?: true;
};

const table = 'rejects';
/** Raw text longer than this is cut in the reject: a reject must not be larger than a row group can hold. */
const longestRawCharacters = 65_536;

/** Rows that were set aside in this session, each once, with the first rule it broke and all reasons. */
export class Rejects {
  readonly #session: Session;
  readonly #stage: string;
  readonly #files: Record<number, FileName>;
  readonly #plan: Pick<Plan, 'nodes'>;
  #count = 0;
  /** Of all that were ever put into the table. */
  #written = 0;
  /** What is being set aside while other rows go on. */
  #later: Promise<unknown> | undefined;

  private constructor(session: Session, stage: string, files: FileNames, plan: Pick<Plan, 'nodes'>) {
    this.#session = session;
    this.#stage = stage;
    this.#files = { ...files };
    this.#plan = plan;
  }

  /** @param plan says which values stand in nothing but the record itself */
  static async open(
    session: Session,
    stage: string,
    files: FileNames,
    plan: Pick<Plan, 'nodes'> = { nodes: [] },
  ): Promise<Rejects> {
    await session.run(
      `CREATE TABLE ${table} (id BIGINT, node VARCHAR, rule VARCHAR, severity VARCHAR, "column" VARCHAR, value VARCHAR, reason VARCHAR, raw VARCHAR, form VARCHAR, names VARCHAR, seen VARCHAR)`,
    );
    return new Rejects(session, stage, files, plan);
  }

  /** Names of more files, and all that are known. */
  name(files: FileNames): FileNames {
    return Object.assign(this.#files, files);
  }

  /** Columns of a node whose values stand in rows only. */
  closedIn(node: string): ReadonlySet<string> {
    return restrictedAt(this.#plan, node);
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Sets rows aside while others go on. Whoever else asks for the rejects waits for it, and fails of it.
   * @param work is to name the connection that it is given to all that it asks of the rejects
   */
  later<Result>(work: (on: Statements) => Promise<Result>): Promise<Result> {
    const before = this.settled();
    before.catch(() => {});
    const later = this.#session.beside(async (on) => {
      await before;
      return work(on);
    });
    this.#later = later;
    // Told to whoever waits for it.
    later.catch(() => {});
    return later;
  }

  /** Waits until nothing is set aside any longer. Throws what was thrown there. */
  async settled(): Promise<void> {
    await this.#later;
  }

  /**
   * Sets aside the rows of `from` that break a check.
   * @param on connection of what is done `later`
   */
  async take(node: string, from: string, checks: readonly Check[], kept: Kept, on?: Statements): Promise<Taken> {
    if (checks.length === 0) return nothing;
    if (!kept.allBad) {
      const [bad] = await (on ?? this.#session).counts(`SELECT count(*) FILTER (${anyBad(checks)}) FROM ${from}`);
      if (bad === 0) return nothing;
    }
    const closed = this.closedIn(node);
    // A record that is not as its contract says may hold anything anywhere.
    const isClosed = (check: Check) =>
      closed.size > 0 && (check.ofRow === true || this.#isSource(node) || closed.has(check.column));
    const shown = (check: Check) =>
      isClosed(check)
        ? literal(check.message)
        : `coalesce('"' || left((${check.value})::VARCHAR, 200) || '" ', '') || ${literal(check.message)}`;
    const reasons = checks.map(
      (check, index) => `CASE WHEN __found[${index + 1}] THEN ${literal(`${check.column}: `)} || ${shown(check)} END`,
    );
    const ofFirst = (what: (check: Check) => string) =>
      `([${checks.map((check) => literal(what(check))).join(', ')}])[__first]`;
    const values = checks.flatMap((check, index) =>
      isClosed(check) ? [] : [`WHEN ${index + 1} THEN left((${check.value})::VARCHAR, 1000)`],
    );
    const [raw, form, seen] =
      'raw' in kept
        ? [kept.raw, literal(kept.form), 'NULL::VARCHAR']
        : 'made' in kept
          ? ['NULL::VARCHAR', literal(made), kept.made]
          : ['NULL::VARCHAR', 'NULL::VARCHAR', kept.seen];
    // Each check is asked once of a bad row: to plan it in every place that needs its answer took longer than to ask it.
    const found = `[${checks.map((check) => `coalesce(${check.bad}, false)`).join(', ')}]`;
    const judged = `SELECT *, list_position(__found, true) AS __first FROM (SELECT *, ${found} AS __found, ${raw} AS __kept_raw, ${seen} AS __kept_seen FROM ${from}${kept.allBad ? '' : ` WHERE ${anyBad(checks)}`})`;
    return this.#add(
      node,
      `SELECT ${rowColumn} AS id, ${ofFirst(({ rule }) => rule)} AS rule, ${ofFirst(({ severity = usual }) => severity)} AS severity, ${ofFirst(({ column }) => column)} AS "column", ` +
        `${values.length > 0 ? `CASE __first ${values.join(' ')} END` : 'NULL::VARCHAR'} AS value, concat_ws('; ', ${reasons.join(', ')}) AS reason, ` +
        `__kept_raw AS raw, ${form} AS form, NULL::VARCHAR AS names, __kept_seen AS seen FROM (${judged})`,
      on,
    );
  }

  /**
   * Sets aside records that could not be read at all: rows of `id, rule, column, value, reason, raw, form, names`, where
   * `names` is a JSON list of the columns that a text record should have had.
   * @param on connection of what is done `later`
   */
  addRead(node: string, select: string, on?: Statements): Promise<Taken> {
    return this.#add(
      node,
      `SELECT id, rule, ${literal(usual)} AS severity, "column", value, reason, raw, form, names, NULL::VARCHAR AS seen FROM (${select})`,
      on,
    );
  }

  /** Sets a file aside as a whole, in place of the records of it that were. It is one reject, and counts as one record. */
  async takeFile(
    node: string,
    file: Pick<InputFile, 'file' | 'recordsBefore' | 'rows'>,
    reason: string,
  ): Promise<Taken> {
    const recordsBefore = file.rows?.from ?? file.recordsBefore ?? 0;
    const first = firstRow({ file: file.file, recordsBefore });
    await this.leaveOut(node, `SELECT id FROM ${table} WHERE id >= ${first} AND id >> ${rowBits} = ${file.file}`);
    return this.addRead(
      node,
      `SELECT ${first} AS id, ${literal(damagedRule)} AS rule, NULL::VARCHAR AS "column", NULL::VARCHAR AS value, ${literal(reason)} AS reason, '' AS raw, NULL::VARCHAR AS form, NULL::VARCHAR AS names`,
    );
  }

  /**
   * Forgets records of a source that were set aside and are read elsewhere.
   * @param ids SQL of their numbers
   */
  async leaveOut(node: string, ids: string): Promise<Taken> {
    await this.settled();
    const where = `node = ${literal(node)} AND id IN (${ids})`;
    const rows = await this.#session.rows(`SELECT rule, count(*) AS n FROM ${table} WHERE ${where} GROUP BY rule`);
    await this.#session.run(`UPDATE ${table} SET node = NULL WHERE ${where}`);
    const rules: Record<string, number> = Object.fromEntries(rows.map(({ rule, n }) => [rule, Number(n)]));
    const rejected = Object.values(rules).reduce((sum, one) => sum + one, 0);
    this.#count -= rejected;
    return { rejected, rules };
  }

  /**
   * Gives rows that later steps rejected the record that they were at their source.
   * @param nodes steps to which each row of the source comes as one row
   * @param records SQL of the source's rows: `source_id` and the text `source_raw` of form `values`
   */
  async fillRaw(nodes: readonly string[], records: (ids: string) => string): Promise<void> {
    if (nodes.length === 0) return;
    await this.settled();
    const open = `node IN (${nodes.map(literal).join(', ')}) AND raw IS NULL AND form IS NULL`;
    const [left] = await this.#session.counts(`SELECT count(*) FROM ${table} WHERE ${open}`);
    if (left === 0) return;
    const ids = `SELECT id FROM ${table} WHERE ${open}`;
    await this.#session.run(
      `UPDATE ${table} SET raw = source_raw, form = 'values' FROM (${records(ids)}) WHERE id = source_id AND ${open}`,
    );
  }

  /** Marks rows of steps whose record is not here, but is still the one at their place in the file. */
  async markPlaces(nodes: readonly string[]): Promise<void> {
    if (nodes.length === 0) return;
    await this.settled();
    const list = nodes.map(literal).join(', ');
    await this.#session.run(
      `UPDATE ${table} SET form = 'place' WHERE node IN (${list}) AND raw IS NULL AND form IS NULL`,
    );
  }

  /**
   * SQL of all of them as they are written, in an order that every attempt shares.
   * @param at milliseconds since the epoch
   * @param ways by the node that rejected them: the tables that the rows were on their way to, and those of them in whose
   *   rows others have a part
   */
  rows(
    at: number,
    { tables, meets }: { readonly tables: TablesByNode; readonly meets: TablesByNode } = nowhere,
  ): string {
    const files = Object.entries(this.#files).map(
      ([position, { source, key, version }]) =>
        `(${position}, ${literal(source)}, ${literal(key)}, ${version === undefined ? 'NULL' : literal(version)})`,
    );
    const names = files.length > 0 ? files.join(', ') : "(-1, '', '', NULL)";
    const ways = Object.entries(tables).map(
      ([node, names]) =>
        `(${literal(node)}, ${literal(JSON.stringify(names))}, ${literal(JSON.stringify(meets[node] ?? []))})`,
    );
    const shown = this.#plan.nodes.flatMap(({ id }) => {
      const open = openColumns(this.#plan, id);
      return open ? [`(${literal(id)}, ${literal(JSON.stringify(open))})`] : [];
    });
    // What is cut is no record any longer.
    const whole = `(form = 'place' OR length(raw) <= ${longestRawCharacters})`;
    const readAgain = `CASE WHEN ${whole} AND form <> ${literal(made)} THEN form END`;
    // What has no record of its own comes again with all rows of the run. A damaged file stays as it is.
    const met = `CASE WHEN ${readAgain} IS NULL AND rule <> ${literal(damagedRule)} THEN way.tables ELSE way.meets END`;
    return (
      `SELECT file.key AS file, file.version::VARCHAR AS version, id & ${2n ** BigInt(rowBits) - 1n} AS "row", ${literal(this.#stage)} AS stage, rejects.node, rule, severity, "column", value, reason, ` +
      `left(coalesce(raw, seen), ${longestRawCharacters}) AS raw, ${readAgain} AS form, names, left(seen, ${longestRawCharacters}) AS seen, ` +
      `make_timestamptz(${BigInt(Math.round(at)) * 1000n}) AS "time", file.source AS source, coalesce(way.tables, '[]') AS tables, coalesce(${met}, '[]') AS meets, CASE WHEN raw IS NULL THEN step.open WHEN record.open IS NOT NULL AND rejects.node = file.source THEN '[]' ELSE record.open END AS open_raw, step.open AS open_seen ` +
      `FROM ${table} LEFT JOIN (VALUES ${names}) file(position, source, key, version) ON id >> ${rowBits} = file.position ` +
      `LEFT JOIN (VALUES ${["('', '[]', '[]')", ...ways].join(', ')}) way(node, tables, meets) ON way.node = rejects.node ` +
      `LEFT JOIN (VALUES ${['(NULL, NULL)', ...shown].join(', ')}) record(node, open) ON record.node = file.source ` +
      `LEFT JOIN (VALUES ${['(NULL, NULL)', ...shown].join(', ')}) step(node, open) ON step.node = rejects.node ` +
      'WHERE rejects.node IS NOT NULL ORDER BY file, version, "row", rejects.node, rejects.raw, rejects.seen'
    );
  }

  #isSource(node: string): boolean {
    return this.#plan.nodes.some(({ id, kind }) => id === node && kind === 'source');
  }

  async #add(node: string, select: string, on?: Statements): Promise<Taken> {
    if (!on) await this.settled();
    const asked = on ?? this.#session;
    const before = this.#written;
    await asked.run(
      `INSERT INTO ${table} SELECT id, ${literal(node)}, rule, severity, "column", value, reason, raw, form, names, seen FROM (${select})`,
    );
    const rows = await asked.rows(
      `SELECT rule, count(*) AS n, count(*) FILTER (severity = 'critical') AS critical FROM ${table} WHERE rowid >= ${before} GROUP BY rule ORDER BY rule`,
    );
    const rules: Record<string, number> = Object.fromEntries(rows.map((row) => [row.rule, Number(row.n)]));
    const rejected = Object.values(rules).reduce((sum, one) => sum + one, 0);
    const critical = rows.reduce((sum, row) => sum + Number(row.critical), 0);
    this.#count += rejected;
    this.#written += rejected;
    return { rejected, rules, ...(critical > 0 && { critical }) };
  }
}

/** SQL that is true for a row that breaks any check. */
export function anyBad(checks: readonly Check[]): string {
  return checks.map(({ bad, besides = bad }) => `coalesce(${besides}, false)`).join(' OR ');
}
