import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { complete, s3, unique } from '../../lib/index.ts';
import { compensate } from '../../lib/runtime/compensate.ts';
import { extract } from '../../lib/runtime/extract/extract.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { decideReview } from '../../lib/runtime/review/decide-review.ts';
import { release } from '../../lib/runtime/review/release.ts';
import { review } from '../../lib/runtime/review/review.ts';
import { runChunk } from '../../lib/runtime/worker/run-chunk.ts';
import { assessedRun, type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { readCsv } from '../fixtures/engine/rfc4180.ts';
import { FaultLine } from '../fixtures/ports/faults.ts';
import { chunkMessages } from '../fixtures/run-machine.ts';

const record = z.object({ city: z.string().nullable(), n: z.int() });
const rows = ['Rome', null, 'Oslo'].map((city, n) => ({ city, n }));
const place = 'exports/cities/';

interface Given {
  readonly mode?: 'append' | 'replace';
  readonly ports?: EnginePorts;
  readonly startedAt?: string;
  readonly files?: number;
  readonly judged?: boolean;
}

function exporting({ mode = 'append', judged = false, ...given }: Given = {}) {
  const table = 'exports/cities';
  return assessedRun({
    record,
    rows,
    quality: judged ? [complete('city', { atLeast: 1, table }), unique(['n'], { table })] : [],
    gate: judged ? { pass: 1, review: 0 } : { pass: 0 },
    outputs: (dataset) => [dataset.to(s3({ prefix: place, format: 'csv', mode, sortBy: ['n'] }))],
    ...given,
  });
}

/** What a reader finds who looks at the newest manifest: the manifests, and the lines of all files that it lists. */
function readers({ objects }: EnginePorts) {
  const manifests = objects.keys(`${place}manifests/`);
  if (manifests.length === 0) return { manifests, lines: undefined };
  const { entries } = objects.json(manifests.at(-1)!) as { entries: { url: string; meta: { record_count: number } }[] };
  const lines = entries.flatMap(({ url, meta }) => {
    const [, ...own] = readCsv(objects.text(url.replace('s3://lake/', ''))!);
    expect(own).toHaveLength(meta.record_count);
    return own.map((cells) => cells.map(({ text }) => text).join());
  });
  return { manifests, lines };
}

const all = ['Rome,0', ',1', 'Oslo,2'];
const lost = () => new Error('the connection was lost');

test('nobody is told of a file before the commit, and then of all', async () => {
  const { ports, code, input } = await exporting({ files: 3 });
  await publish(ports, code, input);
  expect(readers(ports).lines).toBeUndefined();
  await commit(ports, code, input);
  expect(readers(ports)).toEqual({ manifests: [`${place}manifests/00000001.json`], lines: all });
});

test.each([
  ['append', [...all, ...all]],
  ['replace', all],
] as const)('the newest manifest lists what readers should read: %s', async (mode, lines) => {
  const first = await exporting({ mode, startedAt: '2026-01-01T00:00:00.000Z' });
  await first.complete();
  const second = await exporting({ mode, startedAt: '2026-01-02T00:00:00.000Z', ports: first.ports });
  await second.complete();
  expect(readers(first.ports)).toMatchObject({ manifests: { length: 2 }, lines });
});

test.each(['before', 'after'] as const)('a chunk that dies %s any write is repeated without a trace', async (when) => {
  const { code, input } = await exporting();
  const writes = ['objects.createFromFile', 'objects.createText', 'runs.addLedgerRecord'];
  const attempt = async (at?: number) => {
    const { ports, extracted } = await cut(code, input);
    const [message] = await chunkMessages(ports, input, extracted, 'process');
    const line = new FaultLine(at === undefined ? undefined : { at, when }, lost);
    const faulty = {
      ...ports,
      objects: line.through('objects', ports.objects),
      runs: line.through('runs', ports.runs),
    };
    const run = (own: typeof ports) => runChunk(own, code, message!, new AbortController().signal);
    if (at === undefined) await run(faulty);
    else await expect(run(faulty)).rejects.toThrow('the connection was lost');
    await run(ports);
    return { ports, calls: line.calls };
  };
  const { calls } = await attempt();
  const at = calls.flatMap((call, index) => (writes.includes(call) ? [index] : []));
  expect(at.length).toBeGreaterThan(2);
  for (const index of at) {
    const { ports } = await attempt(index);
    const stored = ports.objects.keys(`${place}data/`);
    expect(stored).toEqual([`${place}data/run=${input.run}/process-000000.csv`]);
    expect(readCsv(ports.objects.text(stored[0]!)!)).toHaveLength(4);
  }
});

describe('a commit that dies before the manifest', () => {
  async function died() {
    const run = await exporting();
    const { ports, code, input } = run;
    await publish(ports, code, input);
    const objects = new Proxy(ports.objects, {
      get: (target, name) =>
        name === 'createText' ? () => Promise.reject(lost()) : Reflect.get(target, name).bind?.(target),
    });
    await expect(commit({ ...ports, objects }, code, input)).rejects.toThrow('the connection was lost');
    expect(readers(ports).manifests).toEqual([]);
    return run;
  }

  test('writes it when it is repeated', async () => {
    const { ports, code, input } = await died();
    await commit(ports, code, input);
    expect(readers(ports).lines).toEqual(all);
  });

  test('is brought to its end by compensation', async () => {
    const { ports, code, input } = await died();
    const failure = { ...input, error: { Error: 'States.Timeout' }, state: 'Commit' };
    expect((await compensate(ports, code, failure)).state).toBe('Completed');
    expect(readers(ports).lines).toEqual(all);
  });
});

test('a run that fails before it leaves no file of it', async () => {
  const { ports, code, input } = await exporting({ judged: true });
  await compensate(ports, code, { ...input, error: { Error: 'LedgerImbalanceError' }, state: 'Publish' });
  expect(ports.objects.keys(place)).toEqual([]);
});

test('rows that a person holds leave the files, which stay text', async () => {
  const { ports, code, input, report } = await exporting({ judged: true, files: 3 });
  expect(report.rules.map(({ passed }) => passed)).toEqual([2, 3]);
  await review(ports, code, { ...input, taskToken: 'token' });
  await decideReview(ports, { run: input.run, decision: 'release', by: 'Ada', hold: { rules: ['1-complete'] } });
  expect((await release(ports, code, input)).tables).toMatchObject({ 'table.exports.cities': { rows: 2, held: 1 } });
  await publish(ports, code, input);
  await commit(ports, code, input);
  expect(readers(ports).lines).toEqual(['Rome,0', 'Oslo,2']);
});

/** The same run in surroundings of its own, as far as its chunks. */
async function cut(code: Parameters<typeof extract>[1], input: Parameters<typeof extract>[2]) {
  const ports = enginePorts();
  ports.objects.drop('landing/rows/0.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'));
  await initialize(ports, code, input);
  return { ports, extracted: await extract(ports, code, input) };
}
