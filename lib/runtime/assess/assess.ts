import { concurrently } from '../../core/concurrently.ts';
import { LedgerImbalanceError } from '../../core/errors/ledger-imbalance-error.ts';
import { runKeys } from '../keys.ts';
import { readLedger } from '../ledger/ledger.ts';
import { requireBudget } from '../ledger/reject-budget.ts';
import { countsByNode, runTotals } from '../ledger/totals.ts';
import type { AssessOutput, ChunkItem, ExtractOutput, StageInput } from '../messages.ts';
import { type PipelineCode, requirePlan } from '../pipeline-code.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';
import { pipelineOf } from '../replay/narrowed-plan.ts';
import { reportPage } from '../report/page.ts';
import { letGoAgain, standingDecision } from '../review/standing-decision.ts';
import { enter, requireRun } from '../run/enter.ts';
import { raiseAlerts } from './alerts.ts';
import { checkLedger, checkReplay } from './check-ledger.ts';
import { emptiedTables } from './emptied-tables.ts';
import { RunHistory } from './history.ts';
import { judgedRules, judgeRules, profilesOf } from './judge.ts';
import { measureRules } from './measure.ts';
import { driftOf, type QualityReport, stageFigures, writtenTables } from './quality-report.ts';
import { sampleRules } from './samples.ts';
import { scoreQuality } from './score.ts';
import { wholeFiles } from './whole-files.ts';
import { whyRefused } from './why-refused.ts';

type AssessPorts = Pick<
  Ports,
  'objects' | 'runs' | 'tables' | 'engine' | 'machine' | 'bus' | 'clock' | 'logger' | 'meter'
>;

/**
 * Checks the ledger of the whole run, measures its quality and decides on the gate. A run that somebody has let go before
 * it was redriven goes on as was decided.
 * Throws `LedgerImbalanceError`: then nothing of this run may be published.
 */
export async function assess(ports: AssessPorts, code: PipelineCode, input: StageInput): Promise<AssessOutput> {
  requirePlan(code.plan, input.planDigest);
  const pipeline = pipelineOf(code, input.trigger);
  const record = await requireRun(ports, input.run);
  const standing = standingDecision(record);
  if (standing) return letGoAgain(ports, record, standing);
  const { extract, fallbacks } = record;
  const keys = runKeys(input.pipeline, input.run);
  if (!extract) throw lost('the run was never cut into chunks', input.run);
  const report = await storedReport(ports, input, await makeReport(ports, pipeline, input, { extract, fallbacks }));
  await ports.objects.createText(keys.page, reportPage(report, pipeline.plan.gate));
  // The report stays, so that somebody can see what was wrong.
  const spent = { rejected: report.totals.rejected, rows: report.totals.rowsIn };
  requireBudget(pipeline.plan, input.trigger, spent);
  const output: AssessOutput = {
    gate: report.gate,
    score: report.score,
    report: keys.report,
    ...(report.gate === 'fail' && { why: whyRefused(report) }),
  };
  // Before the change of state: a repeated step tells of them again, a step behind it would not.
  await raiseAlerts(ports, input, report);
  await enter(ports, {
    run: input.run,
    from: [
      { state: 'Running', phase: 'Executing' },
      { state: 'Running', phase: 'Assessing' },
    ],
    to: { state: 'Running', phase: 'Assessing' },
    facts: { assess: { ...output, dimensions: report.dimensions }, totals: report.totals },
  });
  ports.meter.count('QualityScore', report.score);
  ports.logger.info('run assessed', { run: input.run, gate: report.gate, score: report.score });
  return output;
}

/** Stores the report once; where an earlier attempt has, its decision stands. */
async function storedReport(ports: AssessPorts, input: StageInput, report: QualityReport): Promise<QualityReport> {
  const key = runKeys(input.pipeline, input.run).report;
  if ((await ports.objects.createText(key, JSON.stringify(report))) === 'written') return report;
  const earlier = await ports.objects.readText(key);
  return earlier === undefined ? report : (JSON.parse(earlier) as QualityReport);
}

async function makeReport(
  ports: AssessPorts,
  pipeline: PipelineCode,
  input: StageInput,
  { extract, fallbacks }: { readonly extract: ExtractOutput } & Pick<RunRecord, 'fallbacks'>,
): Promise<QualityReport> {
  const { plan } = pipeline;
  const entries = await readLedger(ports, input.run);
  const counts = countsByNode(plan, entries);
  const planned = await plannedChunks(ports, extract);
  checkLedger(plan, planned, entries, counts);
  checkReplay(plan, input.trigger, counts);
  const measures = await measureRules(ports, pipeline, input, { entries, hasInput: extract.inputFiles > 0 });
  // A run that found no input has nothing to be judged.
  const judged = extract.inputFiles > 0 ? judgedRules(pipeline, input.trigger) : [];
  const history = await RunHistory.read(ports, input, judged);
  const files = await wholeFiles(ports, pipeline, input, { planned, counts });
  const emptied = emptiedTables(pipeline, input, counts);
  const judgements = judgeRules(pipeline, input, history, measures, judged);
  const quality = scoreQuality(plan, measures, judgements, { files, emptied });
  const ledger = plan.nodes.map((node) => counts.get(node.id)!);
  const drift = driftOf(ledger);
  return {
    reportVersion: 1,
    pipeline: input.pipeline,
    run: input.run,
    planDigest: input.planDigest,
    trigger: input.trigger,
    ...quality,
    totals: runTotals(plan, entries, extract),
    tables: writtenTables(plan, entries),
    ledger,
    ...(fallbacks && { fallbacks }),
    ...(drift.length > 0 && { drift }),
    stages: stageFigures(entries),
    profiles: input.trigger.kind === 'replay' ? {} : profilesOf(pipeline, measures),
    samples: await sampleRules(ports, pipeline, { input, quality, entries }),
    startedAt: input.startedAt,
    assessedAt: new Date(ports.clock.now()).toISOString(),
  };
}

async function plannedChunks(ports: AssessPorts, extract: ExtractOutput): Promise<readonly ChunkItem[]> {
  const manifests = await concurrently(Object.values(extract.stages), 8, async ({ manifest, chunks }) => {
    const text = await ports.objects.readText(manifest);
    const items = text === undefined ? undefined : (JSON.parse(text) as ChunkItem[]);
    if (items?.length !== chunks) throw lost('a manifest is gone or changed', manifest);
    return items;
  });
  return manifests.flat();
}

function lost(problem: string, received: string): LedgerImbalanceError {
  return new LedgerImbalanceError({
    problem,
    received,
    change: 'start the run again; keep staged data for longer than a run takes',
  });
}
