import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoted } from '../component/shape.ts';
import { dataMegabytes } from '../core/data-budget.ts';
import { type StatementOptions, Statements } from './statements.ts';
import { readWholeTexts } from './whole-texts.ts';

export interface SessionOptions extends StatementOptions {
  /** Folders whose files may be read and written; nothing else on the machine, and nothing on the network. */
  readonly folders: readonly string[];
  /** Where larger-than-memory work spills. Default: `spill` in the first folder; without any, nothing spills. */
  readonly spillFolder?: string;
  readonly memoryMegabytes: number;
  /** At the most: with less than 128 MB for each, fewer work. */
  readonly threads: number;
  /** False where rows may come in any order, which takes a third less time to write. Default true. */
  readonly keepsOrder?: boolean;
  /** True where the second side of each join is the small one, be DuckDB's guess what it may. Default false. */
  readonly joinsSmall?: boolean;
}

/**
 * DuckDB takes memory beyond its limit: a third more of ten million rows, and what it packs besides; and some megabytes for
 * its threads and files, whatever its limit is, which are much of a small function's.
 */
const limitShare = 0.765;
const besidesMegabytes = 10;

/** What DuckDB may fill. */
function limitMegabytes(memoryMegabytes: number): number {
  return Math.floor(dataMegabytes(memoryMegabytes) * limitShare - besidesMegabytes);
}

/** Rows that a thread may keep back, of all partitions, before it hands them to their files: a twelfth of the memory in all. */
function rowsBeforeWriting(options: Pick<SessionOptions, 'memoryMegabytes' | 'threads'>): number {
  const bytes = (dataMegabytes(options.memoryMegabytes) * 1e6) / 12 / threadsFor(options);
  return Math.min(mostRowsBeforeWriting, Math.floor(bytes / usualRowBytes));
}

/** DuckDB's own choice, which is a hundred megabytes and more for a thread. */
const mostRowsBeforeWriting = 524_288;
const usualRowBytes = 128;

/** A thread with less to itself does not get on: each holds rows that it reads, types and packs. Lambda gives functions of that little memory a part of one core. */
const leastMegabytesOfThread = 128;

/** How many threads work in a function of this size. */
function threadsFor({ memoryMegabytes, threads }: Pick<SessionOptions, 'memoryMegabytes' | 'threads'>): number {
  return Math.max(1, Math.min(threads, Math.floor(dataMegabytes(memoryMegabytes) / leastMegabytesOfThread)));
}

/** Of what DuckDB may fill, what a place for each integer of a range may take; and what one takes, with a count. */
const rangeShare = 1 / 8;
const placeBytes = 9;
/** Places that DuckDB adds to those of a range. */
const rangeEnds = 4;

/** Where integers lie in a range of so many bits, there is room for a place for each: every thread has them, and their sum. */
function rangeBits(options: Pick<SessionOptions, 'memoryMegabytes' | 'threads'>): number {
  const bytes = (limitMegabytes(options.memoryMegabytes) * 1e6 * rangeShare) / (threadsFor(options) + 1);
  return Math.floor(Math.log2(bytes / placeBytes));
}

/** Files of partitions that DuckDB keeps open: half of what a function may have. */
export const mostOpenFiles = 512;

/**
 * One locked-down DuckDB instance for one piece of work. After a fatal error the instance is useless, so it is never
 * shared or kept.
 */
export class Session extends Statements {
  readonly #instance: DuckDBInstance;
  /**
   * For statements that count the rows of each value of an integer column of a table: they take a third of the time where
   * the values lie within `countedRange`, as they go by its place. Other groups may be far larger than a count.
   */
  readonly counting: Statements;
  readonly #options: SessionOptions;
  #beside: Promise<Statements> | undefined;
  /** What was begun beside other statements. */
  readonly #going = new Set<Promise<unknown>>();
  readonly #connections: Set<DuckDBConnection>;
  readonly #stop: () => void;
  #stopping: NodeJS.Timeout | undefined;
  readonly #signal: AbortSignal | undefined;
  /** What a row group may take in memory. Undefined where rows keep their order: DuckDB then counts rows only. */
  readonly rowGroupBytes: number | undefined;
  /** What DuckDB may fill. */
  readonly memoryBytes: number;
  readonly threads: number;
  /** Rows of all partitions that a thread keeps back before it writes them. */
  readonly heldRows: number;
  /** Integers within so many in a row are counted by their place. */
  readonly countedRange: number;
  #names = 0;
  readonly #variables = new Map<string, Variable>();

