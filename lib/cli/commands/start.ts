import { begunRun } from '../begun-run.ts';
import type { CommandFile } from '../command.ts';
import { currentUser } from '../current-user.ts';
import { deployedPlan } from '../deployed-plan.ts';
import { doer, parameters, requestId } from '../option-values.ts';
import { parameterText } from '../parameter-text.ts';
import { findPlatform } from '../platform.ts';
import { waitsForEnd, watchRuns } from '../watch-runs.ts';

/**
 * `penstock start <pipeline> [--param name=value…]`: starts a run over what no other run has taken. JSON:
 * `{ run, pipeline, outcome: 'started' | 'exists', parameters: { name: text | null } }`, with `--wait` also `state`. The
 * exit code of `--wait` is 0 where the run completed.
 */
export const start: CommandFile = (program, act) => {
  program
    .command('start')
    .argument('<pipeline>', 'a deployed pipeline')
    .description('start a run, with values for the parameters that the pipeline declares')
    .option('--param <name=value>', 'value of a parameter; once for each', parameters)
    .option('--request-id <text>', 'names the run: the same again finds it; default: the time', requestId)
    .option('--by <name>', 'who starts it; kept in the audit', doer, currentUser())
    .option('--wait', waitsForEnd)
    .action(
      act(async ({ printer }, name: string, options: StartOptions) => {
        const platform = findPlatform();
        const plan = await deployedPlan(platform, name);
        const { by, param = {}, requestId: id = new Date().toISOString() } = options;
        const started = await platform.startRun({ plan, requestId: id, parameters: param, by });
        const { run, outcome } = started;
        printer.line(outcome === 'started' ? `started ${run}` : `the same request has started ${run} before`);
        if (plan.parameters) printer.line(`  with     ${parameterText(started.parameters)}`);
        const result = { run, pipeline: name, outcome, parameters: started.parameters };
        if (!options.wait) return printer.data(result);
        const [ended] = await watchRuns(platform, [await begunRun(platform, run)], printer);
        printer.data({ ...result, state: ended!.state });
        return ended!.state === 'Completed' ? 0 : 1;
      }),
    );
};

interface StartOptions {
  readonly param?: Readonly<Record<string, string>>;
  readonly requestId?: string;
  readonly by: string;
  readonly wait?: boolean;
}
