import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import type { CommandFile } from '../command.ts';
import { dropFile, landingKey, startsRun } from '../drop-file.ts';
import { CommandInputError } from '../errors.ts';
import { Platform } from '../platform.ts';
import { addressOf, removeAddress, writeAddress } from '../platform-address.ts';
import { bytes, counted, duration, type Printer, thousands } from '../print.ts';
import { type CompiledPipeline, compiledPipelines } from '../project.ts';
import { rejectedRows } from '../rejected-rows.ts';
import { runOfVersion } from '../runs-of-files.ts';
import { sampleFiles, samplePath } from '../sample-files.ts';
import { type RunDetail, runDetail, showRun } from '../show-run.ts';
import { stateFolder } from '../state-folder.ts';
import { untilStopped } from '../until-stopped.ts';
import { watchRuns } from '../watch-runs.ts';

/** Among so many rejects there is one of each rule. */
const lookedAt = 100;

/**
 * `penstock demo`: the shipped pipelines on real files, through the synthesized app, on this machine.
 * JSON: `{ good, milliseconds: { compile, synthesize, provision, run }, runs: [as of "run show", with rejects: as of
 * "rejects"] }`. The exit code is 0 where every run has completed, with tables, and its ledger balances in every line.
 */
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
        requireSamples(pipelines);
        const assembly = await timed('synthesize', () => doors.synthesize(pipelines, 'cdk.out'));
        printer.line(
          `synthesized  ${counted(pipelines.length + 1, 'stack')} into cdk.out in ${duration(times.compile! + times.synthesize!)}`,
        );
        const dataFolder = stateFolder('demo');
        rmSync(dataFolder, { recursive: true, force: true });
        const app = await timed('provision', async () => {
          const { startLocal } = await import('../../../local/index.ts');
          return startLocal({ cloudAssembly: assembly, dataFolder });
        });
        try {
          const resources = Object.values(app.stacks).flatMap((stack) => Object.keys(stack.resources));
          printer.line(
            `provisioned  ${counted(resources.length, 'resource')} on local AWS, ${app.endpoint}, in ${duration(times.provision!)}`,
          );
          const address = addressOf(app);
          writeAddress(address);
          process.once('SIGINT', leave);
          const platform = new Platform(address);
          const details = await timed('run', () => runSamples(platform, pipelines, printer));
          for (const { detail, rejects } of details) {
            showRun(printer, detail);
            showRejects(printer, rejects);
          }
          const good = details.every(({ detail }) => isGood(detail));
          printer.data({
            good,
            milliseconds: times,
            runs: details.map(({ detail, rejects }) => ({ ...detail, rejects })),
          });
          conclude(printer, { good, times, keep: keep === true, dataFolder });
          if (keep) {
            process.off('SIGINT', leave);
            await untilStopped();
          }
          return good ? 0 : 1;
        } finally {
          process.off('SIGINT', leave);
          removeAddress();
          await app.close();
        }
      }),
    );
};

/** Ctrl-C before the end: what local AWS has started ends with it. */
function leave(): void {
  removeAddress();
  process.exit(130);
}

function requireSamples(pipelines: readonly CompiledPipeline[]): void {
  const names = pipelines.map(({ plan }) => plan.pipeline);
  const missing = [...new Set(sampleFiles.map(({ pipeline }) => pipeline))].filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw new CommandInputError({
    problem: 'the pipelines of the demo are not here',
    received: names,
    allowed: missing,
    change: "run the demo in Penstock's own folder, or your own pipelines with `npx penstock local`",
  });
}

/** Drops all files at once and follows the runs that they start. */
async function runSamples(platform: Platform, pipelines: readonly CompiledPipeline[], printer: Printer) {
  const dropped: { pipeline: string; key: string; versionId?: string; starts: boolean }[] = [];
  for (const { pipeline, file } of sampleFiles) {
    const { plan } = pipelines.find((one) => one.plan.pipeline === pipeline)!;
    const key = landingKey(plan, file);
    const versionId = await dropFile(platform, samplePath(file), key);
    printer.line(`dropped      ${file} → ${key}`);
    dropped.push({ pipeline, key, versionId, starts: startsRun(plan, key) });
  }
  const started = await Promise.all(dropped.filter(({ starts }) => starts).map((file) => runOfVersion(platform, file)));
  const runs = await watchRuns(platform, started, printer);
  return Promise.all(
    runs.map(async (run) => ({
      detail: await runDetail(platform, run),
      rejects: await rejectedRows(platform, run, { limit: lookedAt }),
    })),
  );
}

/** One row for each rule, with how many are like it. */
function showRejects(printer: Printer, { rules, rows }: Awaited<ReturnType<typeof rejectedRows>>): void {
  for (const [index, { node, rule, rows: like }] of rules.entries()) {
    const first = rows.find((row) => row.node === node && row.rule === rule);
    const example = first ? `record ${first.row}: ${printer.paint('yellow', first.reason)}` : rule;
    printer.line(`  ${index === 0 ? 'rejects' : '       '}  ${thousands(like)} like ${example}`);
  }
}

/** A run that completed, with rows for every table and a ledger that balances in every line. */
function isGood({ run, ledger, tables }: RunDetail): boolean {
  return run.state === 'Completed' && ledger.length > 0 && ledger.every((line) => line.balanced) && tables.length > 0;
}

interface Conclusion {
  readonly good: boolean;
  readonly times: Readonly<Record<string, number>>;
  readonly keep: boolean;
  readonly dataFolder: string;
}

function conclude(printer: Printer, { good, times, keep, dataFolder }: Conclusion): void {
  printer.heading(
    good
      ? printer.paint('green', 'every row is accounted for')
      : printer.paint('red', 'NOT in order: see the lines above'),
  );
  const all = Object.values(times).reduce((sum, one) => sum + one, 0);
  const parts = Object.entries(times).map(([part, milliseconds]) => `${part} ${duration(milliseconds)}`);
  const memory = bytes(process.resourceUsage().maxRSS * 1024);
  printer.line(`  ${duration(all)}: ${parts.join(', ')}; local AWS itself held ${memory} at most`);
  printer.line();
  printer.line(
    keep
      ? 'Look further, in another terminal while this one stays up:'
      : `Look further: start \`npx penstock local --data ${relative(process.cwd(), dataFolder)}\`, and in another terminal`,
  );
  printer.line('  npx penstock runs');
  printer.line('  npx penstock run show latest');
  printer.line('  npx penstock rejects latest');
  printer.line(
    '  npx penstock query "SELECT origin, sum(flights) AS flights FROM flight_delays GROUP BY origin ORDER BY flights DESC LIMIT 5"',
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