  private constructor(
    instance: DuckDBInstance,
    { connection, counting }: Readonly<Record<'connection' | 'counting', DuckDBConnection>>,
    options: SessionOptions,
  ) {
    super(connection, options);
    const { signal, keepsOrder = true, memoryMegabytes } = options;
    this.memoryBytes = limitMegabytes(memoryMegabytes) * 1e6;
    this.threads = threadsFor(options);
    this.heldRows = rowsBeforeWriting(options);
    this.countedRange = 2 ** rangeBits(options) - rangeEnds;
    this.rowGroupBytes = keepsOrder ? undefined : this.memoryBytes / 16;
    this.#instance = instance;
    this.#options = options;
    this.counting = new Statements(counting, options);
    this.#signal = signal;
    this.#connections = new Set([connection, counting]);
    this.#stop = () => this.#interrupt();
    signal?.addEventListener('abort', this.#stop);
  }

  static async open(options: SessionOptions): Promise<Session> {
    // DuckDB takes 60 ms to load: only when it is needed.
    const { DuckDBInstance } = await import('@duckdb/node-api');
    await readWholeTexts();
    const [first] = options.folders;
    const spill = options.spillFolder ?? (first === undefined ? undefined : join(first, 'spill'));
    if (spill !== undefined) mkdirSync(spill, { recursive: true });
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(threadsFor(options)),
      memory_limit: `${limitMegabytes(options.memoryMegabytes)}MB`,
      temp_directory: spill ?? '',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      // The machine keeps what was read of a file already; here it would stand beside the rows.
      enable_external_file_cache: 'false',
      preserve_insertion_order: String(options.keepsOrder ?? true),
      // With fewer, DuckDB closes the files of partitions and opens second ones, which then have to be merged.
      partitioned_write_max_open_files: String(mostOpenFiles),
      partitioned_write_flush_threshold: String(rowsBeforeWriting(options)),
      // It guesses that a fifth of the rows is left by each filter, and behind three of them it would keep a million orders in
      // memory to find ten thousand products among them.
      ...(options.joinsSmall && { disabled_optimizers: 'build_side_probe_side' }),
    });
    const connection = await instance.connect();
    const counting = await instance.connect();
    await counting.run(`SET perfect_ht_threshold = ${rangeBits(options)}`);
    const folders = [...options.folders, ...(spill === undefined ? [] : [spill])].map(
      (folder) => `'${folder.replaceAll("'", "''")}'`,
    );
    const settings = [
      `allowed_directories = [${folders.join(', ')}]`,
      // Of all connections: the machine's zone is no part of what a pipeline says.
      "GLOBAL TimeZone = 'UTC'",
      'enable_external_access = false',
      'lock_configuration = true',
    ];
    await connection.run(settings.map((setting) => `SET ${setting};`).join(' '));
    return new Session(instance, { connection, counting }, options);
  }

  /** A name that nothing in the session has yet, e.g. `errors_3`; needs no quotes. */
  newName(prefix: string): string {
    return `${prefix}_${this.#names++}`;
  }

  /**
   * Another connection to the same data, closed with the session: reading and appending on one connection stops early
   * without an error.
   */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    this.#connections.add(connection);
    for (const [name, variable] of this.#variables) await setVariable(connection, name, variable);
    return connection;
  }

  /** Sets a variable of DuckDB's, on all connections and on those to come. */
  async setVariable(name: string, variable: Variable): Promise<void> {
    this.#variables.set(name, variable);
    for (const connection of this.#connections) await setVariable(connection, name, variable);
  }

  /** Does something beside the session's own statements, on a connection that it has to itself. */
  beside<Result>(work: (on: Statements) => Promise<Result>): Promise<Result> {
    this.#beside ??= this.connect().then((connection) => new Statements(connection, this.#options));
    const going = this.#beside.then(work);
    const ended = going.catch(() => {}).finally(() => this.#going.delete(ended));
    this.#going.add(ended);
    return going;
  }

  /** Closes it once nothing goes on beside it any longer; what does is stopped. */
  async end(): Promise<void> {
    if (this.#going.size > 0) this.#interrupt();
    await Promise.all(this.#going);
    this.close();
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#stop);
    clearInterval(this.#stopping);
    for (const connection of this.#connections) connection.closeSync();
    this.#instance.closeSync();
  }

  /** An interrupt that comes just before a query starts is forgotten, so it is repeated until the session is closed. */
  #interrupt(): void {
    const all = () => {
      for (const connection of this.#connections) connection.interrupt();
    };
    all();
    this.#stopping ??= setInterval(all, 20);
  }
}

/** Text of a value of a type; null for none. */
interface Variable {
  readonly type: string;
  readonly text: string | null;
}

async function setVariable(connection: DuckDBConnection, name: string, { type, text }: Variable): Promise<void> {
  await connection.run(`SET VARIABLE ${quoted(name)} = CAST($1 AS ${type})`, [text]);
}
