import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { FilesOfSession } from './files-of-session.ts';
import { Outcomes } from './outcomes.ts';

type Driver = typeof import('@duckdb/node-api');
type Options = Readonly<Record<string, string>>;
interface Opened {
  readonly instance: DuckDBInstance;
  /** In the order in which the session has asked for them. */
  readonly connections: Promise<DuckDBConnection>[];
}
type How = 'run' | 'runAndReadAll';

interface Statement {
  /** The how many-th connection it is asked on. */
  readonly on: number;
  readonly how: How;
  readonly sql: string;
  readonly given: readonly unknown[];
}

/** A session has these all the time; further ones are for streams, of which nobody could tell when they have asked what. */
const lastingConnections = 2;

/** Those of this process. */
export const outcomesOfAll = new Outcomes();

let opened = 0;

/** For how many sessions DuckDB had to be asked in this process. */
export const sessionsOpened = () => opened;

/** Rejects say when they were written, which is told to people only: it may be when this was asked first. */
const present = /make_timestamptz\(\d+\)/g;

/**
 * Trees of SQL, and what is built into DuckDB, are the same in each session. Functions that are warm know them already: what
 * they ask next would have another past in each of those that know some of them.
 */
const ofNoSession =
  /^SELECT json_(de)?serialize_sql\('(?:[^']|'')*'\) AS \w+$|^SELECT [\w ,()]+ FROM duckdb_functions\(\) WHERE internal AND /;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * DuckDB's driver, which asks DuckDB nothing twice: where a session has begun with the same statements over files with the
 * same content, the next statement gives and writes what it did before. The first other one opens a database and makes up
 * leeway there. Histories have runs over few files again and again, and DuckDB was a fourth of what they took.
 */
export function rememberedDuckdb(driver: Driver, outcomes = outcomesOfAll): Driver {
  class Remembered {
    readonly #path: string;
    readonly #options: Options;
    readonly #files = new FilesOfSession();
    readonly #past: Statement[] = [];
    /** Stands for all that was asked so far; undefined where it cannot be told. */
    #key: string | undefined;
    /** Whether it can ever be told again. */
    #isTold = true;
    #opened: Promise<Opened> | undefined;

    constructor(path: string, { temp_directory: _spill, ...options }: Options) {
      this.#path = path;
      this.#options = options;
      this.#key = JSON.stringify(options);
    }

    /** The same as of DuckDB's own class. */
    static async create(path: string, options: Options): Promise<Remembered> {
      return new Remembered(path, options);
    }

    #connections = 0;
    /** The connection of the statement that was asked last, and how many have not been answered. */
    #last = 0;
    #unanswered = 0;

    async connect(): Promise<unknown> {
      const on = this.#connections++;
      if (on >= lastingConnections) {
        this.#key = undefined;
        return (await this.#open()).instance.connect();
      }
      const ask =
        (how: How) =>
        (sql: string, ...given: unknown[]) =>
          this.#ask({ on, how, sql, given });
      return {
        run: ask('run'),
        runAndReadAll: ask('runAndReadAll'),
        interrupt: () => void this.#opened?.then(async ({ connections }) => (await connections[on])?.interrupt()),
        closeSync() {},
      };
    }

    closeSync(): void {
      const close = async ({ instance, connections }: Opened) => {
        for (const connection of await Promise.all(connections)) connection?.closeSync();
        instance.closeSync();
      };
      // What could not be opened was told to who asked.
      this.#opened?.then(close, () => {});
    }

    async #ask(statement: Statement): Promise<unknown> {
      // Which of two connections is first, where both ask at once, is up to DuckDB.
      if (this.#unanswered > 0 && this.#last !== statement.on) this.#isTold = false;
      this.#last = statement.on;
      this.#unanswered++;
      try {
        return await this.#answer(statement);
      } finally {
        this.#unanswered--;
      }
    }

    async #answer(statement: Statement): Promise<unknown> {
      if (ofNoSession.test(statement.sql)) return this.#answerForAll(statement);
      this.#key = this.#keyAfter(statement);
      const known = this.#key === undefined ? undefined : outcomes.get(this.#key);
      if (!known || this.#opened) return this.#make(statement);
      this.#past.push(statement);
      await turn();
      this.#files.write(known.written);
      return reader(known.rows && this.#files.named(known.rows));
    }

    /** Without a trace in what stands for all that was asked. */
    async #answerForAll(statement: Statement): Promise<unknown> {
      const key = createHash('sha1').update(`${statement.how} ${statement.sql}`).digest('base64url');
      const known = outcomes.get(key);
      if (known) {
        await turn();
        return reader(known.rows);
      }
      const result = await asked(await connectionOf(await this.#open(), statement.on), statement);
      const rows = rowsOf(statement, result);
      outcomes.keep(key, { rows, written: [] });
      return reader(rows);
    }

    #keyAfter({ on, how, sql, given }: Statement): string | undefined {
      if (this.#key === undefined || !this.#isTold) return undefined;
      const text = JSON.stringify([sql, given], (_name, value) => (typeof value === 'bigint' ? `${value}` : value));
      const content = this.#files.contentFor(sql, text);
      if (content === undefined) return undefined;
      const asked = this.#files.anonymous(text).replaceAll(present, 'then');
      return createHash('sha1').update(`${this.#key} ${on} ${how} ${asked} ${content}`).digest('base64url');
    }

    async #make(statement: Statement): Promise<unknown> {
      const opened = await this.#open();
      const connection = await connectionOf(opened, statement.on);
      const key = this.#key;
      // After a failure nobody knows what is there.
      this.#key = undefined;
      const result = await asked(connection, statement);
      const rows = rowsOf(statement, result);
      const written = this.#files.writtenBy(statement.sql);
      if (key !== undefined && this.#isTold) {
        outcomes.keep(key, { rows: rows && this.#files.anonymous(rows), written });
        this.#key = key;
      }
      return reader(rows);
    }

    #open() {
      this.#opened ??= this.#catchUp();
      return this.#opened;
    }

    async #catchUp(): Promise<Opened> {
      opened++;
      const instance = await driver.DuckDBInstance.create(this.#path, this.#options);
      const session: Opened = { instance, connections: [] };
      const gone = this.#files.bringBack();
      for (const statement of this.#past) {
        this.#files.removeOutput(statement.sql);
        await asked(await connectionOf(session, statement.on), statement);
      }
      for (const path of gone) rmSync(path);
      return session;
    }
  }
  return Object.create(driver, { DuckDBInstance: { value: Remembered } });
}

function connectionOf({ instance, connections }: Opened, at: number): Promise<DuckDBConnection> {
  connections[at] ??= instance.connect();
  return connections[at];
}

interface Reader {
  getRowObjectsJson(): unknown[];
}

const asked = (connection: DuckDBConnection, { how, sql, given }: Statement) =>
  (connection[how] as (...given: unknown[]) => Promise<unknown>)(sql, ...given);

/** As JSON; undefined of a statement that is not to give any. */
const rowsOf = ({ how }: Statement, result: unknown) =>
  how === 'run' ? undefined : JSON.stringify((result as Reader).getRowObjectsJson());

/** Rows of its own for whoever asks. */
const reader = (rows: string | undefined): Reader => ({ getRowObjectsJson: () => JSON.parse(rows ?? '[]') });
