import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  complete,
  contract,
  cron,
  derive,
  enrich,
  event,
  every,
  fileArrives,
  filter,
  from,
  lake,
  pipeline,
  s3,
  select,
  table,
} from '../../lib/index.ts';

const schema = z.object({ a: z.int(), b: z.string() });
const things = from(s3({ prefix: 'landing/things/', format: 'csv' }), schema);
const out = things.to(lake({ table: 'things' }));

/** The problems of a pipeline that cannot be made. */
function problems(options: unknown, name = 'things'): any[] {
  try {
    pipeline(name, options as never);
  } catch (error) {
    return (error as any).problems;
  }
  return [];
}

describe('a definition', () => {
  const made = pipeline('things', {
    on: [fileArrives('landing/things/'), every('1 day')],
    quality: [complete('a')],
    outputs: [things.pipe(filter('a > 1'), select('a')).to(lake({ table: 'few' })), out],
  });

  test('holds the graph, inputs before what reads them, under ids that stay', () => {
    expect(made.nodes.map(({ id }) => id)).toEqual([
      'things',
      'things.1-filter',
      'things.2-select',
      'table.few',
      'table.things',
    ]);
  });

  test('fills in what was not said', () => {
    expect(made).toMatchObject({
      gate: { pass: 1, reviewSeconds: 259_200 },
      resources: { workerMemoryMegabytes: 3008, chunkBytes: 67_108_864, partitions: 256 },
    });
  });

  test('is frozen, all through', () => {
    const { connector: _c, contract: _k, ...source } = made.nodes[0] as any;
    const parts = [
      made,
      made.nodes,
      source.options,
      made.nodes[1],
      made.gate,
      made.resources,
      made.on,
      made.on[0]!.trigger,
      made.quality,
    ];
    expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
    expect(() => Object.assign(made.nodes[1]!.options, { condition: 'true' })).toThrow(TypeError);
  });

  test('remembers where each part was written', () => {
    for (const { at } of made.nodes) expect(at).toMatch(/^test\/definition\/pipeline\.test\.ts:\d+:\d+$/);
    expect(made.at).toMatch(/^test\/definition\/pipeline\.test\.ts:\d+:\d+$/);
  });

  test('does not change when a dataset that it holds is piped on', () => {
    things.pipe(filter('a > 99'));
    expect(made.nodes).toHaveLength(5);
    expect(Object.isFrozen(things)).toBe(true);
  });

  test('holds a dataset that is used twice only once', () => {
    const shared = things.pipe(filter('a > 1'));
    const twice = pipeline('twice', {
      outputs: [shared.pipe(select('a')).to(lake({ table: 'x' })), shared.pipe(select('b')).to(lake({ table: 'y' }))],
    });
    expect(twice.nodes.map(({ id }) => id)).toEqual([
      'things',
      'things.1-filter',
      'things.2-select',
      'table.x',
      'things.2-select-2',
      'table.y',
    ]);
  });

  test('tells two sources of the same folder name apart', () => {
    const other = from(s3({ prefix: 'reference/things/', format: 'csv' }), schema);
    const two = pipeline('two', { outputs: [out, other.to(lake({ table: 'others' }))] });
    expect(two.nodes.map(({ id }) => id)).toEqual(['things', 'table.things', 'things-2', 'table.others']);
  });

  test.each([
    ['landing/Süd West+/', 'Su-d-West'],
    ['landing/a.b.c/', 'a'],
    ['landing/日本/', 'source'],
    [`landing/${'x'.repeat(100)}/`, 'x'.repeat(63)],
  ])('names the source of %s so that the name can be part of a key', (prefix, id) => {
    const source = from(s3({ prefix, format: 'csv' }), schema);
    expect(pipeline('named', { outputs: [source.to(lake({ table: 'x' }))] }).nodes[0]!.id).toBe(id);
  });

  test('takes the name of the contract for the source', () => {
    const named = from(s3({ prefix: 'landing/x/', format: 'csv' }), contract(schema, { name: 'orders' }));
    expect(pipeline('named', { outputs: [named.to(lake({ table: 'x' }))] }).nodes[0]!.id).toBe('orders');
  });
});

