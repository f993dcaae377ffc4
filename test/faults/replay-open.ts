import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRejects, shownRejects } from '../../lib/engine/index.ts';
import { runKeys } from '../../lib/runtime/keys.ts';
import type { RunRecord } from '../../lib/runtime/ports/run-store.ts';
import { findReplays } from '../../lib/runtime/replay/find-replays.ts';
import { remadeSince } from '../../lib/runtime/replay/remade-runs.ts';
import { startReplay } from '../../lib/runtime/replay/start-replay.ts';
import type { Person } from './world/person.ts';
import { countedPromise } from './world/threads.ts';

interface Replaying {
  readonly run: RunRecord;
  /** Whether their records are corrected first. */
  readonly corrected: boolean;
  readonly planDigest: string;
  readonly stateMachineArn: string;
  readonly by: string;
}

/** Time passes only when DuckDB has answered. */
const [open, shown] = [countedPromise(openRejects), countedPromise(shownRejects)];

/** Starts replays of the open rejects of a run as the command does. Nothing where a replay is about to publish. */
export async function replayOpen(
  person: Person,
  { run: first, corrected: isCorrected, ...deployed }: Replaying,
): Promise<void> {
  const { pipeline } = first;
  const replays = await findReplays(person, first);
  if (replays.some(({ state }) => state !== 'Completed')) return;
  const workFolder = mkdtempSync(join(tmpdir(), 'penstock-replay-'));
  let files = 0;
  const fetched = async (keys: readonly string[]) => {
    const paths: string[] = [];
    for (const key of keys) {
      const path = join(workFolder, `fetched-${files++}.parquet`);
      writeFileSync(path, (await person.objects.readBytes(key))!);
      paths.push(path);
    }
    return paths;
  };
  try {
    const runs: { run: string; files: string[]; remade: readonly string[] }[] = [];
    for (const run of [first, ...replays]) {
      const keys: string[] = [];
      for await (const { key } of person.objects.list(runKeys(pipeline, run.run).rejected)) keys.push(key);
      runs.push({ run: run.run, files: await fetched(keys), remade: remadeSince(run, replays) });
    }
    const taken = await fetched(replays.flatMap(({ trigger }) => trigger.inputs.map(({ key }) => key)));
    const corrections = isCorrected ? await correctedFile(runs[0]!.files, workFolder) : undefined;
    const corrected = corrections === undefined ? {} : { corrections };
    const { groups } = await open({ runs, taken, filter: {}, ...corrected, recover: neverNeeded, workFolder });
    for (const { tables, inputs, rows: rejects, whole } of groups) {
      const same = replays.filter(({ trigger }) => trigger.tables.join() === tables.join());
      const number = 1 + Math.max(0, ...same.map(({ trigger }) => trigger.number));
      const chosen = { of: first.run, tables, number, inputs, rejects, ...(whole && { whole }) };
      await startReplay(person, { pipeline, ...deployed, ...chosen });
    }
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/** Bad rows have an id that is no number for a word before it. */
async function correctedFile(files: readonly string[], workFolder: string): Promise<string> {
  const { rows } = await shown({ files, filter: {}, limit: 1000, workFolder });
  const lines = rows.map(({ file, version, row, node, raw }) =>
    JSON.stringify({ file, version, row: Number(row), node, raw: String(raw).replace('bad ', '') }),
  );
  const path = join(workFolder, 'corrected.ndjson');
  writeFileSync(path, lines.join('\n'));
  return path;
}

/** Rejects of the contract hold their records. */
async function neverNeeded(): Promise<never> {
  throw new Error('a reject without its record');
}
