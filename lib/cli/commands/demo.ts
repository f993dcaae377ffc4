import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandFile } from '../command.ts';
import { dropFile, landingKey } from '../drop-file.ts';
import type { Run } from '../find-run.ts';
import { addressOf, Platform, removeAddress, stateFolder, writeAddress } from '../platform.ts';
import { bytes, duration, type Printer } from '../print.ts';
import { type CompiledPipeline, compiledPipelines } from '../project.ts';
import { rejectedRows } from '../rejected-rows.ts';
import { sampleFiles, samplePath } from '../sample-files.ts';
import { type RunDetail, runDetail, showRun } from '../show-run.ts';
import { untilStopped } from '../until-stopped.ts';
import { runOfVersion, watchRuns } from '../watch-runs.ts';

/** `penstock demo`: the shipped pipelines on real files, through the synthesized app, on this machine. */
export const demo: CommandFile = (program, act) => {
  program
    .command('demo')
    .description('run the shipped pipelines on real data and show what they did')
    .option('--keep', 'stay up afterwards')
    .action(
      act(async ({ printer, doors }, { keep }: { keep?: boolean }) => {
        const times: Record<string, number> = {};
        const timed = stopwatch(times);
        const pipelines = await timed('compile', () => compiledPipelines());
        const assembly = await timed('synthesize', () => doors.synthesize(pipelines, 'cdk.out'));
        printer.line(
          `synthesized ${pipelines.length + 1} stacks into cdk.out in ${duration(times.compile! + times.synthesize!)}`,
        );
        const dataFolder = join(stateFolder, 'demo');
        rmSync(dataFolder, { recursive: true, force: true });
        const app = await timed('start', async () => {
          const { startLocal } = await import('../../../local/index.ts');
          return startLocal({ cloudAssembly: assembly, dataFolder });
        });
        try {
          const resources = Object.values(app.stacks).reduce(
            (sum, stack) => sum + Object.keys(stack.resources).length,
            0,
          );
          printer.line(
            `started local AWS at ${printer.paint('cyan', app.endpoint)} and provisioned ${resources} resources in ${duration(times.start!)}`,
          );
          const address = addressOf(app);
          writeAddress(address);
          const platform = new Platform(address);
          const details = await timed('pipelines', () => runSamples(platform, pipelines, printer));
          for (const { detail, rejects } of details) {
            showRun(printer, platform, detail);
            for (const row of rejects.rows) {
              printer.line(`  reject   record ${row.row} of ${row.file}: ${printer.paint('yellow', row.reason)}`);
            }
          }
          const good = details.every(({ detail }) => isGood(detail));
          printer.data({
            good,
            milliseconds: times,
            runs: details.map(({ detail, rejects }) => ({ ...detail, rejects })),
          });
          conclude(printer, { good, times, keep: keep === true });
          if (keep) await untilStopped();
          return good ? 0 : 1;
        } finally {
          removeAddress();
          await app.close();
        }
      }),
    );
};

/** Drops all files at once and follows the runs that they start. */
async function runSamples(platform: Platform, pipelines: readonly CompiledPipeline[], printer: Printer) {
  const started: Promise<Run>[] = [];
  for (const { pipeline, file } of sampleFiles) {
    const { plan } = pipelines.find((one) => one.plan.pipeline === pipeline)!;
    const key = landingKey(plan, file);
    const versionId = await dropFile(platform, samplePath(file), key);
    printer.line(`dropped ${file} → s3://${platform.address.lake}/${key}`);
    if (key.startsWith('landing/')) started.push(runOfVersion(platform, { pipeline, key, versionId }));
  }
  const runs = await watchRuns(platform, await Promise.all(started), printer);
  return Promise.all(
    runs.map(async (run) => ({
      detail: await runDetail(platform, run),
      rejects: await rejectedRows(platform, run, { limit: 3 }),
    })),
  );
}

/** A run that completed, with rows for every table and a ledger that balances in every line. */
function isGood({ run, ledger, tables }: RunDetail): boolean {
  return run.state === 'Completed' && ledger.length > 0 && ledger.every((line) => line.balanced) && tables.length > 0;
}

function conclude(
  printer: Printer,
  { good, times, keep }: { good: boolean; times: Readonly<Record<string, number>>; keep: boolean },
): void {
  const memory = process.resourceUsage().maxRSS * 1024;
  printer.heading(
    good
      ? printer.paint('green', 'every row is accounted for')
      : printer.paint('red', 'NOT in order: see the lines above'),
  );
  const parts = Object.entries(times).map(([part, milliseconds]) => `${part} ${duration(milliseconds)}`);
  printer.line(
    `  ${parts.join(', ')}; in all ${duration(Object.values(times).reduce((sum, one) => sum + one, 0))}; local AWS itself ${bytes(memory)}`,
  );
  printer.line('  look further:');
  printer.line(
    keep
      ? '    (in another terminal, while this one stays up)'
      : '    npx penstock local --data .penstock/demo   (in another terminal)',
  );
  printer.line('    npx penstock runs');
  printer.line('    npx penstock run show latest');
  printer.line('    npx penstock rejects latest');
  printer.line(
    '    npx penstock query "SELECT origin, sum(flights) AS flights FROM flight_delays GROUP BY origin ORDER BY flights DESC LIMIT 5"',
  );
}

function stopwatch(times: Record<string, number>) {
  return async <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    times[part] = performance.now() - start;
    return result;
  };
}