describe('what is wrong is said at once, with the place, what was received, what is allowed and what to change', () => {
  test('all of it', () => {
    const source = from(s3({ prefix: 'landing/things/', format: 'xml' as 'csv' }), schema);
    const found = problems(
      {
        on: [fileArrives('things/'), every('1 days')],
        gate: { pass: 0.5, review: 0.9 },
        outputs: [source.pipe(filter(7 as never)).to(lake({ table: 'No Table' }))],
      },
      'Bad Name',
    );
    expect(found.map(({ part }) => part)).toEqual([
      'name',
      'on / fileArrives',
      'on / schedule',
      'gate / review',
      'source s3 / format',
      'source / filter / condition',
      'output lake / table',
    ]);
    for (const problem of found) {
      expect(problem.problem).not.toBe('');
      expect(problem.change).not.toBe('');
      expect(problem.allowed ?? problem.problem).toBeTruthy();
      expect(problem.at).toMatch(/^test\/definition\/pipeline\.test\.ts:\d+:\d+$/);
    }
  });

  test('the error names the first, counts the others, and tells where', () => {
    expect(() => pipeline('x y', { outputs: [] })).toThrow(
      /pipeline "x y": name: .* \(and 1 more\) \(test\/definition\/pipeline\.test\.ts:/,
    );
  });

  test('the place is that of the call, not of the pipeline', () => {
    const line = Number(new Error().stack!.split('\n')[1]!.match(/:(\d+):\d+\)?$/)![1]);
    const wrong = things.pipe(derive({ c: 7 as never }));
    const [problem] = problems({ outputs: [wrong.to(lake({ table: 'x' }))] });
    expect(Number(problem.at.split(':')[1])).toBe(line + 1);
  });
});

describe('refuses', () => {
  test.each<[string, unknown, object]>([
    [
      'an unknown option, guessing the right one',
      { output: [out] },
      { problem: 'there is no option "output"', change: 'did you mean "outputs"?' },
    ],
    ['an unknown option of the gate', { outputs: [out], gate: { pas: 1 } }, { part: 'pipeline / gate' }],
    [
      'an unknown resource',
      { outputs: [out], resources: { memory: 1 } },
      { part: 'pipeline / resources', received: 'memory' },
    ],
    [
      'too little memory',
      { outputs: [out], resources: { workerMemoryMegabytes: 1 } },
      { part: 'pipeline / resources / workerMemoryMegabytes', received: 1 },
    ],
    ['a share above 1', { outputs: [out], gate: { pass: 2 } }, { part: 'pipeline / gate / pass', received: 2 }],
    [
      'a review that outlasts what it would publish',
      { outputs: [out], gate: { reviewSeconds: 1_209_601 } },
      { part: 'pipeline / gate / reviewSeconds', received: 1_209_601, allowed: expect.stringContaining('1209600') },
    ],
    ['no output', { outputs: [] }, { problem: 'outputs has too few elements', allowed: 'at least 1 element' }],
    ['no options', undefined, { part: 'pipeline' }],
    [
      'a dataset without a sink',
      { outputs: [things] },
      { problem: 'outputs.0 is not an output', allowed: expect.stringContaining('bound to a sink') },
    ],
    [
      'a rule that is none',
      { outputs: [out], quality: ['complete'] },
      { problem: expect.stringContaining('is not a quality rule') },
    ],
    [
      'a trigger that is none',
      { outputs: [out], on: ['1 day'] },
      { problem: expect.stringContaining('is not a trigger') },
    ],
    [
      'one table twice',
      { outputs: [out, things.to(lake({ table: 'things' }))] },
      { problem: 'two outputs write the same table', received: 'things' },
    ],
    [
      'a source as a sink',
      { outputs: [things.to(table({ table: 'x' }) as never)] },
      { problem: '"table" cannot be written' },
    ],
    [
      'a sink as a source',
      { outputs: [from(lake({ table: 'x' }) as never, schema).to(lake({ table: 'y' }))] },
      { problem: '"lake" cannot be read' },
    ],
    [
      'an unknown contract option',
      {
        outputs: [
          from(s3({ key: 'landing/x.csv' }), contract(schema, { unknown: 'ignore' } as never)).to(lake({ table: 'x' })),
        ],
      },
      { part: 'source s3 / contract', received: 'unknown' },
    ],
    [
      'a contract name that is none',
      { outputs: [from(s3({ key: 'landing/x.csv' }), contract(schema, { name: 'a/b' })).to(lake({ table: 'x' }))] },
      { part: 'source s3 / contract / name' },
    ],
    [
      'a second input that is none',
      { outputs: [things.pipe(enrich({ with: 7, on: 'a = b', take: ['a'] })).to(lake({ table: 'x' }))] },
      { problem: 'the second input is not a dataset' },
    ],
  ])('%s', (_, options, expected) => {
    expect(problems(options)).toContainEqual(expect.objectContaining(expected));
  });

  test.each(['', 'a', 'A', 'a_b', '-a', 'a-', 'ä', 'a b', `a${'b'.repeat(40)}`, '../a', 'things-escalate'])(
    'the name %j',
    (name) => {
      expect(problems({ outputs: [out] }, name)).toMatchObject([{ part: 'name', received: name }]);
    },
  );
});

