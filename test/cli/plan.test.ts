import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { TestProject } from './project.ts';

const shipped = (name: string) => readFileSync(resolve(import.meta.dirname, '../../pipelines', `${name}.ts`), 'utf8');
const project = new TestProject({ 'pipelines/flights.ts': shipped('flights') });
afterAll(() => project.remove());

it('plan shows stages, types, assessment and what idling costs', async () => {
  const { code, out, err } = await project.run('plan', 'flights');
  expect([code, err]).toEqual([0, '']);
  for (const line of [
    /^flights {2}plan [0-9a-f]{64}$/m,
    /^ {2}starts {2}when a file arrives below landing\/flights\/$/m,
    /^ {2}starts {2}by schedule rate\(1 day\)$/m,
    /^Process chunks$/m,
    /^ {2}flights\.5-enrich ← flights\.4-deduplicate \+ airports$/m,
    /^ {6}date TIMESTAMP, delay BIGINT,.* city VARCHAR\?, state VARCHAR\?$/m,
    /^ {6}\.parquet below curated\/flights\/, a folder for each day$/m,
    /^ {2}gate: pass from a score of 0\.98, a person decides from 0\.9, else fail$/m,
    /^Idle, in US dollars a month$/m,
    /^ {2}penstock-flights {2}polling of a queue +648,000 requests +0\.26$/m,
    /at list prices \(us-east-1\)/,
  ])
    expect(out).toMatch(line);
  expect(out).not.toContain('Lineage of');
});

it('plan --lineage shows what each published column is made of', async () => {
  const { out } = await project.run('plan', 'flights', '--lineage');
  expect(out).toMatch(/^Lineage of flight_delays$/m);
  expect(out).toMatch(/^ {2}meanDelay +flights\.delay$/m);
});

it('plan --json holds the plan, the lineage and the cost', async () => {
  const { plan, lineage, idleCost } = await project.json('plan', 'flights');
  expect(plan).toMatchObject({ planVersion: 1, pipeline: 'flights', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(lineage.flights.city).toEqual(['airports.city']);
  expect(Object.keys(idleCost.stacks)).toEqual(['penstock', 'penstock-flights']);
  expect(idleCost.dollarsAfterFree).toBeLessThan(idleCost.stacks.penstock.dollars);
});

it('plan guesses the pipeline that was meant', async () => {
  const { code, err } = await project.run('plan', 'fligths');
  expect(code).toBe(1);
  expect(err).toContain('did you mean "flights"?');
});

it('plan --size estimates a run: time, cost with its arithmetic, and the quota that is met first', async () => {
  const { code, out } = await project.run('plan', 'flights', '--size', '10GB');
  expect(code).toBe(0);
  for (const line of [
    /^A run over 10\.0 GB of parquet$/m,
    /^ {2}about \d+ min \d+ s and \$\d+\.\d\d$/m,
    /^ {2}process +150 +16 +66\.7 MB/m,
    /^ {2}Lambda workers +[\d,]+ GB-seconds +\d+\.\d\d +150 chunks × /m,
    /as the input grows, the first to be met is ".+", at about [\d.]+ [GTP]B: /,
  ])
    expect(out).toMatch(line);
  const { estimate } = await project.json('plan', 'flights', '--size', '1TB');
  expect(estimate).toMatchObject({ bytes: 1e12, format: 'parquet', solo: false });
  expect(estimate.quotas.length).toBeGreaterThan(10);
});

it.each(['1XB', '-1GB', '0', 'big', ''])('plan refuses the size "%s"', async (size) => {
  const { code, err } = await project.run('plan', 'flights', `--size=${size}`);
  expect([code, err.includes('that is not a size')]).toEqual([2, true]);
});
