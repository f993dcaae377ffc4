import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

type Driver = typeof import('@duckdb/node-api');
type Options = Readonly<Record<string, string>>;

/** What locks an instance down for good, and so would keep the next one from using it: other tests are about that. */
const lockDown = /^SET (allowed_directories|enable_external_access|lock_configuration)\b/;

/**
 * DuckDB's driver with instances that are used again when they are closed, each time with a database of its own: to open
 * one takes longer than all that a history asks of it. Nothing is locked down.
 */
export function pooledDuckdb(driver: Driver): Driver {
  const idle = new Map<string, Pooled[]>();

  class Pooled {
    readonly #instance: DuckDBInstance;
    readonly #keeper: DuckDBConnection;
    readonly #key: string;
    #uses = 0;

    constructor(instance: DuckDBInstance, keeper: DuckDBConnection, key: string) {
      this.#instance = instance;
      this.#keeper = keeper;
      this.#key = key;
    }

    /** The same as of DuckDB's own class. */
    static async create(path: string, { temp_directory: _spill, ...options }: Options): Promise<Pooled> {
      const key = JSON.stringify(options);
      let pooled = idle.get(key)?.pop();
      if (!pooled) {
        const instance = await driver.DuckDBInstance.create(path, { ...options, temp_directory: '' });
        pooled = new Pooled(instance, await instance.connect(), key);
      }
      await pooled.#keeper.run(`ATTACH ':memory:' AS ${pooled.#database}`);
      return pooled;
    }

    get #database(): string {
      return `use_${this.#uses}`;
    }

    async connect(): Promise<DuckDBConnection> {
      const connection = await this.#instance.connect();
      await connection.run(`USE ${this.#database}`);
      const run = connection.run.bind(connection) as (sql: string, ...given: unknown[]) => Promise<unknown>;
      const unlocked = async (sql: string, ...given: unknown[]) =>
        lockDown.test(sql) ? undefined : run(sql, ...given);
      return Object.assign(connection, { run: unlocked as never });
    }

    /** One that has failed for good cannot let its database go, and is used no more. */
    closeSync(): void {
      const detached = this.#keeper.run(`DETACH ${this.#database}`);
      this.#uses++;
      const back = () => idle.set(this.#key, [...(idle.get(this.#key) ?? []), this]);
      detached.then(back, () => this.#instance.closeSync());
    }
  }

  return Object.create(driver, { DuckDBInstance: { value: Pooled } });
}
