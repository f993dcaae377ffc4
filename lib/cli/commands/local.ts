import { resolve } from 'node:path';
import type { CommandFile } from '../command.ts';
import { CommandInputError } from '../errors.ts';
import { readFaultFile } from '../fault-file.ts';
import { clock, port } from '../option-values.ts';
import { Platform } from '../platform.ts';
import { addressOf, readAddress, removeAddress, writeAddress } from '../platform-address.ts';
import { duration, type Printer } from '../print.ts';
import { compiledPipelines } from '../project.ts';
import { reportMails } from '../report-mails.ts';
import { reportRuns } from '../report-runs.ts';
import { runAssembly } from '../run-assembly.ts';
import { showAccess } from '../show-access.ts';
import { showFired } from '../show-fired.ts';
import { stateFolder } from '../state-folder.ts';
import { untilStopped } from '../until-stopped.ts';
import { watchProject } from '../watch-project.ts';

interface LocalOptions {
  readonly data?: string;
  readonly port: number;
  readonly watch?: true;
  readonly faults?: string;
  readonly clock: 'real' | 'fast-forward';
  readonly explainAccess?: true;
  readonly app?: string;
}

/**
 * `penstock local`: synthesizes the app and runs exactly that on this machine until it is stopped; meanwhile a line for
 * each run that begins or ends, and each mail that is sent. What it keeps is there again at the next start.
 * JSON, once it is up: `{ endpoint, region, lake, runTable, bus, pid, dataFolder, milliseconds: { synthesize,
 * provision } }`. With `--explain-access` or `--faults` it comes when it is stopped, with `access: [{ role, used, neverUsed,
 * denied }]` and `faults: [{ at, rule, nth, service, operation, resources, caller }]`. With `--app`, when it is stopped:
 * `{ endpoint, environment, stacks: { name: outputs }, access?, faults? }`.
 */
export const local: CommandFile = (program, act) => {
  program
    .command('local')
    .description('run the synthesized app on this machine')
    .option('--app <cdk.out>', 'run the synthesized app in this folder, whosever it is, instead of this project')
    .option('--data <folder>', 'keep everything in this folder; default: .penstock/data')
    .option('--port <number>', 'port on 127.0.0.1', port, 4566)
    .option('--watch', 'bring changes of the project live as its files are saved')
    .option('--clock <kind>', 'real, or fast-forward: time is skipped whenever nothing is at work', clock, 'real')
    .option('--faults <file>', 'let calls go wrong as a JSON file says')
    .option('--explain-access', 'at the end, show what each role used, never used and was denied')
    .action(
      act(async ({ printer, doors }, options: LocalOptions) => {
        if (options.app === undefined) refuseSecond();
        const kept = options.app === undefined ? 'data' : 'app';
        // Functions run in folders of their own.
        const dataFolder = options.data === undefined ? stateFolder(kept) : resolve(options.data);
        const faults = options.faults === undefined ? undefined : readFaultFile(options.faults);
        const start = performance.now();
        const { readFaultPlan, startLocal } = await import('../../../local/index.ts');
        // A mistake in it is shown at once, and not after the app has been synthesized.
        readFaultPlan(faults ?? []);
        if (options.app !== undefined) {
          const { app: folder, port, clock, explainAccess = false, watch = false } = options;
          const stopped = untilStopped();
          return runAssembly({ folder, dataFolder, port, clock, faults, explainAccess, watch, printer, stopped });
        }
        const assembly = await doors.synthesize(await compiledPipelines(), 'cdk.out');
        const synthesized = performance.now();
        const changes: string[] = [];
        const app = await startLocal({
          cloudAssembly: assembly,
          dataFolder,
          port: options.port,
          clock: options.clock,
          faults,
          log: (line) => changes.push(line),
        });
        const synthesizer = options.watch && doors.synthesizer('cdk.out');
        try {
          const address = addressOf(app);
          writeAddress(address);
          const milliseconds = { synthesize: synthesized - start, provision: performance.now() - synthesized };
          const up = { ...address, dataFolder, milliseconds };
          const tellsLater = options.explainAccess || faults;
          if (!tellsLater) printer.data(up);
          printer.line(
            `synthesized in ${duration(milliseconds.synthesize)}, provisioned in ${duration(milliseconds.provision)}`,
          );
          printer.line(
            `local AWS    ${printer.paint('cyan', app.endpoint)}   access key "local", secret "local", region ${app.cloud.region}`,
          );
          printer.line(`lake         s3://${address.lake}`);
          printer.line(`data folder  ${dataFolder}`);
          showNext(printer);
          const stopped = untilStopped();
          changes.length = 0;
          const unwatch = synthesizer && watchProject({ app, synthesizer, printer, changes });
          await Promise.all([reportRuns(new Platform(address), printer, stopped), reportMails(app, printer, stopped)]);
          await stopped;
          printer.line('stopping');
          await unwatch?.();
          const access = app.cloud.authorizer.accessReport();
          if (faults) showFired(printer, app.faults.log);
          if (options.explainAccess) showAccess(printer, access);
          if (tellsLater) {
            printer.data({
              ...up,
              ...(faults && { faults: app.faults.log }),
              ...(options.explainAccess && { access }),
            });
          }
        } finally {
          synthesizer?.close();
          removeAddress();
          await app.close();
        }
        printer.line('stopped');
      }),
    );
};

function refuseSecond(): void {
  const running = readAddress();
  if (!running) return;
  throw new CommandInputError({
    problem: 'local AWS is running in this folder already',
    received: `${running.endpoint} (process ${running.pid})`,
    allowed: 'one at a time for each folder',
    change: 'use it, or stop it with Ctrl-C in its terminal',
  });
}

function showNext(printer: Printer): void {
  printer.line();
  printer.line('In another terminal:');
  printer.line('  npx penstock put <file> <pipeline>');
  printer.line('  npx penstock runs');
  printer.line('  npx penstock query "<sql>"');
  printer.line('Ctrl-C stops.');
  printer.line();
}
