import type { OutputNode, QualityRulePlan } from '../../component/plan.ts';
import { RunStateError } from '../../core/errors/run-state-error.ts';
import type { StepCount } from '../../engine/chunk.ts';
import { tableFiles, withRuleFiles } from '../assess/rule-files.ts';
import { pinnedInputs } from '../extract/pinned-inputs.ts';
import { reviewStage, runKeys } from '../keys.ts';
import { checkBalance, checkRows, rowsOf } from '../ledger/check-steps.ts';
import { addLedgerEntry, findLedgerEntry, readLedger } from '../ledger/ledger.ts';
import type { LedgerEntry, LedgerFile } from '../ledger/ledger-entry.ts';
import { storeFile } from '../ledger/store-files.ts';
import type { StageInput } from '../messages.ts';
import { peakMemoryBytes } from '../peak-memory.ts';
import { outputs, type PipelineCode, requirePlan } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import type { Hold, ReleasedTable, RunRecord } from '../ports/run-store.ts';
import { pipelineOf } from '../replay/narrowed-plan.ts';
import { requireRun } from '../run/enter.ts';

type ReleasePorts = Pick<Ports, 'objects' | 'runs' | 'tables' | 'engine' | 'machine' | 'clock' | 'logger'>;

export interface ReleaseOutput {
  readonly tables: Readonly<Record<string, ReleasedTable>>;
}

/**
 * Does what a person has decided who releases a run in part: rows that are held leave the files of their table and become
 * rejects of the stage `review`. Every row is in one of the two; a ledger entry for each table says so. Doing it again
 * gives the same. Throws `RunStateError`, `LedgerImbalanceError`.
 */
export async function release(ports: ReleasePorts, code: PipelineCode, input: StageInput): Promise<ReleaseOutput> {
  requirePlan(code.plan, input.planDigest);
  const pipeline = pipelineOf(code, input.trigger);
  const record = await requireRun(ports, input.run);
  const { review, totals } = record;
  if (review?.decision !== 'release' || !totals) throw notReleased(record);
  const all = await readLedger(ports, input.run);
  const entries = all.filter(({ stage }) => stage !== reviewStage);
  const tables: Record<string, ReleasedTable> = {};
  for (const node of outputs(pipeline.plan)) {
    const done = all.find((entry) => entry.stage === reviewStage && entry.chunk === node.id);
    const entry = done ?? (await holdBack(ports, pipeline, { input, node, hold: review.hold ?? {}, entries }));
    if (entry) tables[node.id] = releasedOf(node, entry);
  }
  const held = Object.values(tables).reduce((sum, table) => sum + table.held, 0);
  const before = review.released ? Object.values(review.released).reduce((sum, table) => sum + table.held, 0) : 0;
  const left = Object.values(tables).map(({ table, rows }) => [table, rows] as const);
  await ports.runs.change({
    run: input.run,
    from: [{ state: 'AwaitingReview', phase: 'Decided' }],
    to: { state: 'AwaitingReview', phase: 'Decided' },
    at: ports.clock.now(),
    facts: {
      review: { ...review, released: tables },
      totals: {
        ...totals,
        rejected: totals.rejected - before + held,
        tables: { ...totals.tables, ...Object.fromEntries(left) },
      },
    },
  });
  ports.logger.info('run released in part', { run: input.run, held });
  return { tables };
}

interface OneTable {
  readonly input: StageInput;
  readonly node: OutputNode;
  readonly hold: Hold;
  readonly entries: readonly LedgerEntry[];
}

