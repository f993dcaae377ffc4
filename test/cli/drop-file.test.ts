import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { beginsWith, filesAt, isAwaited, landingKey, startsRun } from '../../lib/cli/drop-file.ts';
import type { Plan } from '../../lib/component/plan.ts';
import { TestProject } from './project.ts';

const source = (options: Readonly<Record<string, unknown>>) =>
  ({ kind: 'source', options }) as unknown as Plan['nodes'][0];

function planWith(parts: Partial<Plan>): Plan {
  return { pipeline: 'sales', nodes: [], triggers: [], ...parts } as unknown as Plan;
}

describe('landingKey', () => {
  const plan = planWith({
    nodes: [source({ prefix: 'landing/sales/' }), source({ key: 'reference/countries.csv' })],
    triggers: [
      { kind: 'schedule', expression: 'rate(1 day)' },
      { kind: 'file', prefix: 'landing/sales/' },
    ],
  });

  it('is the key of the reference whose name the file has', () => {
    expect(landingKey(plan, '/tmp/countries.csv')).toBe('reference/countries.csv');
  });

  it('is below the folder that starts runs for every other file', () => {
    expect(landingKey(plan, 'inbox/today.csv')).toBe('landing/sales/today.csv');
  });

  it('has the values of parameters that the name of the file tells', () => {
    const templated = planWith({ nodes: [source({ key: 'reference/rates-{month}.{country}.csv' }), ...plan.nodes] });
    expect(landingKey(templated, 'rates-2026-01.ch.csv')).toBe('reference/rates-2026-01.ch.csv');
    expect(landingKey(planWith({ ...plan, nodes: templated.nodes }), 'rates-.csv')).toBe('landing/sales/rates-.csv');
  });

  it('has to be said where a parameter names the folder', () => {
    const templated = planWith({ ...plan, nodes: [source({ key: 'reference/{country}/rates.csv' })] });
    expect(() => landingKey(templated, 'today/rates.csv')).toThrow(
      /names the folder.*today\/rates\.csv.*reference\/\{country\}\/rates\.csv.*--key/,
    );
  });

  it('names the references where the pipeline waits for no files', () => {
    const { nodes } = plan;
    expect(() => landingKey(planWith({ nodes }), 'today.csv')).toThrow(
      /waits for no files.*today\.csv.*countries\.csv.*--key/,
    );
  });
});

it('only a file below the prefix of a file trigger starts a run', () => {
  const plan = planWith({ triggers: [{ kind: 'file', prefix: 'landing/sales/' }] });
  expect(startsRun(plan, 'landing/sales/a.csv')).toBe(true);
  expect(startsRun(plan, 'landing/other/a.csv')).toBe(false);
  expect(startsRun(planWith({}), 'landing/sales/a.csv')).toBe(false);
});

it.each([
  [{}, 'a.csv', undefined, true],
  [{ window: { seconds: 90 } }, 'a.csv', 'its run starts within 1 min 30 s', true],
  [{ complete: { count: 3 } }, 'x/a.csv', 'its run starts with 3 files', true],
  [{ complete: { marker: '_SUCCESS' } }, 'x/a.csv', 'its run starts with _SUCCESS', false],
  [{ complete: { marker: '_SUCCESS' } }, 'x/_SUCCESS', undefined, true],
])('what %o makes of %s', (rule, name, begins, awaited) => {
  const plan = planWith({ triggers: [{ kind: 'file', prefix: 'landing/sales/', ...rule }] });
  const key = `landing/sales/${name}`;
  expect([beginsWith(plan, key), isAwaited(plan, key)]).toEqual([begins, awaited]);
});

describe('filesAt', () => {
  const project = new TestProject({
    'inbox/b.csv': '',
    'inbox/a.csv': '',
    'inbox/.hidden': '',
    'inbox/more/c.csv': '',
  });
  afterAll(() => project.remove());
  const path = (name: string) => join(project.folder, name);

  it('is a file itself', () => {
    expect(filesAt(path('inbox/b.csv'))).toEqual([path('inbox/b.csv')]);
  });

  it('is the files in a folder by name, without hidden ones and inner folders', () => {
    expect(filesAt(path('inbox')).map((file) => basename(file))).toEqual(['a.csv', 'b.csv']);
  });

  it('refuses what is not there, and folders with no files or with too many', () => {
    expect(() => filesAt(path('nothing'))).toThrow('there is no such file');
    mkdirSync(path('empty'));
    expect(() => filesAt(path('empty'))).toThrow('there is no file in the folder');
    for (let index = 0; index < 101; index++) project.write(`many/${index}.csv`, '');
    expect(() => filesAt(path('many'))).toThrow('there are too many files in the folder');
  });
});
