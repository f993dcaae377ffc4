import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Outcomes } from './outcomes.ts';
import { rememberedDuckdb } from './remembered-duckdb.ts';

let folder = '';
let made: string[] = [];
let opened = 0;

/** Answers how many statements it was asked before; `COPY` writes that down. */
class Stub {
  static async create() {
    opened++;
    return new Stub();
  }
  async connect() {
    const ask = async (sql: string) => {
      if (sql === 'fail') throw new Error('failed');
      const [, read] = /FROM '([^']+)'/.exec(sql) ?? [];
      if (read?.endsWith('in.csv') && !existsSync(read)) throw new Error(`no file ${read}`);
      const [, path] = /TO '([^']+)'/.exec(sql) ?? [];
      if (path) writeFileSync(path, `${made.length}`);
      const rows = [{ before: made.push(sql) - 1, path }];
      return { getRowObjectsJson: () => rows };
    };
    return { run: ask, runAndReadAll: ask, interrupt() {}, closeSync() {} };
  }
  closeSync() {}
}

const stub = { DuckDBInstance: Stub } as never;
const driver = rememberedDuckdb(stub);
let version = 0;

/** Asks all in a session whose folder has a name of its own. */
async function session(statements: readonly string[], of = driver) {
  folder = mkdtempSync(join(tmpdir(), 'penstock-remembered-'));
  const instance = await of.DuckDBInstance.create(':memory:', { version: `${version}` });
  const connection = await instance.connect();
  await connection.run(`SET allowed_directories = ['${folder}/work', '${folder}'];`);
  const answers: unknown[] = [];
  for (const statement of statements) {
    if (statement.startsWith('write ')) writeFileSync(join(folder, 'in.csv'), statement.slice(6));
    else if (statement === 'remove') rmSync(join(folder, 'in.csv'));
    else answers.push((await connection.runAndReadAll(statement.replaceAll('DIR', folder))).getRowObjectsJson());
  }
  return { answers, instance, connection, folder };
}

const folders: string[] = [];
beforeEach(() => {
  made = [];
  opened = 0;
  version++;
});
afterEach(() => {
  for (const one of [...folders, folder]) rmSync(one, { recursive: true, force: true });
});

test('the same statements over the same files give and write what they did before, and nothing is opened', async () => {
  const work = ['write a', "SELECT * FROM 'DIR/in.csv'", "COPY t TO 'DIR/out.parquet'"];
  const first = await session(work);
  folders.push(first.folder);
  const second = await session(work);
  expect(opened).toBe(1);
  const named = (path: string) => [[{ before: 1 }], [{ before: 2, path }]];
  expect(first.answers).toEqual(named(join(first.folder, 'out.parquet')));
  expect(second.answers).toEqual(named(join(second.folder, 'out.parquet')));
  expect(readFileSync(join(second.folder, 'out.parquet'), 'utf8')).toBe('2');
});

test('what one process has asked, another one that shares its folder knows', async () => {
  const shared = mkdtempSync(join(tmpdir(), 'penstock-outcomes-'));
  folders.push(shared);
  const processOf = (most: number) => {
    const outcomes = new Outcomes({ mostShared: most });
    outcomes.share(shared);
    return rememberedDuckdb(stub, outcomes);
  };
  const work = ['write a', "SELECT * FROM 'DIR/in.csv'", "COPY t TO 'DIR/out.parquet'", 'SELECT 3'];
  const first = await session(work, processOf(3));
  folders.push(first.folder);
  const second = await session(work.slice(0, -1), processOf(3));
  folders.push(second.folder);
  expect(opened).toBe(1);
  const named = (path: string) => [[{ before: 1 }], [{ before: 2, path }]];
  expect(second.answers).toEqual(named(join(second.folder, 'out.parquet')));
  expect(readFileSync(join(second.folder, 'out.parquet'), 'utf8')).toBe('2');
  // The fourth statement was one too many.
  await session(work, processOf(3));
  expect(opened).toBe(2);
});

test('where there is no room for all that is known, what was asked for longest ago is forgotten', () => {
  const outcomes = new Outcomes({ mostKnown: 2 });
  const outcome = { rows: '[]', written: [] };
  outcomes.keep('often', outcome);
  outcomes.keep('once', outcome);
  outcomes.get('often');
  outcomes.keep('new', outcome);
  expect(['often', 'once', 'new'].filter((key) => outcomes.get(key))).toEqual(['often', 'new']);
});

