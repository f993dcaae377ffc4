import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { fileArrives, filter, from, lake, pipeline, s3 } from '../../lib/index.ts';
import type { TriggerIdentity } from '../../lib/runtime/messages.ts';
import type { PipelineCode } from '../../lib/runtime/pipeline-code.ts';
import { type EnginePorts, enginePorts } from '../fixtures/assessed-run.ts';
import { codeOf, publishedRows } from '../fixtures/replayed.ts';
import { manual } from '../fixtures/run-machine.ts';
import { runOnce } from '../fixtures/run-once.ts';

const prefix = 'landing/moves/';
const key = `${prefix}day/a.ndjson`;
let code: PipelineCode;

/** A file with records of two kinds, which have a contract each. */
beforeAll(async () => {
  const source = () => from(s3({ prefix, format: 'ndjson' }), z.object({ id: z.int(), kind: z.string() }));
  code = await codeOf(
    pipeline('moves', {
      on: [fileArrives(prefix)],
      outputs: [
        source()
          .pipe(filter("kind = 'in'"))
          .to(lake({ table: 'arrivals' })),
        source()
          .pipe(filter("kind = 'out'"))
          .to(lake({ table: 'departures' })),
      ],
    }),
  );
});

type Started = (ports: EnginePorts, versionId: string) => TriggerIdentity;
const size = 50;
const started: Readonly<Record<string, Started>> = {
  'by somebody': () => manual(),
  'by the file': (_, versionId) => ({ kind: 'file', bucket: 'lake', key, versionId, size, sequencer: '01' }),
  'by the marker of its folder': (_, versionId) => ({
    kind: 'folder',
    folder: `${prefix}day/`,
    key: `${prefix}day/_SUCCESS`,
    versionId,
  }),
};

async function publishedBy(start: Started): Promise<unknown> {
  const ports = enginePorts();
  const versionId = ports.objects.drop(key, '{"id":1,"kind":"in"}\n{"id":2,"kind":"out"}\n');
  await runOnce(ports, code, start(ports, versionId));
  return [await publishedRows(ports, 'arrivals'), await publishedRows(ports, 'departures')];
}

test.each(Object.entries(started))(
  'a file that two sources read is read by both in a run that is started %s',
  async (_, start) => {
    const rows = ['{"id":1,"kind":"in"}', '{"id":2,"kind":"out"}'];
    expect(await publishedBy(start)).toEqual(rows.map((row) => [row]));
  },
);

test('a file that two sources read is read by both in a batch', async () => {
  const batch: Started = (ports, versionId) => {
    const file = { pipeline: 'moves', key, versionId, size, sequencer: '01' };
    const members = async () => [file];
    Object.assign(ports.arrivals, { members });
    return { kind: 'batch', place: prefix, number: 1 };
  };
  expect(await publishedBy(batch)).toEqual([['{"id":1,"kind":"in"}'], ['{"id":2,"kind":"out"}']]);
});
