import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableColumn } from '../../component/field-id.ts';
import type { QualityRulePlan } from '../../component/plan.ts';
import { concurrently } from '../../core/concurrently.ts';
import { runKeys } from '../keys.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { StageInput } from '../messages.ts';
import { outputs, type PipelineCode, sinkSide } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import { readTable } from '../publish/read-table.ts';
import { storedColumns } from '../publish/stored-columns.ts';
import { tableBehind } from '../publish/table-behind.ts';
import { withWorkFolder } from '../work-folder.ts';
import { unfitColumns } from './unfit-columns.ts';

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
  /** Columns of a table by whose ids those files are read, by rule. Absent: by the names that they have in the files. */
  readonly othersById: Readonly<Record<string, readonly TableColumn[]>>;
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
    const othersById: Record<string, readonly TableColumn[]> = {};
    const missing: Record<string, string> = {};
    for (const rule of rules) {
      const found = await otherFiles(ports, pipeline, input, rule, entries);
      if (typeof found === 'string') missing[rule.id] = found;
      else if (found) others[rule.id] = await fetch(found.keys);
      if (typeof found === 'object' && found.byId) othersById[rule.id] = found.byId;
    }
    return work({ files, others, othersById, missing, workFolder });
  });
}

/** Keys of the Parquet files with the rows that the run wrote for an output. */
export function tableFiles(entries: readonly LedgerEntry[], output: string): readonly string[] {
  return entries
    .flatMap((entry) => entry.files)
    .filter((file) => file.kind === 'table' && file.of === output && file.rows > 0)
    .map((file) => file.rowsAt ?? file.key);
}

interface OtherFiles {
  readonly keys: readonly string[];
  /** Columns of the table by whose ids they are read. Absent: by the names that they have in the files. */
  readonly byId?: readonly TableColumn[] | undefined;
}

/** The files with the rows that a rule holds its own against; undefined where it needs none, text where there are none. */
async function otherFiles(
  ports: FilesPorts,
  pipeline: PipelineCode,
  input: StageInput,
  rule: QualityRulePlan,
  entries: readonly LedgerEntry[],
): Promise<OtherFiles | string | undefined> {
  const { side, against } = rule;
  if (side !== undefined) return { keys: [runKeys(input.pipeline, input.run).reference(side)] };
  if (against === undefined) return undefined;
  const own = outputs(pipeline.plan).find(({ table }) => table === against);
  const mode = own && sinkSide(pipeline, own).mode(own.options);
  const ownKeys = own ? tableFiles(entries, own.id) : [];
  const { metadata } = mode === 'replace' ? {} : await ports.tables.pointer(against);
  const published = metadata === undefined ? undefined : await readTable(ports.objects, metadata);
  const keys = [...ownKeys, ...(published?.files ?? []).map(({ key }) => key)];
  if (keys.length === 0) return `the table "${against}" has no rows yet`;
  const unfit = own || !published ? undefined : unfitColumns(pipeline, rule, published.columns);
  if (unfit !== undefined) return unfit;
  if (!own || !mode || !published) return { keys, byId: published?.byId };
  const columns = await storedColumns(ports.objects, own, input);
  return { keys, byId: tableBehind(published.metadata, { columns, mode, renamed: own.renamed }).byId };
}
