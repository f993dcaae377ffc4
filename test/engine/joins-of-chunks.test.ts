import { afterAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { Session } from '../../lib/engine/session.ts';
import { type Dataset, enrich, from, join, lake, pipeline, s3 } from '../../lib/index.ts';
import { compiled, run } from '../fixtures/engine/in-process-run.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

const open = vi.spyOn(Session, 'open');
afterAll(() => open.mockRestore());

const record = z.object({ k: z.int(), name: z.string() });
const side = from(s3({ prefix: 'landing/right/', format: 'ndjson' }), record);
const input = () => ({ path: scratchFile('input-0', '{"k":1,"name":"one"}\n') });

/** What sessions of chunks were told of their joins. */
async function toldBy(step: (left: Dataset) => Dataset): Promise<Set<unknown>> {
  const left = from(s3({ prefix: 'landing/left/', format: 'ndjson' }), record);
  const code = await compiled(pipeline('joined', { outputs: [step(left).to(lake({ table: 'joined' }))] }));
  open.mockClear();
  await run(
    code,
    Object.fromEntries(
      code.plan.nodes.flatMap(({ id, kind }) => (kind === 'source' ? [[id, [input()]]] : [])),
    ) as never,
  );
  return new Set(open.mock.calls.flatMap(([options]) => ('joinsSmall' in options ? [options.joinsSmall] : [])));
}

test('a chunk that joins two inputs leaves to DuckDB which it keeps in memory', async () => {
  expect(await toldBy((left) => left.pipe(join({ with: side, on: 'k = k', prefix: 'r_' })))).toEqual(new Set([false]));
});

test('one that looks rows up keeps what they are looked up in', async () => {
  expect(await toldBy((left) => left.pipe(enrich({ with: side, on: 'k = k', take: { other: 'name' } })))).toEqual(
    new Set([true]),
  );
});
