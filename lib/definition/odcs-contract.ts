import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contract, ContractOptions } from '../component/contract.ts';
import { userLocation } from '../component/user-location.ts';
import type { PassedOver } from './odcs/pass-over.ts';
import { DefinitionInvalidError, type Problem } from './problem.ts';

/** Options of `odcs()`; version, keys and classification of a contract stand in its file. */
export interface OdcsOptions extends Omit<ContractOptions, 'version' | 'keys' | 'classification'> {
  /** Name of the object that is meant. Default: the only one. */
  readonly object?: string;
  /**
   * What the pipeline leaves to others: `relationships` to other objects, and rules of `quality` that cannot be held row by
   * row. Without it they are problems. Default: nothing.
   */
  readonly passOver?: PassedOver;
}

/**
 * A contract in a file of the Open Data Contract Standard, version 3. The file is read when the pipeline is compiled;
 * whatever of it cannot be held against rows is a problem then, with its place.
 * @param file path from the current folder, or a URL
 * @example odcs('contracts/airports.yaml')
 */
export function odcs(file: string | URL, { object, passOver, ...options }: OdcsOptions = {}): Contract {
  const at = userLocation();
  const record = async () => {
    const path = file instanceof URL ? fileURLToPath(file) : file;
    const { readOdcs } = await import('./odcs/read-odcs.ts');
    const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new DefinitionInvalidError(path, [unreadable(path, at, cause)]);
    });
    const read = readOdcs(text, relative(process.cwd(), path), { object, passOver });
    if (read.record) return read.record;
    throw new DefinitionInvalidError(path, read.problems);
  };
  return Object.freeze({ record, options: Object.freeze(options) });
}

function unreadable(path: string, at: string | undefined, { code, message }: NodeJS.ErrnoException): Problem {
  return {
    ...(at !== undefined && { at }),
    part: 'odcs',
    problem: `the contract's file cannot be read: ${code ?? message}`,
    received: path,
    allowed: 'path of an ODCS file, from the folder in which the command runs, or a URL',
    change: "correct the path; new URL('contract.yaml', import.meta.url) is one from the folder of the pipeline",
  };
}
