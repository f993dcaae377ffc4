import type { CommandFile } from '../command.ts';
import { CommandInputError } from '../errors.ts';
import { port } from '../option-values.ts';
import { addressOf, Platform, readAddress, removeAddress, stateFolder, writeAddress } from '../platform.ts';
import { duration, type Printer } from '../print.ts';
import { compiledPipelines } from '../project.ts';
import { reportRuns } from '../report-runs.ts';
import { untilStopped } from '../until-stopped.ts';

/**
 * `penstock local`: synthesizes the app and runs exactly that on this machine until it is stopped; meanwhile a line for
 * each run that begins or ends. What it keeps is there again at the next start.
 * JSON, once it is up: `{ endpoint, region, lake, runTable, bus, pid, dataFolder, milliseconds: { synthesize,
 * provision } }`.
 */
export const local: CommandFile = (program, act) => {
  program
    .command('local')
    .description('run the synthesized app on this machine')
    .option('--data <folder>', 'keep everything in this folder; default: .penstock/data')
    .option('--port <number>', 'port on 127.0.0.1', port, 4566)
    .action(
      act(async ({ printer, doors }, options: { data?: string; port: number }) => {
        refuseSecond();
        const dataFolder = options.data ?? stateFolder('data');
        const start = performance.now();
        const { startLocal } = await import('../../../local/index.ts');
        const assembly = await doors.synthesize(await compiledPipelines(), 'cdk.out');
        const synthesized = performance.now();
        const app = await startLocal({ cloudAssembly: assembly, dataFolder, port: options.port });
        try {
          const address = addressOf(app);
          writeAddress(address);
          const milliseconds = { synthesize: synthesized - start, provision: performance.now() - synthesized };
          printer.data({ ...address, dataFolder, milliseconds });
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
          await reportRuns(new Platform(address), printer, stopped);
          await stopped;
          printer.line('stopping');
        } finally {
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
