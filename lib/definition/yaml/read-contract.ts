import { dirname, join, relative } from 'node:path';
import * as z from 'zod';
import { type Contract, type ContractOptions, contractOptionsSchema } from '../../component/contract.ts';
import type { Locate } from '../../component/user-location.ts';
import { passOverSchema } from '../odcs/pass-over.ts';
import { readOdcs } from '../odcs/read-odcs.ts';
import { type Problem, problemsOf } from '../problem.ts';
import { unknownRecord } from '../stand-ins.ts';
import { readColumns } from './contract-columns.ts';
import { isMapping } from './is-mapping.ts';

interface ContractSurroundings {
  readonly part: string;
  readonly locate: Locate;
  /** File in which the contract stands, or is named. */
  readonly file: string;
  readText(path: string): Promise<string>;
}

/** A contract that stands in the pipeline's own file. Its columns are read one by one. */
export const inlineContractSchema = contractOptionsSchema.omit({ classification: true }).extend({
  columns: z
    .unknown()
    .describe('column → type, e.g. { id: integer, note: string?, distance: { type: integer, minimum: 0 } }'),
});

/** A contract in a file of its own. Its version, keys and classification stand there. */
export const contractFileSchema = contractOptionsSchema
  .omit({ version: true, keys: true, classification: true })
  .extend({
    file: z.string().min(1).describe('ODCS file, from the folder of this one'),
    object: z.string().optional().describe('name of the object in it; needed where there are several'),
    passOver: passOverSchema.optional(),
  });

interface ContractReading {
  readonly contract: Contract;
  readonly problems: readonly Problem[];
}

/** Reads a source's contract: in place, or the path of an ODCS file, or `{ file, object }` with options. */
export async function readContract(value: unknown, surroundings: ContractSurroundings): Promise<ContractReading> {
  const { part, locate } = surroundings;
  if (typeof value === 'string')
    return readContractFile({ file: value }, { ...surroundings, locate: () => locate([]) });
  if (isMapping(value) && 'file' in value) return readContractFile(value, surroundings);
  if (isMapping(value)) return readInline(value, surroundings);
  const problem: Problem = {
    at: locate([]),
    part,
    problem: 'the source has no contract',
    received: value ?? 'nothing',
    allowed: '{ columns: { <name>: <type> } }, or the path of an ODCS file',
    change: 'name the columns and their types',
  };
  return { contract: { record: unknownRecord, options: {} }, problems: [problem] };
}

function readInline(value: Record<string, unknown>, { part, locate }: ContractSurroundings): ContractReading {
  const parsed = inlineContractSchema.safeParse(value);
  const { columns, ...options } = value;
  const { fields, problems } = readColumns(columns, `${part} / columns`, (path, key) =>
    locate(['columns', ...path], key),
  );
  return {
    contract: {
      record: problems.length > 0 ? unknownRecord : { fields },
      options: parsed.success ? (options as ContractOptions) : {},
      locate,
    },
    problems: [
      ...(parsed.success ? [] : problemsOf(parsed.error, part, locate, value, inlineContractSchema)),
      ...problems,
    ],
  };
}

async function readContractFile(
  value: Record<string, unknown>,
  { part, locate, file, readText }: ContractSurroundings,
): Promise<ContractReading> {
  const parsed = contractFileSchema.safeParse(value);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error, part, locate, value, contractFileSchema);
    return { contract: { record: unknownRecord, options: {}, locate }, problems };
  }
  const { file: named, object, passOver, ...options } = parsed.data;
  const path = join(dirname(file), named);
  let text: string;
  try {
    text = await readText(path);
  } catch (cause) {
    const problem: Problem = {
      at: locate(['file']),
      part,
      problem: `the contract's file cannot be read: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`,
      received: named,
      allowed: 'path of an ODCS file, from the folder of this one',
      change: 'correct the path',
    };
    return { contract: { record: unknownRecord, options: {}, locate }, problems: [problem] };
  }
  const { record = unknownRecord, problems } = readOdcs(text, relative('', path), { object, passOver });
  return { contract: { record, options, locate }, problems };
}
