import { userInfo } from 'node:os';
import type { PlanChange } from '../../aws/operate-runs.ts';
import type { CommandFile } from '../command.ts';
import { findRun, type Run } from '../find-run.ts';
import { findPlatform, type Platform } from '../platform.ts';
import type { Printer } from '../print.ts';
import { watchRuns } from '../watch-runs.ts';

/**
 * `penstock run retry <id>`: does what a failed or cancelled run was to do once more, as a new run on the plan that is
 * deployed now. JSON: `{ run, of, outcome: 'started' | 'exists', changes?: [{ what, name, change, members? }] }`, `changes`
 * being what the plan has otherwise than that of the earlier run, with `--wait` also `state`. The exit code of `--wait`
 * is 0 where the run completed.
 */
export const runRetry: CommandFile = (group, act) => {
  group
    .command('retry')
    .argument('<id>', 'id of a run that failed, the beginning of it, or "latest"')
    .description('start a failed run once more, on the plan that is deployed now')
    .option('--by <name>', 'who starts it; kept in the audit', userInfo().username)
    .option('--wait', 'follow the run to its end')
    .action(
      act(async ({ printer }, id: string, { by, wait }: { by: string; wait?: boolean }) => {
        const platform = findPlatform();
        const { run: of, pipeline, planDigest } = await findRun(platform, id);
        const { run, outcome, changes } = await platform.retryRun({ run: of, pipeline, by, earlierDigest: planDigest });
        printer.line(outcome === 'started' ? `${of} is tried again: ${run}` : `${of} was tried again before: ${run}`);
        showChanges(printer, changes);
        if (!wait) return printer.data({ run, of, outcome, changes });
        const [ended] = await watchRuns(platform, [await begun(platform, run)], printer);
        printer.data({ run, of, outcome, changes, state: ended!.state });
        return ended!.state === 'Completed' ? 0 : 1;
      }),
    );
};

function showChanges(printer: Printer, changes: readonly PlanChange[] | undefined): void {
  if (!changes) printer.line('  the plan is another one; how it differs is not known');
  else printer.line(changes.length === 0 ? '  on the same plan' : '  on another plan:');
  for (const { what, name, change, members } of changes ?? [])
    printer.line(`    ${what} ${name} ${change}${members ? `: ${members.join(', ')}` : ''}`);
}

/** The record of a run whose execution has been started, as soon as there is one. */
async function begun(platform: Platform, id: string): Promise<Run> {
  for (;;) {
    const run = await platform.runs.find(id);
    if (run) return run;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
