import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEachDatabase } from '../fixtures/engine/kept-databases.ts';
import type { InProcessApp } from '../fixtures/in-process-app.ts';
import { TestProject } from './project.ts';
import { startProject } from './project-platform.ts';

// What a query may read is asked here.
openEachDatabase();

const heading = `import { complete, fileArrives, filter, from, lake, pipeline, populated, s3 } from 'penstock';
import * as z from 'zod';
`;
const project = new TestProject({
  'pipelines/sales.ts': `${heading}
const sale = z.object({ id: z.int(), shop: z.string(), amount: z.number() });
const sales = from(s3({ prefix: 'landing/sales/', format: 'csv' }), sale).pipe(filter('amount > 0', { rule: 'nothing sold' }));
export default pipeline('sales', {
  on: [fileArrives('landing/sales/')],
  outputs: [sales.to(lake({ table: 'sales' }))],
});
`,
  'pipelines/visits.ts': `${heading}
const visit = z.object({ page: z.string(), country: z.string().nullable() });
const visits = from(s3({ prefix: 'landing/visits/', format: 'ndjson' }), visit);
export default pipeline('visits', {
  on: [fileArrives('landing/visits/')],
  quality: [complete('country', { atLeast: 0.9 }), populated()],
  gate: { pass: 0.9, review: 0.1 },
  outputs: [visits.to(lake({ table: 'visits' }))],
});
`,
  'sales.csv': 'id,shop,amount\n1,Bern,10.5\n2,Basel,0\nx,Thun,3\n4,,5\n',
  'inbox/a.ndjson': '{"page":"/","country":"CH"}\n{"page":"/a","country":null}\n',
  'inbox/b.ndjson': '{"page":"/b","country":null}\n{"page":"/c","country":"DE"}\n',
});

let app: InProcessApp;

