import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compile } from '../../../lib/compiler/index.ts';
import { type PipelineName, pipelines } from '../pipelines.ts';
import { buildDirectCode } from './direct-code.ts';

const folder = mkdtempSync(join(tmpdir(), 'penstock-direct-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Text of the code of a bundle, and of the plan as it stands there. */
async function built(name: PipelineName, edition: number) {
  const plan = await compile(pipelines[name](edition));
  const own = mkdtempSync(join(folder, 'of-'));
  buildDirectCode(join(own, 'assembly'), plan);
  const codeOf = (bundle: string) => readFileSync(join(own, 'direct', bundle, 'index.js'), 'utf8');
  return { codes: ['queries', 'steps', 'escalate'].map(codeOf), plan: JSON.stringify(JSON.stringify(plan)) };
}

test('functions of pipelines with other components are the same code, each with its own plan alone', async () => {
  const [first, ...others] = [await built('solo', 0), await built('solo', 1), await built('exports', 0)];
  const withoutPlan = ({ codes, plan }: typeof first) => codes.map((code) => code.split(plan));
  for (const other of others!) {
    expect(other.plan).not.toBe(first!.plan);
    expect(withoutPlan(other)).toEqual(withoutPlan(first!));
  }
  for (const parts of withoutPlan(first!)) expect(parts).toHaveLength(2);
});
