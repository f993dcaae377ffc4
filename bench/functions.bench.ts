import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { dropFile } from '../lib/cli/drop-file.ts';
import { Platform } from '../lib/cli/platform.ts';
import { addressOf } from '../lib/cli/platform-address.ts';
import { Printer } from '../lib/cli/print.ts';
import { runOfVersion } from '../lib/cli/runs-of-files.ts';
import { samplePath } from '../lib/cli/sample-files.ts';
import { watchRuns } from '../lib/cli/watch-runs.ts';
import { compile } from '../lib/compiler/index.ts';
import { synthesize } from '../lib/infra/index.ts';
import { type LocalApp, startLocal } from '../local/index.ts';
import flights from '../pipelines/flights.ts';
import type { BenchOption } from './options.ts';

/** It measures one cold run, which nothing about can be chosen. */
export const takes: readonly BenchOption[] = [];

/** Size of each function's code, and its start and memory in one cold run of the flights pipeline on local AWS. */
export async function measure() {
  const outdir = mkdtempSync(join(tmpdir(), 'penstock-bench-out-'));
  const file = join(import.meta.dirname, '../pipelines/flights.ts');
  await synthesize({ pipelines: [{ file, plan: await compile(flights) }], outdir });
  const app = await startLocal({ cloudAssembly: outdir });
  try {
    await runOnce(app);
    const sizes = codeSizes(outdir);
    const functions = (await reports(app)).map((one) => ({ ...one, codeBytes: sizes.get(one.name) ?? 0 }));
    console.table(functions);
    return { functions };
  } finally {
    await app.close();
    rmSync(outdir, { recursive: true, force: true });
  }
}

async function runOnce(app: LocalApp): Promise<void> {
  const platform = new Platform(addressOf(app));
  await dropFile(platform, samplePath('airports.csv'), 'reference/airports.csv');
  const key = 'landing/flights/flights-3m.parquet';
  const versionId = await dropFile(platform, samplePath('flights-3m.parquet'), key);
  const run = await runOfVersion(platform, { pipeline: 'flights', key, versionId });
  await watchRuns(platform, [run], new Printer(process.stdout, true));
}

interface FunctionReport {
  readonly name: string;
  readonly initMilliseconds: number;
  readonly durationMilliseconds: number;
  readonly peakMemoryMegabytes: number;
  readonly memoryMegabytes: number;
}

/** What Lambda itself reports at the end of an invocation. */
async function reports(app: LocalApp): Promise<FunctionReport[]> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const logs = new CloudWatchLogsClient({ endpoint: app.endpoint, region: app.cloud.region, credentials });
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  const found: FunctionReport[] = [];
  for (const { logGroupName } of logGroups) {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    const lines = events.flatMap(({ message }) => (message?.includes('platform.report') ? [JSON.parse(message)] : []));
    const cold = lines.find((line) => line.record.metrics.initDurationMs !== undefined);
    if (!cold) continue;
    found.push({
      name: logGroupName!.split('/').at(-1)!,
      initMilliseconds: Math.round(cold.record.metrics.initDurationMs),
      durationMilliseconds: Math.round(cold.record.metrics.durationMs),
      peakMemoryMegabytes: Math.max(...lines.map((line) => line.record.metrics.maxMemoryUsedMB)),
      memoryMegabytes: cold.record.metrics.memorySizeMB,
    });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Bytes of code by function name, from the templates and their assets; layers not counted. */
function codeSizes(outdir: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const template of readdirSync(outdir).filter((name) => name.endsWith('.template.json'))) {
    const { Resources } = JSON.parse(readFileSync(join(outdir, template), 'utf8'));
    for (const { Type, Properties } of Object.values<any>(Resources)) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const folder = join(outdir, `asset.${Properties.Code.S3Key.replace('.zip', '')}`);
      const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
      sizes.set(Properties.FunctionName, bytes);
    }
  }
  return sizes;
}
