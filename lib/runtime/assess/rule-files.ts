import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputNode, QualityRulePlan } from '../../component/plan.ts';
import { concurrently } from '../../core/concurrently.ts';
import { runKeys } from '../keys.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { StageInput } from '../messages.ts';
import { outputs, type PipelineCode, sinkSide } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { readTable } from '../publish/read-table.ts';
import { withWorkFolder } from '../work-folder.ts';

export type FilesPorts = Pick<Ports, 'objects' | 'tables' | 'engine' | 'machine'>;

export interface RulesOfOutput {
  readonly input: StageInput;
  /** Rules of one output. */
  readonly rules: readonly QualityRulePlan[];
  /** Id of that output. Default: what the rules say. */
  readonly output?: string;
  readonly entries: readonly LedgerEntry[];
}

/** What of a run's files is on this machine. */
export interface RuleFiles {
  /** Files of the output. */
  readonly files: readonly string[];
  /** Files with the rows that a rule holds its own against, by rule. */
  readonly others: Readonly<Record<string, readonly string[]>>;
  /** Why there are none, by rule. */
  readonly missing: Readonly<Record<string, string>>;
  readonly workFolder: string;
}

/** Brings the rows here that rules are measured on, each object once, and removes them afterwards. */
export async function withRuleFiles<Result>(
  ports: FilesPorts,
  pipeline: PipelineCode,
  { input, rules, entries, output = rules[0]!.output }: RulesOfOutput,
  work: (files: RuleFiles) => Promise<Result>,
): Promise<Result> {
  return withWorkFolder(async (folder) => {
    const workFolder = join(folder, 'work');
    await mkdir(workFolder);
    const here = new Map<string, Promise<string>>();
    const fetch = (keys: readonly string[]) =>
      concurrently(keys, 8, (key) => {
        const path = join(folder, `${here.size}.parquet`);
        if (!here.has(key))
          here.set(
            key,
            ports.objects.download({ key }, path).then(() => path),
          );
        return here.get(key)!;
      });
    const files = await fetch(tableFiles(entries, output));
    const others: Record<string, readonly string[]> = {};
    const missing: Record<string, string> = {};
    for (const rule of rules) {
      const keys = await otherFiles(ports, pipeline, input, rule, entries);
      if (typeof keys === 'string') missing[rule.id] = keys;
      else if (keys) others[rule.id] = await fetch(keys);
    }
    return work({ files, others, missing, workFolder });
  });
}

/** Keys of the Parquet files with the rows that the run wrote for an output. */
export function tableFiles(entries: readonly LedgerEntry[], output: string): readonly string[] {
  return entries
    .flatMap((entry) => entry.files)
    .filter((file) => file.kind === 'table' && file.of === output && file.rows > 0)
    .map((file) => file.rowsAt ?? file.key);
}

/** Keys of the files with the rows that a rule holds its own against; undefined where it needs none, text where there are none. */
async function otherFiles(
  ports: FilesPorts,
  pipeline: PipelineCode,
  input: StageInput,
  { side, against }: QualityRulePlan,
  entries: readonly LedgerEntry[],
): Promise<readonly string[] | string | undefined> {
  if (side !== undefined) return [runKeys(input.pipeline, input.run).reference(side)];
  if (against === undefined) return undefined;
  const own = outputs(pipeline.plan).find(({ table }) => table === against);
  const keys = [
    ...(own ? tableFiles(entries, own.id) : []),
    ...(own && replaces(pipeline, own) ? [] : await publishedFiles(ports, against)),
  ];
  return keys.length > 0 ? keys : `the table "${against}" has no rows yet`;
}

function replaces(pipeline: PipelineCode, output: OutputNode): boolean {
  return sinkSide(pipeline, output).mode(output.options) === 'replace';
}

async function publishedFiles(ports: FilesPorts, table: string): Promise<readonly string[]> {
  const { metadata } = await ports.tables.pointer(table);
  if (metadata === undefined) return [];
  return (await readTable(ports.objects, metadata)).files.map(({ key }) => key);
}
