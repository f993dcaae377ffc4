import type { Profile } from '../../component/measure.ts';
import type { QualityRulePlan } from '../../component/plan.ts';
import type { Circumstances } from '../../component/quality-rule.ts';
import { runKeys } from '../keys.ts';
import type { StageInput, TriggerIdentity } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRecord } from '../ports/run-store.ts';
import type { QualityReport } from './quality-report.ts';

type HistoryPorts = Pick<Ports, 'runs' | 'objects'>;

/** Records that are looked through for completed runs, at most; the store is asked for them by the hundred. */
const mostRecords = 300;
const pageSize = 100;
/** Reports that are looked through for a profile, at most. */
const mostReports = 5;

/**
 * Completed runs of the pipeline that had input and started before this one, newest first. Of a backfill's slice those of
 * the same backfill, and of other runs none of these: they are cut otherwise, and may be of other times.
 */
export class RunHistory {
  readonly #runs: readonly RunRecord[];
  readonly #reports: readonly QualityReport[];

  private constructor(runs: readonly RunRecord[], reports: readonly QualityReport[]) {
    this.#runs = runs;
    this.#reports = reports;
  }

  /** Reads as many runs as the rules ask for; none where no rule does. */
  static async read(ports: HistoryPorts, input: StageInput, rules: readonly QualityRulePlan[]): Promise<RunHistory> {
    const wanted = rules.flatMap((rule) => rule.history ?? []);
    const runs = await earlierRuns(ports, input, Math.max(0, ...wanted.map((one) => one.runs)));
    const reports: QualityReport[] = [];
    for (const { run } of wanted.some((one) => one.profile) ? runs.slice(0, mostReports) : []) {
      const text = await ports.objects.readText(runKeys(input.pipeline, run).report);
      if (text !== undefined) reports.push(JSON.parse(text) as QualityReport);
    }
    return new RunHistory(runs, reports);
  }

  /** What a rule may know of the runs before. */
  of(table: string, most: number): Circumstances['earlier'] {
    return this.#runs.slice(0, most).map(({ run, totals }) => ({ run, rows: totals?.tables[table] ?? 0 }));
  }

  /** The newest profile of this name. */
  profile(name: string): Profile | undefined {
    return this.#reports.map(({ profiles }) => profiles?.[name]).find((profile) => profile !== undefined);
  }
}

async function earlierRuns(ports: HistoryPorts, input: StageInput, most: number): Promise<readonly RunRecord[]> {
  const found: RunRecord[] = [];
  let cursor: string | undefined;
  for (let seen = 0; found.length < most && seen < mostRecords; seen += pageSize) {
    const page = await ports.runs.list({ pipeline: input.pipeline, limit: pageSize, cursor });
    found.push(...page.runs.filter((record) => isEarlier(record, input)));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return found.slice(0, most);
}

/** Both times are the state machine's own. */
function isEarlier({ run, state, startedAt, totals, trigger }: RunRecord, input: StageInput): boolean {
  return (
    run !== input.run &&
    trigger.kind !== 'replay' &&
    backfillOf(trigger) === backfillOf(input.trigger) &&
    state === 'Completed' &&
    Date.parse(startedAt) <= Date.parse(input.startedAt) &&
    (totals?.inputFiles ?? 0) > 0
  );
}

function backfillOf(trigger: TriggerIdentity): string | undefined {
  return trigger.kind === 'backfill' ? trigger.of : undefined;
}