describe('the commands that talk to a platform', () => {
  let run: string;

  beforeAll(async () => {
    app = await startProject(project);
  });
  afterAll(async () => {
    await app.close();
    project.remove();
  });

  it('has no runs, tables and reviews at first, and says what to do', async () => {
    expect((await project.run('runs')).out).toContain('no runs yet: drop a file with `npx penstock put');
    expect(await project.json('runs')).toEqual([]);
    expect((await project.run('run', 'show', 'latest')).err).toContain('there is no run "latest"');
    expect((await project.run('query', 'SELECT * FROM sales')).err).toContain('no table was published');
    expect((await project.run('review', 'list')).out).toContain('no run waits for a decision');
  });

  it('put --json --wait follows the run of a file to its end', async () => {
    const { runs } = await project.json('put', 'sales.csv', 'sales', '--wait');
    expect(runs).toMatchObject([{ run: { pipeline: 'sales', state: 'Completed' } }]);
  });

  it('put --wait says of a file with the same content that it is passed over', async () => {
    const { code, out } = await project.run('put', 'sales.csv', 'sales', '--wait');
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('sales.csv is passed over: its content has been run before'),
    ]);
    const { files, runs } = await project.json('put', 'sales.csv', 'sales', '--wait');
    expect([files, runs]).toMatchObject([[{ passedOver: 'repeated' }], []]);
  });

  it('runs lists it', async () => {
    const [found] = await project.json('runs');
    run = found.run;
    expect(found).toMatchObject({
      pipeline: 'sales',
      state: 'Completed',
      totals: { rowsIn: 4, rejected: 2, filtered: 1 },
    });
    expect((await project.run('runs')).out).toMatch(new RegExp(`${run} +Completed .* 4 +2 +landing/sales/sales.csv`));
    expect((await project.run('runs', '--pipeline', 'salse')).out).toBe('no runs of "salse"; did you mean "sales"?\n');
    expect(await project.json('runs', '--pipeline', 'visits')).toEqual([]);
  });

  it('run show tells everything of it, by its id, the beginning of that, or "latest"', async () => {
    const details = await Promise.all([run, run.slice(0, 12), 'latest'].map((id) => project.json('run', 'show', id)));
    expect(details[1]).toEqual(details[0]);
    expect(details[2]).toEqual(details[0]);
    expect(details[0]).toMatchObject({
      run: { run, state: 'Completed' },
      ledger: [
        { stage: 'process', step: 'sales', in: 4, out: 2, rejected: 2, balanced: true },
        { step: 'sales.1-filter', in: 2, out: 1, filtered: 1, rules: { 'nothing sold': 1 }, balanced: true },
        { step: 'table.sales', in: 1, out: 1 },
      ],
      tables: [{ table: 'sales', version: 1, rows: 1, files: 1 }],
      work: [{ stage: 'process', chunks: 1 }],
      failures: [],
      report: { gate: 'pass', score: 1 },
    });
    const stages = details[0].times.map(({ stage }: { stage: string }) => stage);
    expect(stages).toEqual(['Initialize', 'Extract', 'Process', 'Assess', 'Publish', 'Commit']);
  });

  it('run show --page saves the report for people', async () => {
    expect((await project.run('run', 'show', run, '--page', 'report.html')).out).toContain('page     report.html');
    expect(readFileSync(join(project.folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*sales/i);
  });

  it('rejects says why rows were set aside, all of them or those of one rule', async () => {
    const found = await project.json('rejects', 'latest');
    expect(found).toMatchObject({
      run,
      rules: [
        { node: 'sales', rule: 'id is BIGINT', rows: 1 },
        { node: 'sales', rule: 'shop is present', rows: 1 },
      ],
      rows: [
        { file: 'landing/sales/sales.csv', row: '3', column: 'id', value: 'x' },
        { row: '4', column: 'shop', rule: 'shop is present' },
      ],
    });
    expect((await project.run('rejects', run)).out).toContain('record 3  id: "x" is not a BIGINT');
    expect((await project.run('rejects', run, '--limit', '1')).out).toContain('1 of 2 shown');
    expect((await project.json('rejects', run, '--rule', 'shop is present')).rows).toHaveLength(1);
    expect((await project.run('rejects', run, '--rule', 'shop is presnt')).err).toContain(
      'did you mean "shop is present"?',
    );
  });

  it('query answers one SELECT over the tables, and nothing else', async () => {
    expect(await project.json('query', 'SELECT * FROM sales')).toEqual({
      columns: [
        { name: 'id', type: 'BIGINT' },
        { name: 'shop', type: 'VARCHAR' },
        { name: 'amount', type: 'DOUBLE' },
      ],
      rows: [{ id: '1', shop: 'Bern', amount: 10.5 }],
    });
    expect((await project.run('query', 'SELECT 2026::INTEGER AS year FROM sales')).out).toBe(
      '  year\n  2026\n  1 row\n',
    );
    const alike = 'SELECT id, amount AS id, 3 AS id_1, shop AS id FROM sales';
    expect(await project.json('query', alike)).toMatchObject({
      columns: [{ name: 'id' }, { name: 'id_2', type: 'DOUBLE' }, { name: 'id_1' }, { name: 'id_3' }],
      rows: [{ id: '1', id_2: 10.5, id_1: 3, id_3: 'Bern' }],
    });
    expect((await project.run('query', alike)).out).toMatch(/^ {2}id +id_2 +id_1 +id_3\n +1 +10.5 +3 +Bern\n/);
    const wrong = async (sql: string) => (await project.run('query', sql)).err;
    expect(await wrong('SELECT * FROM sale')).toContain('did you mean "sales"?');
    expect(await wrong('SELECT amont FROM sales')).toMatch(/column "amont" not found[\s\S]*take one of .*"amount"/);
    expect(await wrong('SELECT 1; SELECT 2')).toContain('that is not one SELECT');
    expect(await wrong("COPY sales TO 'sales.csv'")).toContain('that is not one SELECT');
    expect(await wrong(`SELECT * FROM read_text('${join(project.folder, '.penstock', 'local.json')}')`)).toContain(
      'the query failed',
    );
  });

  it('put refuses what it cannot put', async () => {
    const refused = async (...args: string[]) => {
      const { code, err } = await project.run('put', ...args);
      return [code, err.split('\n')[0]];
    };
    expect(await refused('nothing.csv', 'sales')).toEqual([1, '✗ there is no such file']);
    expect(await refused('sales.csv', 'salse')).toEqual([1, '✗ there is no pipeline "salse" in pipelines/']);
    expect(await refused('inbox', 'visits', '--key', 'landing/visits/a')).toEqual([
      2,
      '✗ several files cannot have one key',
    ]);
    expect(await refused('sales.csv', 'sales', '--key', 'curated/sales/a')).toEqual([
      2,
      '✗ that is not a key for dropped files',
    ]);
  });

  it('put takes a folder; runs of middling quality wait, and say for whom', async () => {
    const { files, runs } = await project.json('put', 'inbox', 'visits', '--wait');
    expect(files.map(({ key }: { key: string }) => key)).toEqual([
      'landing/visits/a.ndjson',
      'landing/visits/b.ndjson',
    ]);
    expect(runs.map((one: any) => one.run.state)).toEqual(['AwaitingReview', 'AwaitingReview']);
    expect(JSON.stringify(runs)).not.toContain('taskToken');
    expect((await project.run('runs')).out).toContain('2 runs wait for a decision: npx penstock review list');
    expect((await project.run('run', 'show', 'latest')).out).toMatch(/review +waits for a decision until .* UTC/);
  });

  it('review shows what waits, and lets a person approve or reject it', async () => {
    const waiting = await project.json('review', 'list');
    expect(waiting.map(({ report }: any) => report.rules[0].broken)).toEqual([true, true]);
    const [second, first] = waiting.map((one: any) => one.run.run);
    expect((await project.run('review', 'list')).out).toContain(first);
    expect((await project.run('review', 'show', first)).out).toMatch(/✗ 1-complete +0\.5[\s\S]*review approve/);
    expect(await project.json('review', 'show', first)).toMatchObject({
      run: { run: first },
      report: { gate: 'review' },
    });
    expect((await project.run('review', 'release', first, '--rule', '2-populated')).err).toMatch(
      /"2-populated" judges all rows at once: no row breaks it[\s\S]*1-complete[\s\S]*--table/,
    );
    const approved = await project.run('review', 'approve', first, '--by', 'Ada', '--wait');
    const rejected = await project.run('review', 'reject', second, '--by', 'Ada', '--wait', '--json');
    expect(approved).toMatchObject({ code: 0, err: '' });
    expect(approved.out).toMatch(/approved by Ada[\s\S]*Completed/);
    expect(JSON.parse(rejected.out)).toEqual({
      run: second,
      pipeline: 'visits',
      decision: 'reject',
      by: 'Ada',
      state: 'Failed',
    });
    expect(rejected.code).toBe(0);
    expect((await project.run('run', 'show', first)).out).toContain('review   approved by Ada');
    const failed = await project.run('run', 'show', second);
    expect(failed.out).toMatch(/failed in "Await review" with ReviewRejectedError/);
    expect((await project.run('review', 'approve', first)).err).toMatch(
      /that run does not wait[\s\S]*which is Completed/,
    );
    expect(await project.json('rejects', second)).toEqual({ run: second, rules: [], rows: [], replays: [] });
    expect((await project.run('review', 'approve', 'latest')).err).toContain('no run waits for a decision');
  });

  it('rejects export takes them out, and rejects replay runs once more what was corrected', async () => {
    expect((await project.run('rejects', 'export', run, 'rejects.xlsx')).err).toContain('ending of the file');
    const nowhere = await project.run('rejects', 'export', run, 'no-folder/rejects.csv');
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('a file in a folder that exists') });
    for (const words of [
      ['export', run, 'rejects.csv'],
      ['replay', run],
    ])
      expect((await project.run('rejects', ...words, '--rule', 'shop is presnt')).err).toContain(
        'did you mean "shop is present"?',
      );
    expect((await project.run('rejects', 'export', run, 'all.csv', '--neutralise-formulas')).out).toBe(
      `2 rejects of ${run} → all.csv\n`,
    );
    expect(await project.json('rejects', 'export', run, 'rejects.ndjson', '--column', 'id')).toMatchObject({ rows: 1 });
    const file = join(project.folder, 'rejects.ndjson');
    const exported = JSON.parse(readFileSync(file, 'utf8'));
    expect(exported).toMatchObject({ row: 3, raw: '{"id":"x","shop":"Thun","amount":"3"}', tables: '["sales"]' });
    writeFileSync(file, JSON.stringify({ ...exported, raw: exported.raw.replace('"x"', '33') }));
    const { code, out } = await project.run(
      'rejects',
      'replay',
      run,
      '--file',
      'rejects.ndjson',
      '--wait',
      '--by',
      'Ada',
    );
    expect(out).toMatch(/^1 reject on the way to sales: sales-\S+\nsales +Completed in .* 1 row, 0 rejects\n$/);
    expect(code).toBe(0);
    const [noted] = await project.json('audit', '--action', 'replay');
    expect(noted).toMatchObject({ by: 'Ada', pipeline: 'sales', run, detail: { tables: ['sales'], rows: 1 } });
    const again = await project.run('rejects', 'replay', run, '--column', 'id');
    expect(again.out).toContain('nothing to replay');
    expect(again.out).toContain('1 reject replayed before');
    expect((await project.run('run', 'show', run)).out).toMatch(/replayed 1 row in sales-/);
    expect((await project.json('query', 'SELECT id FROM sales ORDER BY id')).rows).toEqual([{ id: '1' }, { id: '33' }]);
  });

  it('compact merges the small files of a table, and leaves its rows', async () => {
    expect(await project.json('compact', 'sales', '--by', 'Ada')).toMatchObject({
      table: 'sales',
      version: 3,
      before: { files: 2, rows: 2 },
      after: { files: 1, rows: 2 },
    });
    expect((await project.json('query', 'SELECT id FROM sales ORDER BY id')).rows).toEqual([{ id: '1' }, { id: '33' }]);
    expect((await project.run('compact', 'sales')).out).toContain('sales stays as it is: 1 file');
    const noted = await project.json('audit', '--action', 'compact');
    expect(noted).toMatchObject([
      { by: 'Ada', pipeline: 'sales', detail: { table: 'sales', version: 3, from: 2, to: 1 } },
    ]);
    expect((await project.run('compact', 'sale')).err).toContain('did you mean "sales"?');
    expect((await project.run('compact', 'exports/sales')).err).toContain('an export belongs to its readers');
  });

  const ids = async (...options: string[]) =>
    (await project.json('query', 'SELECT id FROM sales ORDER BY id', ...options)).rows.map(({ id }: any) => id);

  it('table log lists the states of a table; query --at reads any of them', async () => {
    const log = await project.json('table', 'log', 'sales');
    expect(
      log.map(({ version, operation, rows, addedRows, removedRows, current }: any) => [
        version,
        operation,
        rows,
        addedRows,
        removedRows,
        current,
      ]),
    ).toEqual([
      [3, 'replace', 2, 2, 2, true],
      [2, 'append', 2, 1, 0, false],
      [1, 'append', 1, 1, 0, false],
    ]);
    expect(log.map((one: any) => one.run)).toEqual([undefined, expect.stringMatching(/^sales-/), run]);
    expect((await project.run('table', 'log', 'sales')).out).toMatch(/3 \* +\S+ \S+ +replace/);
    expect(await ids('--at', '1')).toEqual(['1']);
    expect(await ids('--at', '2')).toEqual(['1', '33']);
    expect((await project.run('table', 'log', 'sale')).err).toContain('there is no such table');
    const wrong = (await project.run('query', 'SELECT id FROM sales', '--at', '7')).err;
    expect(wrong).toMatch(/✗[\s\S]*7[\s\S]*/);
  });

  it('table rollback lets readers see an earlier state, and a later one again', async () => {
    expect(await project.json('table', 'rollback', 'sales', '--to', '1', '--by', 'Ada')).toEqual({
      table: 'sales',
      from: 3,
      to: 1,
      rows: 1,
    });
    expect(await ids()).toEqual(['1']);
    expect((await project.run('table', 'rollback', 'sales', '--to', '1')).out).toContain('sales stays at version 1');
    expect((await project.run('table', 'rollback', 'sales', '--to', '3')).out).toContain(
      'sales is at version 3 again (2 rows)',
    );
    expect(await ids()).toEqual(['1', '33']);
    const { out } = await project.run('audit', '--action', 'rollback');
    expect(out).toMatch(/Ada +rollback +sales +table sales, from 3, to 1, outcome done/);
    expect(out).toMatch(/Ada +rollback +sales +table sales, version 1, outcome begun/);
    expect(out.match(/rollback/g)).toHaveLength(4);
    expect((await project.run('table', 'rollback', 'sale', '--to', '1')).err).toMatch(
      /allowed +sales[\s\S]*did you mean "sales"/,
    );
    expect((await project.run('audit', '--action', 'acknowledge')).out).toContain('no such entries');
    const { code, err } = await project.run('table', 'rollback', 'sales', '--to', '9');
    expect(code).toBe(1);
    expect(err).toContain('9');
    expect((await project.run('table', 'rollback', 'sales', '--to', 'soon')).code).toBe(2);
  });

  it('table expire forgets states; a rollback to one of them is refused, and nothing changes', async () => {
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(await project.json('table', 'expire', 'sales')).toMatchObject({ versions: [], files: 0 });
    const gone = await project.json('table', 'expire', 'sales', '--older-than', later);
    expect(gone).toMatchObject({ table: 'sales', versions: [1, 2], kept: [3] });
    const [noted] = await project.json('audit', '--limit', '1');
    expect(noted).toMatchObject({ action: 'expire', pipeline: 'sales', detail: { table: 'sales', versions: [1, 2] } });
    const before = await project.json('table', 'log', 'sales');
    const { code, err } = await project.run('table', 'rollback', 'sales', '--to', '1');
    expect([code, err]).toEqual([1, expect.stringMatching(/^✗ [\s\S]*received[\s\S]*allowed/)]);
    expect(await project.json('table', 'log', 'sales')).toEqual(before);
    expect(await ids()).toEqual(['1', '33']);
  });

  it('table orphans finds nothing where every file is named by a state', async () => {
    expect(await project.json('table', 'orphans', 'sales')).toEqual({
      table: 'sales',
      files: [],
      bytes: 0,
      removed: false,
    });
    expect((await project.run('table', 'orphans', 'sales', '--older-than', '1h')).code).not.toBe(0);
  });

  it('put --wait says of a file of a paused pipeline what it waits for', async () => {
    await project.run('pipeline', 'pause', 'visits');
    project.write('late.ndjson', '{"page":"/late","country":"CH"}\n');
    const { code, out } = await project.run('put', 'late.ndjson', 'visits', '--wait');
    expect([code, out]).toEqual([
      0,
      expect.stringContaining('late.ndjson waits until visits is resumed: npx penstock pipeline resume visits'),
    ]);
    const { files } = await project.json('put', 'late.ndjson', 'visits', '--wait');
    expect(files).toMatchObject([{ paused: true }]);
  });
});
