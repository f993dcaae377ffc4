import * as z from 'zod';
import { type Contract, contractOptionsSchema } from '../../component/contract.ts';
import type { Locate } from '../../component/user-location.ts';
import { type Problem, problemsOf } from '../problem.ts';
import { isMapping, readColumns } from './contract-columns.ts';
import { unknownRecord } from './stand-ins.ts';

interface ContractSurroundings {
  readonly part: string;
  readonly locate: Locate;
  /** File in which the contract stands, or is named. */
  readonly file: string;
  readText(path: string): Promise<string>;
}

/** A contract that stands in the pipeline's own file. Its columns are read one by one. */
export const inlineContractSchema = contractOptionsSchema.extend({
  columns: z
    .unknown()
    .describe('column → type, e.g. { id: integer, note: string?, distance: { type: integer, minimum: 0 } }'),
});

/** Reads a source's contract. */
export async function readContract(
  value: unknown,
  { part, locate }: ContractSurroundings,
): Promise<{ readonly contract: Contract; readonly problems: readonly Problem[] }> {
  if (!isMapping(value)) {
    const problem: Problem = {
      at: locate([]),
      part,
      problem: 'the source has no contract',
      received: value ?? 'nothing',
      allowed: '{ columns: { <name>: <type> } }',
      change: 'name the columns and their types',
    };
    return { contract: { record: unknownRecord, options: {} }, problems: [problem] };
  }
  const problems: Problem[] = [];
  const parsed = inlineContractSchema.safeParse(value);
  if (!parsed.success) problems.push(...problemsOf(parsed.error, part, locate, value, inlineContractSchema));
  const { columns, ...options } = value;
  const read = readColumns(columns, `${part} / columns`, (path, key) => locate(['columns', ...path], key));
  problems.push(...read.problems);
  const contract = {
    record: read.problems.length > 0 ? unknownRecord : read.fields,
    options: parsed.success ? options : {},
    locate,
  };
  return { contract, problems };
}