describe('triggers', () => {
  const accepted = (trigger: unknown) => problems({ outputs: [out], on: [trigger] }).length === 0;

  test.each(['1 minute', '5 minutes', '1 hour', '12 hours', '1 day', '30 days'])('every %s', (interval) => {
    expect(accepted(every(interval))).toBe(true);
  });

  test.each(['1 minutes', '2 minute', '0 minutes', 'day', '1 week', '-1 days', '1.5 hours', '1 day)'])(
    'not every %s',
    (interval) => {
      expect(accepted(every(interval))).toBe(false);
    },
  );

  test.each(['0 6 * * ? *', '15 12 ? * MON-FRI *'])('cron %s', (expression) => {
    expect(accepted(cron(expression))).toBe(true);
  });

  test.each(['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC'])('cron in %s', (zone) => {
    expect(accepted(cron('0 6 * * ? *', { zone }))).toBe(true);
  });

  test('times that were missed are caught up with as it is said', () => {
    const planned = (catchUp?: 'all' | 'latest' | 'none') => (every('1 day', { catchUp }).trigger as any).catchUp;
    expect([planned(), planned('latest'), planned('all'), planned('none')]).toEqual([
      undefined,
      undefined,
      'all',
      'none',
    ]);
    expect(problems({ outputs: [out], on: [cron('0 6 * * ? *', { catchUp: 'some' as never })] })).toMatchObject([
      { part: 'on / cron / catchUp', received: 'some' },
    ]);
  });

  test.each(['Berlin', 'Europe/Atlantis', '+02:00', ''])('not cron in %j', (zone) => {
    expect(accepted(cron('0 6 * * ? *', { zone }))).toBe(false);
  });

  test.each(['0 6 31 2 ? *', '0 6 30,31 FEB ? *', '0 6 29 2 ? 2027', '0 6 * * ? 2025', '0 6 31W 4,6,9,11 ? *'])(
    'not cron %s, which never fires',
    (expression) => expect(accepted(cron(expression))).toBe(false),
  );

  test('a parameter of a type that is none is told the types', () => {
    expect(problems({ outputs: [out], parameters: { from: 'dat' as never } })).toMatchObject([
      { part: 'pipeline / parameters / from', received: 'dat', allowed: expect.arrayContaining(['timestamp']) },
    ]);
  });

  test('a cron that never fires is refused with what fires, and what to change', () => {
    expect(problems({ outputs: [out], on: [cron('0 6 31 2 ? *')] })).toMatchObject([
      {
        at: expect.stringContaining('pipeline.test.ts'),
        problem: 'this cron expression never fires: no such day comes',
        received: expect.stringContaining('0 6 31 2 ? *'),
        allowed: expect.anything(),
        change: expect.anything(),
      },
    ]);
  });

  test.each([
    ['30 2 28 3 ? 2027', false],
    ['30 2 ? 3 1L *', false],
    ['30 2 ? 10 1L *', true],
    ['30 2-3 28 3 ? 2027', true],
  ])('cron %s where clocks skip an hour in spring: %s', (expression, fires) => {
    expect(accepted(cron(expression, { zone: 'Europe/Berlin' }))).toBe(fires);
  });

  test.each(['0 6 29 2 ? *', '0 6 L 2 ? *', '0 6 28-31 2 ? *', '0 6 ? 2 SUN#5 *', '0/15 8-18 ? * MON-FRI 2025-2030'])(
    'cron %s, which fires now and then',
    (expression) => expect(accepted(cron(expression))).toBe(true),
  );

  test.each(['60 6 * * ? *', '0 6 32 * ? *', '0 6 ? * FUN *'])(
    'not cron %s, with a value out of range',
    (expression) => {
      expect(accepted(cron(expression))).toBe(false);
    },
  );

  test.each(['0 6 * * ?', '* * * * *', '', '0 6 * * ? * *'])('not cron %j', (expression) => {
    expect(accepted(cron(expression))).toBe(false);
  });

  test.each(['landing/', 'landing//', 'curated/x/', 'landing/x', '/landing/x/'])('not files below %s', (prefix) => {
    expect(accepted(fileArrives(prefix))).toBe(false);
  });

  const files = (options: object) => fileArrives('landing/x/', options);

  test.each([
    { window: '5 minutes', atMost: 100 },
    { window: '1 day' },
    { complete: { marker: '_SUCCESS' } },
    { complete: { count: 24 }, reupload: 'run' },
    { complete: { marker: '_SUCCESS' }, reupload: 'run' },
    { complete: { count: 24 }, reupload: 'skip' },
  ])('files together by %j', (options) => expect(accepted(files(options))).toBe(true));

  test.each([
    [{ window: '5 minuts' }, 'on / fileArrives / window'],
    [{ window: '2 days' }, 'on / fileArrives / window'],
    [{ window: '0 minutes' }, 'on / fileArrives / window'],
    [{ window: 300 }, 'on / fileArrives / window'],
    [{ atMost: 10 }, 'on / fileArrives / atMost'],
    [{ window: '5 minutes', atMost: 1 }, 'on / fileArrives / atMost'],
    [{ complete: {} }, 'on / fileArrives / complete'],
    [{ complete: { marker: 'done', count: 3 } }, 'on / fileArrives / complete'],
    [{ complete: { marker: '../done' } }, 'on / fileArrives / complete / marker'],
    [{ complete: { count: 1 } }, 'on / fileArrives / complete / count'],
    [{ window: '5 minutes', complete: { count: 3 } }, 'on / fileArrives'],
    [{ reupload: 'again' }, 'on / fileArrives / reupload'],
    [{ complete: { marker: '_SUCCESS' }, reupload: 'skip' }, 'on / fileArrives / reupload'],
    [{ windw: '5 minutes' }, 'on / fileArrives'],
  ])('not files together by %j, whose place is %s', (options, part) => {
    const [problem, ...more] = problems({ outputs: [out], on: [files(options)] });
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ part, at: expect.stringContaining('pipeline.test.ts:') });
    for (const one of ['problem', 'received', 'allowed', 'change'] as const)
      expect(inspect(problem![one]), one).toMatch(/^(?!undefined$)[\s\S]*[^'"\s]/);
  });

  test('no file is taken by two triggers, one of which takes several together', () => {
    const on = [fileArrives('landing/x/y/'), files({ window: '5 minutes' })];
    expect(problems({ outputs: [out], on })).toMatchObject([{ received: ['landing/x/y/', 'landing/x/'] }]);
    expect(accepted(files({ window: '5 minutes' }))).toBe(true);
    expect(problems({ outputs: [out], on: [fileArrives('landing/y/'), files({ window: '5 minutes' })] })).toEqual([]);
  });

  test.each([
    { source: 'com.shop' },
    { source: ['com.shop', { prefix: 'com.stock' }], detailType: 'OrdersExported', detail: { shop: ['eu'] } },
    {
      source: 'com.shop',
      detail: {
        rows: [{ numeric: ['>', 0, '<=', 5] }],
        ip: [{ cidr: '10.0.0.0/24' }, { cidr: '2001:db8::/127' }],
        $or: [{ a: [{ exists: true }] }, { b: [null, true, 7] }],
      },
    },
    { source: 'penstock', detailType: 'QualityAlert', detail: { pipeline: ['other'], data: { gate: ['fail'] } } },
    { source: 'penstock', detailType: { prefix: 'Data' }, detail: { pipeline: [{ 'anything-but': 'things' }] } },
  ])('an event that matches %j', (pattern) => {
    const list = (value: unknown) => (typeof value === 'object' && !Array.isArray(value) ? [value] : value);
    const { detailType, ...rest } = pattern as { source: string; detailType?: unknown };
    expect(accepted(event({ ...rest, ...(detailType !== undefined && { detailType: list(detailType) as any }) }))).toBe(
      true,
    );
  });

  const of = (detail: object) => ({ source: 'com.shop', detail });
  const ofPenstock = (more: object) => ({ source: 'penstock', detail: { pipeline: ['other'] }, ...more });

  test.each<[string, object, string]>([
    ['no source', {}, 'on / event / source'],
    ['an empty list', of({ shop: [] }), 'on / event / detail / shop'],
    ['no source in its list', { source: [] }, 'on / event / source'],
    ['a detail without fields', of({}), 'on / event / detail'],
    ['a bare value', of({ shop: 'eu' }), 'on / event / detail / shop'],
    ['a list in a list', of({ shop: [['eu']] }), 'on / event / detail / shop / 0'],
    ['an operator that there is not', of({ shop: [{ starts: 'eu' }] }), 'on / event / detail / shop / 0 / starts'],
    ['two operators in one', of({ shop: [{ prefix: 'e', suffix: 'u' }] }), 'on / event / detail / shop / 0'],
    ['a prefix that is no text', of({ shop: [{ prefix: 7 }] }), 'on / event / detail / shop / 0 / prefix'],
    ['bounds that leave nothing', of({ n: [{ numeric: ['>', 5, '<', 5] }] }), 'on / event / detail / n / 0 / numeric'],
    ['an address that is none', of({ ip: [{ cidr: '10.0.0.256/24' }] }), 'on / event / detail / ip / 0 / cidr'],
    ['too long a mask', of({ ip: [{ cidr: '10.0.0.0/99' }] }), 'on / event / detail / ip / 0 / cidr'],
    ['a comparison that is none', of({ n: [{ numeric: ['=>', 5] }] }), 'on / event / detail / n / 0 / numeric'],
    ['mixed values', of({ n: [{ 'anything-but': [1, 'a'] }] }), 'on / event / detail / n / 0 / anything-but'],
    ['a number beyond all', of({ n: [12345678901234567890n] }), 'on / event / detail / n / 0'],
    [
      'a bound beyond all',
      of({ n: [{ numeric: ['>', 12345678901234567890n] }] }),
      'on / event / detail / n / 0 / numeric',
    ],
    ['one alternative', of({ $or: [{ a: ['x'] }] }), 'on / event / detail / $or'],
    ['a field that is always there', { source: [{ exists: false }] }, 'on / event / source / 0 / exists'],
    ['a name that no event has', ofPenstock({ detailType: 'PipelineComplete' }), 'on / event / detailType / 0'],
    [
      'a prefix that no event has',
      ofPenstock({ detailType: [{ prefix: 'Rum' }, 'DataStored'] }),
      'on / event / detailType / 0',
    ],
    [
      'types that contradict each other',
      { source: 'penstock', detailType: 'DataStored', detail: { pipeline: ['other'], type: ['DataPrepared'] } },
      'on / event / detail / type',
    ],
    ['an attribute that there is not', ofPenstock({ detail: { pipelin: ['other'] } }), 'on / event / detail / pipelin'],
    [
      'a field that its event has not',
      ofPenstock({ detailType: 'DataStored', detail: { pipeline: ['other'], data: { gate: ['pass'] } } }),
      'on / event / detail / data / gate',
    ],
    [
      'a value that is never there',
      ofPenstock({ detailType: 'QualityChecked', detail: { pipeline: ['other'], data: { gate: ['passed'] } } }),
      'on / event / detail / data / gate / 0',
    ],
    ['events of its own runs', { source: 'penstock', detailType: 'PipelineFailed' }, 'on / event'],
    ['its own name', ofPenstock({ detail: { pipeline: [{ prefix: 'th' }] } }), 'on / event / detail / pipeline'],
    ['two buses', { source: ['penstock', 'com.shop'] }, 'on / event / source'],
    ['more than EventBridge takes', of({ shop: ['x'.repeat(2100)] }), 'on / event'],
    ['an option that there is not', { source: 'com.shop', bus: 'own' }, 'on / event'],
  ])('not an event with %s', (_, pattern, part) => {
    const [problem] = problems({ outputs: [out], on: [event(pattern as never)] });
    expect(problem).toMatchObject({ part: expect.stringContaining(part), at: expect.stringContaining('.test.ts:') });
    for (const one of ['problem', 'received', 'allowed', 'change'] as const)
      expect(inspect(problem![one]), one).toMatch(/^(?!undefined$)[\s\S]*[^'"\s]/);
  });
});

describe('a setting whose options are not given by name', () => {
  test.each([
    ['overlap', 'skip', 'write { policy: "skip" }'],
    ['overlap', 'leave', 'write { policy: … }'],
    ['gate', 0.9, 'write { pass: 0.9 }'],
    ['resources', 4, 'write { workerMemoryMegabytes: … }'],
  ])('is refused with what it must be: %s: %s', (name, value, change) => {
    expect(problems({ outputs: [out], [name]: value })).toMatchObject([
      { part: `pipeline / ${name}`, problem: 'the options are not given by name', received: value, change },
    ]);
  });
});
