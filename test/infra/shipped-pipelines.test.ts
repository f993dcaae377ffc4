import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../lib/compiler/index.ts';
import { idleCost, machineDefinition, synthesize } from '../../lib/infra/index.ts';
import { machineProblems } from './gates/machine.ts';
import { templateProblems } from './gates/template.ts';
import type { Template } from './synthesized.ts';

const folder = fileURLToPath(new URL('../../pipelines', import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
const templates: Record<string, Template> = {};
let outdir: string;

beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), 'penstock-shipped-test-'));
  const pipelines = await Promise.all(
    files.map(async (name) => ({ file: join(folder, name), plan: await planOf(name) })),
  );
  await synthesize({ pipelines, outdir, templatesOnly: true });
  for (const name of readdirSync(outdir).filter((file) => file.endsWith('.template.json'))) {
    templates[name.split('.')[0]!] = JSON.parse(readFileSync(join(outdir, name), 'utf8'));
  }
}, 60_000);
afterAll(() => rmSync(outdir, { recursive: true }));

async function planOf(name: string) {
  return compile((await import(pathToFileURL(join(folder, name)).href)).default);
}

describe.each(files)('the shipped pipeline %s', (name) => {
  it('passes every gate', async () => {
    const plan = await planOf(name);
    const template = templates[`penstock-${plan.pipeline}`]!;
    expect(templateProblems(template)).toEqual([]);
    expect(
      machineProblems(machineDefinition(plan), { waitsForPerson: ['Await review', 'Await review, reminded'] }),
    ).toEqual([]);
    expect(idleCost(template).dollars).toBeLessThan(1);
  });

  it('keeps within what CloudFormation and Step Functions take', async () => {
    const plan = await planOf(name);
    const text = JSON.stringify(templates[`penstock-${plan.pipeline}`]);
    expect(text.length).toBeLessThan(1_000_000);
    expect(JSON.stringify(machineDefinition(plan)).length).toBeLessThan(1_000_000);
  });
});
