import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Session } from '../../lib/engine/session.ts';
import { openEachDatabase } from '../fixtures/engine/kept-databases.ts';
import { scratch, scratchFile } from '../fixtures/engine/scratch.ts';

openEachDatabase();

async function inSession<T>(work: (session: Session, folder: string) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const folder = scratch();
  const session = await Session.open({ folders: [folder], memoryMegabytes: 512, threads: 2, signal });
  try {
    return await work(session, folder);
  } finally {
    session.close();
  }
}

describe('a session reaches nothing but its own folders', () => {
  test('it reads and writes there', async () => {
    await inSession(async (session, folder) => {
      const path = join(folder, "it's.parquet");
      await session.run(`COPY (SELECT 1 AS a) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
      expect(await session.counts(`SELECT a FROM '${path.replaceAll("'", "''")}'`)).toEqual([1]);
    });
  });

  const secret = scratchFile('secret.csv', 'a\n1\n');
  test.each([
    ['another file', () => `SELECT * FROM read_csv('${secret}')`],
    ['a file by its name alone', () => `FROM '${secret}'`],
    ['a file as text', () => `SELECT * FROM read_text('/etc/passwd')`],
    ['a list of files', () => `SELECT * FROM glob('/etc/*')`],
    [
      'a way out of the folder',
      (folder: string) => `SELECT * FROM read_csv('${folder}/../${secret.split('/').slice(-2).join('/')}')`,
    ],
    ['a file elsewhere, to write it', () => `COPY (SELECT 1) TO '${secret}.out'`],
    ['another database', () => `ATTACH '${secret}.db'`],
    ['the network', () => `SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')`],
    ['an extension', () => 'LOAD httpfs'],
    ['an extension to install', () => 'INSTALL excel'],
    ['a setting', () => "SET memory_limit = '100GB'"],
    ['the lock itself', () => 'SET enable_external_access = true'],
    ['the folders themselves', () => "SET allowed_directories = ['/']"],
    ['a setting through a pragma', () => 'PRAGMA threads = 64'],
  ])('not %s', async (_, sql) => {
    await inSession(async (session, folder) => {
      await expect(session.run(sql(folder))).rejects.toThrow(/Permission|locked|cannot|Cannot|disabled|not found/);
    });
  });
});

describe('a signal stops a session', () => {
  const endless = 'SELECT count(*) FROM range(100000000000) a, range(1000) b';

  test('in the middle of a query, within a moment', async () => {
    const controller = new AbortController();
    await inSession(async (session) => {
      const running = session.run(endless);
      setTimeout(() => controller.abort(), 30);
      const start = performance.now();
      await expect(running).rejects.toThrow();
      expect(performance.now() - start).toBeLessThan(1000);
    }, controller.signal);
  });

  test('in the middle of counting, too', async () => {
    const controller = new AbortController();
    await inSession(async (session) => {
      const running = session.counting.run(`CREATE TABLE counted AS ${endless}`);
      setTimeout(() => controller.abort(), 30);
      await expect(running).rejects.toThrow();
    }, controller.signal);
  });

  test('at the very start of a query, when an interrupt alone would be forgotten', async () => {
    const controller = new AbortController();
    await inSession(async (session) => {
      const running = session.run(endless);
      controller.abort();
      await expect(running).rejects.toThrow();
    }, controller.signal);
  });

  test('before the next query', async () => {
    const controller = new AbortController();
    await inSession(async (session) => {
      controller.abort();
      await expect(session.run('SELECT 1')).rejects.toMatchObject({ name: 'AbortError' });
    }, controller.signal);
  });
});

test.each([
  [true, 'LEFT'],
  [false, 'RIGHT'],
])(
  'where joins have their small side second (%s) it is kept in memory whatever DuckDB guesses',
  async (joinsSmall, type) => {
    const session = await Session.open({ folders: [], memoryMegabytes: 512, threads: 2, joinsSmall });
    try {
      await session.run('CREATE TABLE orders AS SELECT range AS id, range % 7 AS product FROM range(20000)');
      await session.run('CREATE TABLE products AS SELECT range AS product FROM range(10000)');
      const half = '(FROM orders ANTI JOIN few USING (id) WHERE hash(id) % 2 = 0)';
      await session.run('CREATE TABLE few AS SELECT range AS id FROM range(3)');
      const [plan] = await session.rows(`EXPLAIN SELECT * FROM ${half} LEFT JOIN products USING (product)`);
      expect(/Join Type:\s*(\w+)/.exec(plan!.explain_value)?.[1]).toBe(type);
    } finally {
      session.close();
    }
  },
);

test('integers beyond 32 bits come as text, exactly', async () => {
  await inSession(async (session) => {
    expect(await session.rows('SELECT 9007199254740993 AS a, 1.10::DECIMAL(5,2) AS b, NULL AS c')).toEqual([
      { a: '9007199254740993', b: '1.10', c: null },
    ]);
  });
});

describe('counting', () => {
  const bits = "SELECT current_setting('perfect_ht_threshold')::BIGINT AS bits";

  test.each([
    [512, 2, 19],
    [1769, 2, 21],
  ])(
    'takes places for integers of a range, as many as there is room for in %d MB',
    async (megabytes, threads, most) => {
      const session = await Session.open({ folders: [], memoryMegabytes: megabytes, threads });
      try {
        await session.counting.run(`CREATE TABLE counting AS ${bits}`);
        expect(await session.counts('FROM counting')).toEqual([most]);
        const [usual] = await session.counts(bits);
        expect(usual).toBeLessThan(most);
      } finally {
        session.close();
      }
    },
  );

  test('knows the variables of the session', async () => {
    await inSession(async (session) => {
      await session.setVariable('least', { type: 'BIGINT', text: '7' });
      await session.counting.run("CREATE TABLE counted AS SELECT getvariable('least') AS least");
      expect(await session.counts('FROM counted')).toEqual([7]);
    });
  });
});

test('every connection tells the time in UTC, wherever the machine is', () => {
  // DuckDB asks for the zone once, when a process loads it.
  const script = `
    import { Session } from './lib/engine/session.ts';
    const session = await Session.open({ folders: [], memoryMegabytes: 512, threads: 1 });
    const reader = await (await session.connect()).runAndReadAll("SELECT current_setting('TimeZone') AS zone");
    console.log(reader.getRowObjectsJson()[0].zone);
    session.close();`;
  const options = { env: { ...process.env, TZ: 'Europe/Berlin' }, encoding: 'utf8' } as const;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], options)).toBe('UTC\n');
});
