import { nearest } from '../../core/nearest.ts';
import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { knownPlan } from '../deployed-plan.ts';
import { CommandInputError } from '../errors.ts';
import { findRun, pickRun, type Run } from '../find-run.ts';
import { doer } from '../option-values.ts';
import { findPlatform, type Platform } from '../platform.ts';
import { counted, duration, type Printer, share } from '../print.ts';
import { rulesOfRows } from '../rules-of-rows.ts';
import { type Report, readReport } from '../run-ledger.ts';
import { decided, reviewLines, stateText, timeText, withoutToken } from '../run-text.ts';
import { showQuality } from '../show-run.ts';
import { watchRuns } from '../watch-runs.ts';

/** Sample rows of each rule; the page of the report has more. */
const samplesShown = 5;
const longestCell = 30;

/**
 * `penstock review list|show|approve|release|reject`: runs whose quality lies between the gate's two bounds wait for a person.
 * JSON of `list`: `[{ run: as of "runs", report? }]`; of `show`: one of them; of `approve`, `release` and `reject`:
 * `{ run, pipeline, decision, by }`, with `--wait` also `state`. The exit code of `--wait` is 0 where the run ended as
 * decided: completed after an approval or a release, failed after a rejection.
 */
export const review: CommandFile = (program, act) => {
  const group = program.command('review').description('decide on runs that wait for a person');
  group
    .command('list')
    .description('runs that wait for a decision, newest first')
    .action(
      act(async ({ printer }) => {
        const platform = findPlatform();
        const found = await Promise.all((await waitingRuns(platform)).map((run) => withReport(platform, run)));
        printer.data(found);
        showList(printer, found);
      }),
    );
  group
    .command('show')
    .argument('<run>', 'id of the run, the beginning of it, or "latest"')
    .description('why a run waits, and what can be done')
    .action(
      act(async ({ printer }, id: string) => {
        const platform = findPlatform();
        const found = await withReport(platform, await findWaiting(platform, id));
        printer.data(found);
        showOne(printer, found);
      }),
    );
  for (const decision of ['approve', 'release', 'reject'] as const) {
    const command = group
      .command(decision)
      .argument('<run>', 'id of the run, the beginning of it, or "latest"')
      .description(descriptions[decision])
      .option('--by <name>', 'who decides; kept with the run', doer, currentUser())
      .option('--wait', 'follow the run to its end; the exit code is 0 only where it ended as decided');
    if (decision === 'release')
      command
        .option('--rule <id...>', 'hold rows that break these rules; default: that break any rule')
        .option('--table <name...>', 'hold all rows of these tables');
    command.action(
      act(async ({ printer }, id: string, { by, wait, rule, table }: DecisionOptions) => {
        const platform = findPlatform();
        const waiting = await findWaiting(platform, id);
        const { run, pipeline } = waiting;
        const hold = decision === 'release' ? await holdOf(platform, waiting, { rule, table }) : undefined;
        await platform.decideReview({ run, decision, by, hold });
        printer.line(`${run}: ${decided[decision]} by ${by}`);
        if (!wait) return printer.data({ run, pipeline, decision, by });
        const [ended] = await watchRuns(platform, [(await decidedRun(platform, run))!], printer);
        printer.data({ run, pipeline, decision, by, state: ended!.state });
        return ended!.state === (decision === 'reject' ? 'Failed' : 'Completed') ? 0 : 1;
      }),
    );
  }
};

const descriptions = {
  approve: 'let a run publish',
  release: 'let a run publish its good rows; the others are held as rejects',
  reject: 'fail a run; nothing of it is published',
};

interface DecisionOptions {
  readonly by: string;
  readonly wait?: boolean;
  readonly rule?: readonly string[];
  readonly table?: readonly string[];
}

/** What is to be held; names that the run does not know are refused, because nothing would be held by them. */
async function holdOf(platform: Platform, run: Run, { rule, table }: Pick<DecisionOptions, 'rule' | 'table'>) {
  const reported = (await readReport(platform, run))?.rules.map((one) => one.rule) ?? [];
  const plan = await knownPlan(platform, run.pipeline, run.planDigest);
  const known = {
    rule: plan ? rulesOfRows(plan) : reported,
    table: Object.keys(run.totals?.tables ?? {}),
  };
  for (const [what, names] of Object.entries({ rule, table }) as ['rule' | 'table', readonly string[] | undefined][]) {
    const unknown = names?.find((name) => !known[what].includes(name));
    if (unknown === undefined) continue;
    if (what === 'rule' && reported.includes(unknown))
      throw new CommandInputError({
        problem: `the rule "${unknown}" judges all rows at once: no row breaks it, so that none would be held`,
        received: unknown,
        allowed: known.rule.length > 0 ? known.rule : 'none: no rule of the run judges rows',
        change: 'hold tables whole with --table, or approve or reject the run',
      });
    const guess = nearest(unknown, known[what]);
    throw new CommandInputError({
      problem: `run "${run.run}" has no ${what} "${unknown}"`,
      received: unknown,
      allowed: known[what],
      change: guess ? `did you mean "${guess}"?` : `take one of them, or leave --${what} out`,
    });
  }
  // Whoever names tables alone means these, and no rows of others.
  return { rules: rule ?? (table ? [] : undefined), tables: table };
}

