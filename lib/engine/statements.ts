import type { DuckDBConnection } from '@duckdb/node-api';

export interface StatementOptions {
  /** True where what DuckDB says of a failure may quote values that nobody may read: only its kind is told. Default false. */
  readonly discreet?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The statements of one connection. */
export class Statements {
  readonly #connection: DuckDBConnection;
  readonly #signal: AbortSignal | undefined;
  readonly #discreet: boolean;

  constructor(connection: DuckDBConnection, { discreet = false, signal }: StatementOptions) {
    this.#connection = connection;
    this.#discreet = discreet;
    this.#signal = signal;
  }

  /** Throws the reason of the signal once it has been given. */
  throwIfStopped(): void {
    this.#signal?.throwIfAborted();
  }

  /** Runs one statement for its effect. */
  async run(sql: string): Promise<void> {
    this.throwIfStopped();
    await this.#told(this.#connection.run(sql));
  }

  /** All rows, integers beyond 32 bits as text (JSON has no others). For counts and small results only. */
  async rows(sql: string): Promise<Record<string, any>[]> {
    this.throwIfStopped();
    const reader = await this.#told(this.#connection.runAndReadAll(sql));
    return reader.getRowObjectsJson();
  }

  /** All rows as lists of values, which columns of one name keep apart, and the names of the columns. */
  async lists(
    sql: string,
  ): Promise<{ readonly names: readonly string[]; readonly rows: readonly (readonly unknown[])[] }> {
    this.throwIfStopped();
    const reader = await this.#told(this.#connection.runAndReadAll(sql));
    return { names: reader.columnNames(), rows: reader.getRowsJson() };
  }

  /** The one row of a query of counts, as numbers. */
  async counts(sql: string): Promise<number[]> {
    const [row] = await this.rows(sql);
    return Object.values(row ?? {}).map((value) => Number(value ?? 0));
  }

  /** Columns of a query, without running it. */
  async columns(sql: string): Promise<{ name: string; type: string }[]> {
    const rows = await this.rows(`DESCRIBE ${sql}`);
    return rows.map((row) => ({ name: row.column_name, type: row.column_type }));
  }

  /** What a query gives, or an error that quotes no value. */
  async #told<Result>(query: Promise<Result>): Promise<Result> {
    if (!this.#discreet) return query;
    return query.catch((error: unknown) => {
      const kind = /^[A-Z][\w -]{2,40} Error(?=:)/.exec(String((error as Error).message))?.[0] ?? 'DuckDB failed';
      throw new Error(`${kind}; the rest is withheld, because it may quote a restricted column`);
    });
  }
}
