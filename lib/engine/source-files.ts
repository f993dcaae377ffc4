import type { Format } from '../component/connector.ts';
import type { SourceNode } from '../component/plan.ts';
import { PenstockError } from '../core/errors/penstock-error.ts';
import type { InputFile, SchemaDrift } from './chunk.ts';
import { InputMalformedError } from './errors.ts';
import { throwIfMemoryShort } from './memory-short-error.ts';
import type { FileFit } from './read/fit-columns.ts';
import type { Check, RawForm, Rejects, Taken } from './rejects.ts';
import type { Session } from './session.ts';
import type { Statements } from './statements.ts';

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
  /** SQL of a row's id by `__number`, where the text is made of several files. Default: as the file says. */
  readonly row?: string;
  /** True where the rows that are good need not wait until the bad ones are set aside. Absent: they do. */
  readonly goesOn?: boolean | undefined;
  /** Of how many records these are some. Absent: they are all. */
  readonly amid?: number;
}

/** What a file gives, once it is typed and checked. */
export interface FilePart extends Taken {
  /** SQL of the file's good rows. */
  readonly select: string;
  /** True where they were rejects of an earlier run. */
  readonly again?: true;
  /** Records in the file, rejected ones included. */
  readonly records: number;
  /** What became of rows that were still being set aside: `rejected` counts them, `rules` does not. Absent: none was. */
  readonly later?: Promise<Taken>;
  /** How the columns of the file differ from those of the contract. */
  readonly drift: readonly SchemaDrift[];
}

/** Records of text that are typed on their way in. */
export interface TextScan {
  /** Which column of `from` stands for which field. Absent: each for the one of its name. */
  readonly fit?: FileFit;
  /**
   * SQL of the records in their order: the contract's fields as text, and the columns that are named below. Reading it
   * throws where DuckDB cannot read the file.
   */
  readonly from: string;
  /** SQL of a row's id, asked of all records: of `__number`, the place of each from 0, or of their column `__row`. */
  readonly row: string;
  /** Records that there must be, good or not; else DuckDB does not see those that were counted. Absent: nobody has. */
  readonly expected?: number;
  /** True where `from` has a column `__row`. */
  readonly numbered: boolean;
  /** All columns of the file, in their order; none where a record has a `line`. */
  readonly columns: readonly string[];
  /** Those that the contract does not name: SQL of their text, by name. */
  readonly others: Readonly<Record<string, string>>;
  /** Column with the JSON text of a record, where it has one. */
  readonly line?: string;
  /** What a record is among rejects. Default: `json` where it has a line, else `values`. */
  readonly form?: RawForm;
  /** Where `from` holds what are no records, too. Absent: it does not. */
  readonly broken?: {
    /** Column that says in one word why a record is none; NULL for a good one, '' for a line that does not count. */
    readonly word: string;
    /** SQL of its raw text. */
    readonly raw: string;
  };
  /** What else would be wrong with a row, asked of the typed rows. */
  readonly checks: readonly Check[];
  /** Cheap tests that only rows pass whose `checks` are fine. */
  readonly sure: readonly string[];
  /** Records that were set aside before. */
  readonly taken: Taken;
  /**
   * Sets aside what are no records. Undefined where they cannot be told apart.
   * @param from SQL of them: `__broken`, `__raw_text` and `__row`
   * @param on connection of what is done later. Absent: the session's own
   */
  takeBroken?(from: string, on?: Statements): Promise<Taken | undefined>;
  /** True where it sets aside each of them as one. Absent: nobody knows before. */
  readonly takesEach?: boolean;
  /** Has DuckDB read the file in another way, which is tried where this one fails. Absent: there is none. */
  strict?(): TextScan;
  /** Reads the file record by record instead; absent where that has been done. */
  sifted?(): Promise<TextScan>;
}

/** What to do about a damaged file, besides mending it. */
export const untilThen =
  "until then runs that take all files fail of it, unless it is removed, or its source has damaged: 'reject'";

/** Runs a read; what DuckDB says about the bytes becomes a typed error that names the object. */
export async function reading<T>(request: Pick<ReadRequest, 'file' | 'format'>, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof PenstockError || (cause as Error).name === 'AbortError') throw cause;
    throwIfMemoryShort(cause, `reading ${request.file.key}`);
    throw new InputMalformedError({
      problem: `${request.file.key} cannot be read as ${request.format.kind}: ${firstLine(cause)}`,
      received: request.file.key,
      allowed: `a whole ${request.format.kind} file`,
      change: `send the file again under the same name, or correct the format of the source; ${untilThen}`,
      cause,
    });
  }
}

function firstLine(error: unknown): string {
  return String((error as Error).message ?? error).split('\n')[0]!;
}