interface WaitingRun {
  readonly run: Run;
  readonly report?: Report;
}

async function waitingRuns(platform: Platform): Promise<Run[]> {
  return (await platform.runningRuns()).filter(isWaiting);
}

function isWaiting({ state, phase }: Run): boolean {
  return state === 'AwaitingReview' && phase === 'Undecided';
}

/** `latest` is the newest that waits, not the newest of all. */
async function findWaiting(platform: Platform, id: string): Promise<Run> {
  const waiting = await waitingRuns(platform);
  if (waiting.some(({ run }) => run.startsWith(id)) || (id === 'latest' && waiting.length > 0))
    return pickRun(waiting, id);
  if (id === 'latest') throw nothingWaits('latest', waiting);
  const run = await findRun(platform, id);
  if (isWaiting(run)) return run;
  throw nothingWaits(`${run.run}, which is ${run.state}`, waiting);
}

function nothingWaits(received: string, waiting: readonly Run[]): CommandInputError {
  return new CommandInputError({
    problem: 'that run does not wait for a decision',
    received,
    allowed: waiting.length > 0 ? waiting.map(({ run }) => run) : 'none: no run waits for a decision',
    change: 'take an id from `npx penstock review list`',
  });
}

async function withReport(platform: Platform, run: Run): Promise<WaitingRun> {
  return { run: withoutToken(run), report: await readReport(platform, run) };
}

function showList(printer: Printer, found: readonly WaitingRun[]): void {
  if (found.length === 0) {
    printer.line('no run waits for a decision');
    return;
  }
  printer.table(
    ['run', 'score', 'rules broken', 'decide until (UTC)', 'that is in'],
    found.map(({ run, report }) => [
      run.run,
      report ? share(report.score, 4) : '',
      report?.rules
        .filter((rule) => rule.broken)
        .map((rule) => rule.rule)
        .join(', ') ?? '',
      timeText(run.review!.deadline),
      duration(Math.max(0, run.review!.deadline - Date.now())),
    ]),
  );
  printer.line();
  printer.line('npx penstock review show|approve|release|reject <run>');
}

function showOne(printer: Printer, { run, report }: WaitingRun): void {
  printer.heading(`${run.run}  ${stateText(printer, run)}`);
  if (run.totals) {
    const { rowsIn, rejected, filtered, merged, tables } = run.totals;
    printer.table(
      ['rows in', 'rejected', 'filtered', 'merged', ...Object.keys(tables)],
      [[rowsIn, rejected, filtered, merged, ...Object.values(tables)]],
    );
  }
  if (report) showQuality(printer, report);
  if (report) showSamples(printer, report);
  for (const line of reviewLines(run)) printer.line(`  ${line}`);
  printer.line(`           see its rejects: npx penstock rejects ${run.run}`);
}

/** Whoever decides sees some of the rows that it is about. */
function showSamples(printer: Printer, { rules, samples = {} }: Report): void {
  for (const { rule, total, passed } of rules) {
    const rows = (samples[rule] ?? []).slice(0, samplesShown);
    if (rows.length === 0) continue;
    printer.line();
    printer.line(
      `  ${rule}: ${counted(total - passed, 'row')} ${total - passed === 1 ? 'breaks' : 'break'} it, ${rows.length} shown`,
    );
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    printer.table(
      columns,
      rows.map((row) => columns.map((column) => cellText(row[column]))),
    );
  }
  printer.line();
}

function cellText(value: unknown): string {
  const text =
    value === null || value === undefined ? 'NULL' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;
}

/** The record as it stands after the decision: a run that still waits would be taken for one that has ended. */
async function decidedRun(platform: Platform, id: string): Promise<Run | undefined> {
  for (;;) {
    const run = await platform.runs.find(id);
    if (run?.state !== 'AwaitingReview') return run;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
