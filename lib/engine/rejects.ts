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

/** Names the file of a row: key by position in the run. */
export type FileKeys = Readonly<Record<number, string>>;

const table = 'rejects';
/** Raw text longer than this is cut in the reject: a reject must not be larger than a row group can hold. */
const longestRawCharacters = 65_536;

/** Rows that were set aside in this session, each once, with the first rule it broke and all reasons. */
export class Rejects {
  readonly #session: Session;
  readonly #stage: string;
  readonly #files: FileKeys;
  #count = 0;

  private constructor(session: Session, stage: string, files: FileKeys) {
    this.#session = session;
    this.#stage = stage;
    this.#files = files;
  }

  static async open(session: Session, stage: string, files: FileKeys): Promise<Rejects> {
    await session.run(
      `CREATE TABLE ${table} (file VARCHAR, "row" BIGINT, stage VARCHAR, node VARCHAR, rule VARCHAR, "column" VARCHAR, value VARCHAR, reason VARCHAR, raw VARCHAR)`,
    );
    return new Rejects(session, stage, files);
  }

  get count(): number {
    return this.#count;
  }

  get table(): string {
    return table;
  }

  /**
   * Sets aside the rows of `from` that break a check, and tells how many and by which rule.
   * @param raw SQL of the row as the user would recognise it
   */
  async take(node: string, from: string, checks: readonly Check[], raw: string): Promise<Record<string, number>> {
    if (checks.length === 0) return {};
    const [bad] = await this.#session.counts(`SELECT count(*) FILTER (${anyBad(checks)}) FROM ${from}`);
    if (bad === 0) return {};
    const branch = (what: (check: Check) => string) =>
      `CASE ${checks.map((check) => `WHEN ${check.bad} THEN ${what(check)}`).join(' ')} END`;
    const shown = (check: Check) =>
      `coalesce('"' || left((${check.value})::VARCHAR, 200) || '" ', '') || ${literal(check.message)}`;
    const reasons = checks.map(
      (check) => `CASE WHEN ${check.bad} THEN ${literal(`${check.column}: `)} || ${shown(check)} END`,
    );
    await this.#session.run(
      `INSERT INTO ${table} SELECT ${this.#fileKey()}, ${rowColumn} & ${2n ** BigInt(rowBits) - 1n}, ${literal(this.#stage)}, ${literal(node)}, ` +
        `${branch((check) => literal(check.rule))}, ${branch((check) => literal(check.column))}, ${branch((check) => `left((${check.value})::VARCHAR, 1000)`)}, ` +
        `concat_ws('; ', ${reasons.join(', ')}), left(${raw}, ${longestRawCharacters}) FROM ${from} WHERE ${anyBad(checks)}`,
    );
    this.#count += bad!;
    return this.#byRule(node);
  }

  /** Sets aside records that could not be read at all. */
  async addRead(node: string, select: string): Promise<Record<string, number>> {
    const [before] = await this.#session.counts(`SELECT count(*) FROM ${table}`);
    await this.#session.run(
      `INSERT INTO ${table} SELECT file, "row", ${literal(this.#stage)}, ${literal(node)}, rule, "column", value, reason, left(raw, ${longestRawCharacters}) FROM (${select})`,
    );
    const [after] = await this.#session.counts(`SELECT count(*) FROM ${table}`);
    this.#count += after! - before!;
    return this.#byRule(node);
  }

  async #byRule(node: string): Promise<Record<string, number>> {
    const rows = await this.#session.rows(
      `SELECT rule, count(*) AS n FROM ${table} WHERE node = ${literal(node)} GROUP BY rule ORDER BY rule`,
    );
    return Object.fromEntries(rows.map((row) => [row.rule, Number(row.n)]));
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