test.each([
  ['a file has another content', ['write b', "SELECT * FROM 'DIR/in.csv'", 'SELECT 2']],
  [
    'a file that was named before has another content by now',
    ['write a', "SELECT * FROM 'DIR/in.csv'", 'write b', 'SELECT 2'],
  ],
  ['a statement before it was another one', ['write a', "SELECT 1 FROM 'DIR/in.csv'", 'SELECT 2']],
])('the last statement is asked anew where %s, and those before it in their order', async (_why, work) => {
  folders.push((await session(['write a', "SELECT * FROM 'DIR/in.csv'", 'SELECT 2'])).folder);
  made = [];
  await session(work);
  expect(made).toHaveLength(3);
  expect(made.at(-1)).toBe('SELECT 2');
});

test('statements before it are made though their files are gone by then, as long as they take', async () => {
  const work = ['write a', "SELECT * FROM 'DIR/in.csv'", 'remove'];
  folders.push((await session([...work, 'SELECT 2'])).folder);
  const { folder: own } = await session([...work, 'SELECT 3']);
  expect(made.at(-1)).toBe('SELECT 3');
  expect(existsSync(join(own, 'in.csv'))).toBe(false);
});

test('what is the same in each session is asked once, and changes nothing of what others have asked before', async () => {
  const work = ['write a', "SELECT * FROM 'DIR/in.csv'", 'SELECT 2'];
  const asides = [
    "SELECT json_serialize_sql('SELECT ''a''') AS answer",
    "SELECT function_name AS name FROM duckdb_functions() WHERE internal AND function_type IN ('aggregate')",
  ];
  const [write, read, last] = work as [string, string, string];
  folders.push((await session([write, asides[0]!, read, asides[1]!, last])).folder);
  expect(made).toHaveLength(5);
  const answers = [{ before: 1 }, { before: 2 }, { before: 3 }, { before: 4 }].map((row) => [row]);
  const second = await session([write, read, ...asides, last]);
  expect(second.answers).toMatchObject([answers[1], answers[0], answers[2], answers[3]]);
  folders.push(second.folder);
  expect((await session(work)).answers).toMatchObject([answers[1], answers[3]]);
  expect([opened, made.length]).toEqual([1, 5]);
});

test('what cannot be opened is told to who asks, and to nobody else', async () => {
  const work = ['write a', "SELECT * FROM 'DIR/in.csv'"];
  folders.push((await session(work)).folder);
  const { instance, connection, folder: own } = await session(work);
  rmSync(own, { recursive: true });
  await expect(connection.run('SELECT 3')).rejects.toThrow(/in\.csv/);
  instance.closeSync();
  await new Promise(setImmediate);
});

test('files are named by patterns or with quotes: nobody can tell their content, and all is asked anew', async () => {
  for (const path of ['DIR/*.csv', "DIR/it''s.csv"]) {
    const work = [`SELECT * FROM '${path}'`];
    folders.push((await session(work)).folder);
    made = [];
    folders.push((await session(work)).folder);
    expect(made).toHaveLength(2);
  }
});

test('what a session asks after a failure is not remembered', async () => {
  const failing = async () => {
    const { connection, folder: own } = await session([]);
    folders.push(own);
    await expect(connection.run('fail')).rejects.toThrow('failed');
    await connection.run('SELECT 3');
  };
  await failing();
  await failing();
  expect(made.filter((sql) => sql === 'SELECT 3')).toHaveLength(2);
});

/** Asks each statement on the connection that is named before it. */
async function onConnections(statements: readonly (readonly [on: 0 | 1, statement: string])[]) {
  const instance = await driver.DuckDBInstance.create(':memory:', { version: `${version}` });
  const connections = [await instance.connect(), await instance.connect()];
  const answers: unknown[] = [];
  for (const [on, statement] of statements)
    answers.push((await connections[on]!.runAndReadAll(statement)).getRowObjectsJson());
  return { answers, connections };
}

test('what two connections of a session ask in turn is known the next time; which of them asks it counts', async () => {
  const first = await onConnections([
    [0, 'a'],
    [1, 'b'],
    [0, 'c'],
  ]);
  const again = await onConnections([
    [0, 'a'],
    [1, 'b'],
    [0, 'c'],
  ]);
  expect([again.answers, opened, made]).toEqual([first.answers, 1, ['a', 'b', 'c']]);
  await onConnections([
    [0, 'a'],
    [0, 'b'],
  ]);
  expect([opened, made.slice(3)]).toEqual([2, ['a', 'b']]);
});

test('where two connections ask at once, nothing is known from then on', async () => {
  for (const time of [1, 2]) {
    const { connections } = await onConnections([]);
    await Promise.all(connections.map((connection, at) => connection.runAndReadAll(`at once ${at}`)));
    await connections[0]!.runAndReadAll('later');
    expect(made.filter((one) => one === 'later')).toHaveLength(time);
  }
});
