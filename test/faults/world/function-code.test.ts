import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { codeOf } from './function-code.ts';

const folder = mkdtempSync(join(tmpdir(), 'penstock-code-'));
afterAll(() => rmSync(folder, { recursive: true }));

const planOf = (pipeline: string) => ({ planVersion: 1, pipeline, sql: `'a' || "b\\" || $& || $1` });

/** What code exports that holds a plan as bundles do: the plan, and which file it was compiled of. */
function evaluated(pipeline: string, rest = ''): { readonly plan: unknown; readonly from: string } {
  const file = join(folder, `${pipeline}.js`);
  const plan = JSON.stringify(JSON.stringify(planOf(pipeline)));
  writeFileSync(file, `exports.plan=JSON.parse(${plan});exports.from=new Error().stack;${rest}`);
  const exports = {} as ReturnType<typeof evaluated>;
  codeOf(file)({ exports } as never);
  return exports;
}

test('files that differ in their plans alone are compiled once, and each has its own plan', () => {
  for (const pipeline of ['first', 'second']) {
    const { plan, from } = evaluated(pipeline);
    expect(plan).toEqual(planOf(pipeline));
    expect(from).toContain('first.js');
  }
  expect(evaluated('third', 'exports.more=1;').from).toContain('third.js');
});
