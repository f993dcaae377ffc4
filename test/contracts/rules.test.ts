import { beforeAll, describe, expect, test } from 'vitest';
import { lake, pipeline } from '../../lib/index.ts';
import { type Compiled, compiled, type RunResult, run } from '../fixtures/engine/in-process-run.ts';
import type { SampleColumns } from './sample.ts';
import { components, samplesWith } from './samples.ts';
import { hostile, inputs, mainDataset, mainFile, reserved, sideDataset, sideFile } from './table.ts';

const rules = samplesWith('rule');

/** All rules over one table: one compilation, one run. */
async function measured(given: keyof typeof inputs, columns: SampleColumns): Promise<Measured> {
  const side = sideDataset();
  const code = await compiled(
    pipeline('counted', {
      quality: rules.map(({ sample }) => sample.rule(columns, side)),
      outputs: [mainDataset(columns).to(lake({ table: 'out' }))],
    }),
  );
  const { rows } = inputs[given]!;
  const files = (...parts: (typeof rows)[]) => ({
    main: parts.map((part) => ({ path: mainFile(part, columns) })),
    side: [{ path: sideFile() }],
  });
  const solo = await run(code, files(rows));
  const many = await run(code, files(rows.slice(0, 3), rows.slice(3)), { chunks: [[1], [0]] });
  return { code, solo, many };
}

interface Measured {
  readonly code: Compiled;
  readonly solo: RunResult;
  readonly many: RunResult;
}

describe.each([
  ['seven rows', hostile],
  ['no row', reserved],
  ['nothing but NULL', reserved],
] as const)('%s', (given, columns) => {
  let made: Measured;
  beforeAll(async () => {
    made = await measured(given, columns);
  });

  test.each(rules)('$name counts each row, in one chunk and in two', ({ name }) => {
    const { code, solo, many } = made;
    const planned = code.plan.quality.find(({ component }) => component === name)!;
    const of = (result: RunResult) => result.quality.find(({ rule }) => rule === planned.id)!;
    const { total, passed } = of(solo);
    const { form } = components[name].measure(
      planned.options,
      code.plan.nodes.find(({ id }) => id === planned.output)!.columns,
    );
    const { good } = inputs[given]!;
    // Groups are not rows, and where no file was written it is Assess that says what that means.
    if (form !== 'groups') expect(total).toBe(good);
    if (form !== 'groups' || good > 0) expect(of(many)).toMatchObject({ total, passed });
    expect(passed).toBeGreaterThanOrEqual(0);
    expect(passed).toBeLessThanOrEqual(total);
  });
});
