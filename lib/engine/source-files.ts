import type { Format } from '../component/connector.ts';
import type { SourceNode } from '../component/plan.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import { nearest } from '../core/nearest.ts';
import type { InputFile } from './chunk.ts';
import { InputMalformedError, SchemaMismatchError } from './errors.ts';
import type { Check, Rejects } from './rejects.ts';
import type { Session } from './session.ts';

/** What a reader is given. */
export interface ReadRequest {
  readonly session: Session;
  readonly node: SourceNode;
  readonly format: Format;
  readonly file: InputFile;
  readonly rejects: Rejects;
  /** Quoted name of the view or table to make, with the columns as they were read and the hidden row column. */
  readonly name: string;
  readonly workFolder: string;
  readonly signal?: AbortSignal;
}

/** What a reader found. */
export interface ReadFile {
  /** DuckDB type of each column as it was read. */
  readonly types: Readonly<Record<string, string>>;
  /** Records in the file, bad ones included. */
  readonly records: number;
  /** Records that could not be read at all; they are among the rejects. */
  readonly rejected: number;
  readonly rules: Readonly<Record<string, number>>;
  /** Column with the raw text of a row, where the format keeps it. */
  readonly raw?: string;
  /** What else would be wrong with a row, asked of the typed rows. */
  readonly checks?: readonly Check[];
}

/** Text that can be typed on its way in. */
export interface TextScan {
  readonly types: ReadFile['types'];
  /** SQL of the records as text columns, in their order. Reading it throws where DuckDB cannot read the file. */
  readonly from: string;
  /**
   * Gives the rows of the table that was made of all records their numbers, and takes the bad records: SQL of a row's
   * id, and what was rejected. Undefined where the records cannot be told apart this way.
   */
  number(table: string): Promise<({ readonly row: string } & Pick<ReadFile, 'rejected' | 'rules'>) | undefined>;
  /** Reads the file record by record instead. */
  sifted(): Promise<ReadFile>;
}

/** Stops the run where a column of the contract is not in the file: no row of it could be right. */
export function requireColumns({ node, file }: ReadRequest, present: readonly string[]): void {
  const missing = node.contract.fields.find((field) => !present.includes(field.name));
  if (missing) {
    const fields = node.contract.fields.map((field) => field.name);
    const guess = nearest(
      missing.name,
      present.filter((name) => !fields.includes(name)),
    );
    throw new SchemaMismatchError({
      problem: `${file.key} has no column "${missing.name}", which the contract of "${node.id}" promises`,
      received: present,
      allowed: node.contract.fields.map((field) => field.name),
      change: guess
        ? `the file has "${guess}": was it renamed? change the contract or the file`
        : 'send a file with that column, or take it out of the contract',
    });
  }
  const unknown = present.find((name) => !node.contract.fields.some((field) => field.name === name));
  if (unknown !== undefined && node.contract.unknownColumns === 'reject') {
    throw new SchemaMismatchError({
      problem: `${file.key} has a column "${unknown}" that the contract of "${node.id}" does not know`,
      received: present,
      allowed: node.contract.fields.map((field) => field.name),
      change: 'add it to the contract, or set unknownColumns to "ignore"',
    });
  }
}

/** Runs a read; what DuckDB says about the bytes becomes a typed error that names the object. */
export async function reading<T>(request: Pick<ReadRequest, 'file' | 'format'>, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof PenstockError || (cause as Error).name === 'AbortError') throw cause;
    throw new InputMalformedError({
      problem: `${request.file.key} cannot be read as ${request.format.kind}: ${firstLine(cause)}`,
      received: request.file.key,
      allowed: `a whole ${request.format.kind} file`,
      change: 'send the file again, or correct the format of the source',
      cause,
    });
  }
}

function firstLine(error: unknown): string {
  return String((error as Error).message ?? error).split('\n')[0]!;
}