/** Undefined where nothing of the table is to be held. */
async function holdBack(ports: ReleasePorts, pipeline: PipelineCode, one: OneTable): Promise<LedgerEntry | undefined> {
  const { input, node, hold, entries } = one;
  const all = hold.tables?.includes(node.table) ?? false;
  const rules = rulesToHold(pipeline, node, hold);
  const files = entries
    .flatMap((entry) => entry.files)
    .filter((file) => file.kind === 'table' && file.of === node.id && file.rows > 0);
  if (files.length === 0 || (!all && rules.length === 0)) return undefined;
  const keys = tableFiles(entries, node.id);
  return withRuleFiles(ports, pipeline, { input, rules, entries, output: node.id }, async (here) => {
    const { plan, components } = pipeline;
    const startedAt = ports.clock.now();
    const ids = node.renamed && (await pinnedInputs(ports.objects, input)).ids?.[node.id];
    const held = await ports.engine.holdRows({
      plan,
      components,
      output: node.id,
      rules,
      all,
      files: here.files.map((path, index) => ({ path, key: keys[index]! })),
      others: here.others,
      othersById: here.othersById,
      workFolder: here.workFolder,
      at: ports.clock.now(),
      ...(ids && { ids }),
      ...ports.machine,
    });
    const left: LedgerFile[] = [];
    for (const [index, file] of files.entries()) {
      const kept = held.kept[index];
      if (!kept) left.push(file);
      else if ('path' in kept) {
        // The first dot of a file's name begins its ending.
        const key = file.key.replace(/(?<=\/[^/.]*)(\.[^/]+)$/, '-released$1');
        const { rowsAt, ...own } = file;
        const bytes = await storeFile(ports.objects, key, kept);
        const { columns } = kept;
        left.push({ ...own, key, rows: kept.rows, bytes, ...(columns && { columns }) });
      }
    }
    const rejects: LedgerFile[] = [];
    if (held.rejects) {
      const key = runKeys(input.pipeline, input.run).rejects(reviewStage, node.id);
      const bytes = await storeFile(ports.objects, key, held.rejects);
      rejects.push({ key, kind: 'rejects', of: reviewStage, rows: held.rejects.rows, bytes });
    }
    const milliseconds = { hold: ports.clock.now() - startedAt };
    return account(ports, one, { files, left, rejects, rules: held.rules, milliseconds });
  });
}

/** Writes the ledger entry of a table, once it is sure that no row is lost or doubled. */
async function account(
  ports: ReleasePorts,
  { input, node }: OneTable,
  parts: Pick<StepCount, 'rules'> &
    Pick<LedgerEntry, 'milliseconds'> &
    Record<'files' | 'left' | 'rejects', readonly LedgerFile[]>,
): Promise<LedgerEntry> {
  const where = `review of table "${node.table}"`;
  const held = Object.values(parts.rules).reduce((sum, rows) => sum + rows, 0);
  const step: StepCount = {
    node: node.id,
    rowsIn: rowsOf(parts.files, 'table'),
    multiplied: 0,
    rowsOut: rowsOf(parts.left, 'table'),
    rejected: held,
    filtered: 0,
    merged: 0,
    rules: parts.rules,
  };
  checkBalance(where, step);
  checkRows(where, 'files of rejects', rowsOf(parts.rejects, 'rejects'), held);
  const { pipeline, run } = input;
  const place = { pipeline, run, stage: reviewStage, chunk: node.id };
  const at = ports.clock.now();
  const entry = {
    ...place,
    steps: [step],
    files: [...parts.left, ...parts.rejects],
    quality: [],
    milliseconds: parts.milliseconds,
    peakMemoryBytes: peakMemoryBytes(),
    at,
  };
  await addLedgerEntry(ports, entry);
  return (await findLedgerEntry(ports, run, reviewStage, node.id)) ?? entry;
}

function rulesToHold({ plan }: PipelineCode, node: OutputNode, { rules }: Hold): readonly QualityRulePlan[] {
  return plan.quality.filter((rule) => rule.output === node.id && (rules === undefined || rules.includes(rule.id)));
}

function releasedOf({ table, id }: OutputNode, { files, steps }: LedgerEntry): ReleasedTable {
  const own = files.filter((file) => file.kind === 'table' && file.of === id);
  const bytes = own.reduce((sum, file) => sum + file.bytes, 0);
  return { table, rows: rowsOf(own, 'table'), bytes, files: own.length, held: steps[0]!.rejected };
}

function notReleased({ run, review }: RunRecord): RunStateError {
  return new RunStateError({
    problem: `run "${run}" is not to be released in part`,
    received: `review: ${review?.decision ?? 'none'}`,
    allowed: 'the decision "release"',
    change: 'decide on the run first',
  });
}
