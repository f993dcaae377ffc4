import { literal, quoted } from '../component/shape.ts';
import { rowBits, rowColumn } from './relation.ts';
import type { Session } from './session.ts';

/** One rule and the SQL that finds the rows breaking it. */
export interface Check {
  readonly rule: string;
  readonly column: string;
  /** True for a bad row; NULL counts as good. */
  readonly bad: string;
  /** The value as text, for the reason. */
  readonly value: string;
  /** Follows the value, e.g. `is not a BIGINT`. */
  readonly message: string;
}

/** Rows that were set aside. */
export interface Taken {
  readonly rejected: number;
  /** How many by the first rule that each broke. */
  readonly rules: Readonly<Record<string, number>>;
}

const nothing: Taken = { rejected: 0, rules: {} };

/** Names the file of a row: key by position in the run. */
export type FileKeys = Readonly<Record<number, string>>;

const table = 'rejects';
/** Raw text longer than this is cut in the reject: a reject must not be larger than a row group can hold. */
const longestRawCharacters = 65_536;

/** Rows that were set aside in this session, each once, with the first rule it broke and all reasons. */
export class Rejects {
  readonly #session: Session;
  readonly #stage: string;
  readonly #files: Record<number, string>;
  #count = 0;

  private constructor(session: Session, stage: string, files: FileKeys) {
    this.#session = session;
    this.#stage = stage;
    this.#files = { ...files };
  }

  static async open(session: Session, stage: string, files: FileKeys): Promise<Rejects> {
    await session.run(
      `CREATE TABLE ${table} (file VARCHAR, "row" BIGINT, stage VARCHAR, node VARCHAR, rule VARCHAR, "column" VARCHAR, value VARCHAR, reason VARCHAR, raw VARCHAR)`,
    );
    return new Rejects(session, stage, files);
  }

  /** Keys of more files, and all that are known. */
  name(files: FileKeys): FileKeys {
    return Object.assign(this.#files, files);
  }

  get count(): number {
    return this.#count;
  }

  get table(): string {
    return table;
  }

  /**
   * Sets aside the rows of `from` that break a check.
   * @param raw SQL of the row as the user would recognise it
   */
  async take(node: string, from: string, checks: readonly Check[], raw: string): Promise<Taken> {
    if (checks.length === 0) return nothing;
    const [bad] = await this.#session.counts(`SELECT count(*) FILTER (${anyBad(checks)}) FROM ${from}`);
    if (bad === 0) return nothing;
    const branch = (what: (check: Check) => string) =>
      `CASE ${checks.map((check) => `WHEN ${check.bad} THEN ${what(check)}`).join(' ')} END`;
    const shown = (check: Check) =>
      `coalesce('"' || left((${check.value})::VARCHAR, 200) || '" ', '') || ${literal(check.message)}`;
    const reasons = checks.map(
      (check) => `CASE WHEN ${check.bad} THEN ${literal(`${check.column}: `)} || ${shown(check)} END`,
    );
    const record = `${rowColumn} & ${2n ** BigInt(rowBits) - 1n}`;
    return this.#add(
      `SELECT ${this.#fileKey()} AS file, ${record} AS "row", ${literal(this.#stage)} AS stage, ${literal(node)} AS node, ` +
        `${branch((check) => literal(check.rule))} AS rule, ${branch((check) => literal(check.column))} AS "column", ` +
        `${branch((check) => `left((${check.value})::VARCHAR, 1000)`)} AS value, concat_ws('; ', ${reasons.join(', ')}) AS reason, ` +
        `left(${raw}, ${longestRawCharacters}) AS raw FROM ${from} WHERE ${anyBad(checks)}`,
    );
  }

  /** Sets aside records that could not be read at all: rows of `file, row, rule, column, value, reason, raw`. */
  addRead(node: string, select: string): Promise<Taken> {
    return this.#add(
      `SELECT file, "row", ${literal(this.#stage)}, ${literal(node)}, rule, "column", value, reason, left(raw, ${longestRawCharacters}) FROM (${select})`,
    );
  }

  async #add(select: string): Promise<Taken> {
    const before = this.#count;
    await this.#session.run(`INSERT INTO ${table} ${select}`);
    const rows = await this.#session.rows(
      `SELECT rule, count(*) AS n FROM ${table} WHERE rowid >= ${before} GROUP BY rule ORDER BY rule`,
    );
    const rules: Record<string, number> = Object.fromEntries(rows.map((row) => [row.rule, Number(row.n)]));
    const rejected = Object.values(rules).reduce((sum, one) => sum + one, 0);
    this.#count += rejected;
    return { rejected, rules };
  }

  #fileKey(): string {
    const files = Object.entries(this.#files);
    if (files.length === 0) return 'NULL';
    if (files.length === 1) return literal(files[0]![1]);
    return `CASE ${rowColumn} >> ${rowBits} ${files.map(([position, key]) => `WHEN ${position} THEN ${literal(key)}`).join(' ')} END`;
  }
}

/** SQL that is true for a row that breaks any check. */
export function anyBad(checks: readonly Check[]): string {
  return checks.map((check) => `coalesce(${check.bad}, false)`).join(' OR ');
}

/** SQL of a row as JSON text, without the hidden column. */
export function rowAsJson(columns: readonly { readonly name: string }[]): string {
  const fields = columns.map(({ name }) => `${literal(name)}, ${quoted(name)}`);
  return `json_object(${fields.join(', ')})::VARCHAR`;
}
