import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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
    /^ {2}Lambda workers +[\d,]+ GB-seconds +0\.0000166667 +\d+\.\d\d +150 chunks × /m,
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

describe('plan --all', () => {
  const report = (name: string, on: string, table: string) => `
    import { after, event, from, lake, pipeline, table } from 'penstock';
    import * as z from 'zod';
    const rows = from(table({ table: '${table}' }), z.object({ origin: z.string() }));
    export default pipeline('${name}', { on: [${on}], outputs: [rows.to(lake({ table: '${name}_rows' }))] });
  `;
  const all = new TestProject({
    'pipelines/a-late.ts': report('late', "after('report')", 'report_rows'),
    'pipelines/flights.ts': shipped('flights'),
    'pipelines/report.ts': report(
      'report',
      "event({ source: 'penstock', detail: { pipeline: ['flights'] } })",
      'flights',
    ),
    'pipelines/guest.ts': report('guest', "after('elsewhere')", 'flights'),
  });
  afterAll(() => all.remove());

  it('shows which pipelines depend on which, in an order in which they can run', async () => {
    const { code, out } = await all.run('plan', '--all');
    expect(code).toBe(0);
    for (const line of [
      /^ *1 +flights +- +when a file arrives below landing\/flights\//m,
      /^ *2 +report +events of flights; flights of flights +by an event from penstock/m,
      /^ *3 +late +runs of report; report_rows of report/m,
      /^ *4 +guest +runs of elsewhere \(not in this project\); flights of flights/m,
    ])
      expect(out).toMatch(line);
    const graph = await all.json('plan', '--all');
    expect(graph[1]).toMatchObject({ pipeline: 'report', on: [{ by: 'event' }, { by: 'data', reads: 'flights' }] });
  });

  it('draws them with --mermaid', async () => {
    const { out } = await all.run('plan', '--all', '--mermaid');
    expect(out).toMatch(/^flowchart LR\n {2}p0\["flights"\]$/m);
    expect(out).toMatch(/^ {2}p0 -- event --> p1$/m);
    expect(out).toMatch(/^ {2}p1 -\. "report_rows" \.-> p2$/m);
    expect(out).toMatch(/^ {2}p4 -- after --> p3$/m);
  });

  it('refuses pipelines that would start one another without end, in whichever files they stand', async () => {
    const circle = new TestProject({
      'pipelines/one.ts': report('one', "after('two')", 'x'),
      'pipelines/two.ts': report('two', "after('three')", 'x'),
      'pipelines/three.ts': report('three', "event({ source: 'penstock', detail: { pipeline: ['one'] } })", 'x'),
    });
    const { code, err } = await circle.run('plan', '--all');
    const validated = await circle.run('validate', '--json');
    const alone = await circle.run('validate', 'three');
    circle.remove();
    expect(code).toBe(1);
    expect([validated.code, alone.code]).toEqual([1, 1]);
    const found = JSON.parse(validated.out).map(({ file, problems }: any) => [file, problems.length, problems[0].at]);
    expect(found).toEqual(
      ['one', 'three', 'two'].map((name) => [
        `pipelines/${name}.ts`,
        1,
        expect.stringMatching(`^pipelines/${name}.ts:\\d+:\\d+$`),
      ]),
    );
    expect(alone.out).toContain('1 problem in 1 file');
    expect(err).toContain('pipelines would start one another without end');
    expect(err).toMatch(/(one|two|three) → (one|two|three) → (one|two|three) → (one|two|three)/);
  });

  it('has validate tell of pipelines that share something with different limits, in each of them', async () => {
    const limited = (runs: number) => (text: string) => text.replace('outputs:', `shares: { db: ${runs} }, outputs:`);
    const sharing = new TestProject({
      'pipelines/one.ts': limited(2)(report('one', "after('zero')", 'x')),
      'pipelines/two.ts': limited(5)(report('two', "after('zero')", 'x')),
    });
    const { code, out } = await sharing.run('validate', '--json');
    sharing.remove();
    expect(code).toBe(1);
    expect(JSON.parse(out).map(({ problems }: any) => problems)).toEqual(
      ['one', 'two'].map((name) => [
        expect.objectContaining({
          code: 'SHARE_AMBIGUOUS',
          at: expect.stringContaining(`pipelines/${name}.ts:`),
          received: { one: 2, two: 5 },
        }),
      ]),
    );
  });

  it('is asked for alone', async () => {
    for (const words of [
      ['plan', 'flights', '--all'],
      ['plan'],
      ['plan', '--all', '--size', '1GB'],
      ['plan', '--mermaid'],
    ])
      expect((await all.run(...words)).code).not.toBe(0);
  });
});
