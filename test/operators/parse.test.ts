import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { numberStyles } from '../../lib/component/number-text.ts';
import { derive, parse } from '../../lib/index.ts';
import { type Applied, apply } from '../fixtures/engine/apply.ts';
import { mistakesIn } from '../fixtures/engine/mistakes.ts';

type How = Parameters<typeof parse>[0][string];
const schema = z.object({ n: z.int(), a: z.string().nullable() });

/** What becomes of texts: their values as text, by the text; those that are rejected are not there. */
async function valuesOf(texts: readonly (string | null)[], how: How) {
  const rows = texts.map((a, n) => ({ n, a }));
  const applied = await apply(rows, { schema }, [parse({ a: how }), derive({ a: 'a::VARCHAR' })]);
  return Object.fromEntries(applied.rows.map(({ n, a }) => [texts[n], a]));
}

describe('numbers', () => {
  test.each<[string, How, Record<string, string>, string[]]>([
    [
      'of German',
      { as: 'number', type: 'DECIMAL(12,2)', locale: 'de' },
      {
        '1.234,56': '1234.56',
        '1234,5': '1234.50',
        '-0,5': '-0.50',
        ',25': '0.25',
        ' 7 ': '7.00',
        '(12)': '-12.00',
        '−3': '-3.00',
        '+3': '3.00',
        '0,500': '0.50',
        '1.234.567': '1234567.00',
      },
      [
        '1.23',
        '12.34,5',
        '1,234',
        '1,2,3',
        'x',
        '',
        '(12',
        '-(12)',
        '--1',
        '1.234.56',
        '5 %',
        '5 €',
        '1e3',
        'NaN',
        '12345678901',
      ],
    ],
    [
      'of French, whatever white space parts the groups',
      { as: 'number', type: 'DECIMAL(12,2)', locale: 'fr' },
      { '1 234,56': '1234.56', '1\u202f234\u00a0567': '1234567.00' },
      ['1 23', '1.5', '1 2345'],
    ],
    [
      'of Switzerland, and beyond 2^53',
      { as: 'number', type: 'HUGEINT', locale: 'de-CH' },
      { "9'007'199'254'740'993": '9007199254740993', '12’345': '12345' },
      ["1'2", '1.5', '1.0'],
    ],
    [
      'of India',
      { as: 'number', type: 'BIGINT', locale: 'en-IN' },
      { '12,34,56,789': '123456789', '1,234': '1234', '1234': '1234' },
      ['123,456,789', '12,34'],
    ],
    [
      'that are shares',
      { as: 'number', type: 'DECIMAL(9,6)', percent: true },
      {
        '12.5 %': '0.125000',
        '5%': '0.050000',
        '-100%': '-1.000000',
        '0.0001%': '0.000001',
        '3': '3.000000',
        '1,234.5%': '12.345000',
        '.5%': '0.005000',
      },
      ['0.00001%', '%', '5 % %'],
    ],
    [
      'that are money',
      { as: 'number', type: 'DECIMAL(9,2)', currency: ['€', 'EUR', 'US$'] },
      { '€ 5': '5.00', '5 EUR': '5.00', '-€5.10': '-5.10', '€ -5': '-5.00', 'US$1,234': '1234.00', '(€5)': '-5.00' },
      ['£5', '-€-5', 'EUR'],
    ],
    [
      'of any money',
      { as: 'number', type: 'DOUBLE', currency: true },
      { '¥5': '5.0', 'CHF 1.5': '1.5' },
      ['chf 5', 'C 5'],
    ],
  ])('%s', async (_, how, good, bad) => {
    expect(await valuesOf([...Object.keys(good), ...bad], how)).toEqual(good);
  });

  test('NULL stays NULL, and a bad one says what it is', async () => {
    const applied = await apply(
      [
        { n: 1, a: null },
        { n: 2, a: "1'5" },
      ],
      { schema },
      [parse({ a: { as: 'number', type: 'INTEGER', locale: 'de' } })],
    );
    expect(applied.rows).toEqual([{ n: 1, a: null }]);
    expect(applied.rejects).toMatchObject([
      { row: 2, rule: 'a is a number (de) that is INTEGER', reason: `a: "1'5" is not a number (de) that is INTEGER` },
    ]);
  });

  test.each(Object.entries(numberStyles))('of %s are written as they are there', (locale, { decimal, group }) => {
    const parts = new Intl.NumberFormat(locale, { useGrouping: 'always' }).formatToParts(1_234_567.5);
    const of = (type: string) => parts.find((part) => part.type === type)!.value;
    expect(of('decimal')).toBe(decimal);
    expect(group).toContain(of('group'));
  });
});

describe('days and times', () => {
  test('by the first format that fits', async () => {
    const how = { as: 'date', format: ['%d.%m.%Y', '%Y-%m-%d'] } satisfies How;
    expect(await valuesOf(['31.01.2001', '2001-02-28', '31.02.2001', '2001', ''], how)).toEqual({
      '31.01.2001': '2001-01-31',
      '2001-02-28': '2001-02-28',
    });
  });

  test('a day with a time in it is none', async () => {
    const how = { as: 'date', format: '%Y-%m-%d %H:%M' } as const;
    expect(await valuesOf(['2001-01-01 00:00', '2001-01-01 10:00'], how)).toEqual({ '2001-01-01 00:00': '2001-01-01' });
  });

  test('of a zone become those of UTC, and what its clocks leave out is no time', async () => {
    const how = { as: 'timestamp', format: '%d.%m.%Y %H:%M:%S.%f', zone: 'Europe/Berlin' } as const;
    const times = ['01.01.2001 12:00:00.123456', '31.03.2024 02:30:00.0', '27.10.2024 02:30:00.0'];
    expect(await valuesOf(times, how)).toEqual({
      [times[0]!]: '2001-01-01 11:00:00.123456',
      [times[2]!]: '2024-10-27 01:30:00',
    });
  });

  test('with an offset of their own become those of UTC', async () => {
    const how = { as: 'timestamp', format: '%Y-%m-%dT%H:%M:%S%z' } as const;
    expect(await valuesOf(['2001-01-01T00:00:00+02:00'], how)).toEqual({
      '2001-01-01T00:00:00+02:00': '2000-12-31 22:00:00',
    });
  });
});

describe('JSON', () => {
  const to = {
    id: 'BIGINT',
    'a "b"/~': 'VARCHAR',
    price: 'DECIMAL(38,20)',
    tags: ['VARCHAR'],
    place: { city: 'VARCHAR', at: ['TIMESTAMP'] },
    lines: [{ sku: 'VARCHAR', n: 'UTINYINT' }],
    rest: 'JSON',
  } as const;
  const full =
    '{"id": 9007199254740993, "a \\"b\\"/~": "x\\ny", "price": 1.5, "tags": ["a", null], "place": {"city": "Ulm", "at": ["2001-01-01T00:00:00Z"]}, "lines": [{"sku": "s", "n": 255}, {}], "rest": {"z": [1]}, "more": 1}';
  const nothing: (string | null)[] = [
    null,
    'null',
    '{}',
    '{"id": null, "tags": null, "place": null, "lines": null, "rest": null}',
  ];
  const bad: Readonly<Record<string, readonly [text: string, rule: string]>> = {
    'what is no JSON': ['{"id": 1', 'a is JSON'],
    'no text at all': ['', 'a is JSON'],
    'half a character': ['{"id": 1, "rest": "\\ud800"}', 'a is JSON'],
    'a list in place of an object': ['[1]', 'a is a JSON object'],
    'a fraction for an integer': ['{"id": 1.5}', 'a.id is BIGINT'],
    'a text for a number': ['{"id": "one"}', 'a.id is BIGINT'],
    'an object for a text': ['{"a \\"b\\"/~": {}}', 'a.a "b"/~ is VARCHAR'],
    'a text for a list': ['{"tags": "a"}', 'a.tags is a list of VARCHAR'],
    'a list in a list of texts': ['{"tags": [["a"]]}', 'a.tags is a list of VARCHAR'],
    'a list for a structure': ['{"place": []}', 'a.place is a structure of city, at'],
    'a bad value deep down': ['{"lines": [{"n": 1}, {"n": 256}]}', 'a.lines is a list of a structure of sku, n'],
    'digits that would be lost': ['{"price": 0.123456789012345678901}', 'a.price is DECIMAL(38,20)'],
  };

  let applied: Applied;
  beforeAll(async () => {
    const texts = [full, ...nothing, ...Object.values(bad).map(([text]) => text)];
    const asText = ['id', 'price', 'rest'].map((name) => [name, `${name}::VARCHAR`]);
    const asJson = ['tags', 'place', 'lines'].map((name) => [name, `to_json(${name})::VARCHAR`]);
    applied = await apply(
      texts.map((a, n) => ({ n, a })),
      { schema },
      [parse({ a: { as: 'json', to } }), derive(Object.fromEntries([...asText, ...asJson]))],
    );
  });

  test('gives each field a column of its type, nested ones too, in place of the text', async () => {
    const node = applied.code.plan.nodes.find(({ component }) => component === 'parse')!;
    expect(node.columns.map(({ name, type }) => [name, type])).toEqual([
      ['n', 'BIGINT'],
      ['id', 'BIGINT'],
      ['a "b"/~', 'VARCHAR'],
      ['price', 'DECIMAL(38,20)'],
      ['tags', 'VARCHAR[]'],
      ['place', 'STRUCT(city VARCHAR, "at" TIMESTAMP[])'],
      ['lines', 'STRUCT(sku VARCHAR, n UTINYINT)[]'],
      ['rest', 'JSON'],
    ]);
    expect(applied.rows[0]).toEqual({
      n: 0,
      id: '9007199254740993',
      'a "b"/~': 'x\ny',
      price: '1.50000000000000000000',
      tags: '["a",null]',
      place: '{"city":"Ulm","at":["2001-01-01 00:00:00"]}',
      lines: '[{"sku":"s","n":255},{"sku":null,"n":null}]',
      rest: '{"z":[1]}',
    });
  });

  test('takes NULL, the JSON null, an empty object and fields that are null for nothing', () => {
    const rest = applied.rows.slice(1).map((row) => Object.values(row).filter((value) => value !== null));
    expect(rest).toEqual(nothing.map((_, index) => [index + 1]));
  });

  test.each(Object.entries(bad))('rejects %s', (_, [text, rule]) => {
    const row = 1 + nothing.length + Object.values(bad).findIndex(([one]) => one === text) + 1;
    expect(applied.rejects.filter((reject) => reject.row === row)).toMatchObject([{ rule }]);
  });

  test('that is no object becomes a value in place of the text', async () => {
    const how = { as: 'json', to: ['HUGEINT'] } as const;
    expect(await valuesOf(['[123456789012345678901234567890, null]', '[]', '{}'], how)).toEqual({
      '[123456789012345678901234567890, null]': '[123456789012345678901234567890, NULL]',
      '[]': '[]',
    });
  });

  test('takes no number that its type has no room for', async () => {
    const texts = ['1e400', '1e-400', `0.${'0'.repeat(400)}1`, '1.5', '0.0', '0e-400'].map((n) => `{"n":${n}}`);
    const applied = await apply(
      texts.map((a) => ({ a })),
      { schema: z.object({ a: z.string() }) },
      [parse({ a: { as: 'json', to: { n: 'DOUBLE' } } })],
    );
    expect(applied.rows).toEqual([{ n: 1.5 }, { n: 0 }, { n: 0 }]);
    expect(applied.rejects.map(({ row }) => row)).toEqual([1, 2, 3]);
  });
});

describe('patterns', () => {
  test('give each named group a column of its type', async () => {
    const how = {
      as: 'pattern',
      pattern: '^(?<user>\\w+)(?:@)(x|y)[()](?P<port>\\d+)?$',
      types: { port: 'UTINYINT' },
      prefix: 'the ',
    } as const;
    const texts = ['anna@x(80', 'bert@y)', 'carl@z(1', 'dora@x(256', null];
    const applied = await apply(
      texts.map((a, n) => ({ n, a })),
      { schema },
      [parse({ a: how })],
    );
    expect(applied.types).toEqual({ n: 'BIGINT', 'the user': 'VARCHAR', 'the port': 'UTINYINT' });
    expect(applied.rows).toEqual([
      { n: 0, 'the user': 'anna', 'the port': 80 },
      { n: 1, 'the user': 'bert', 'the port': null },
      { n: 4, 'the user': null, 'the port': null },
    ]);
    expect(applied.rejects.map(({ row, rule }) => [row, rule])).toEqual([
      [3, `a is like ${how.pattern}`],
      [4, 'a.port is UTINYINT'],
    ]);
  });

  test('take time in proportion to the text', async () => {
    const texts = [`${'a'.repeat(50_000)}!`, 'aa'];
    expect(await valuesOf(texts, { as: 'pattern', pattern: '^(?<a>(?:a|a|aa)+)$' })).toEqual({ aa: 'aa' });
  });
});

describe('refuses', () => {
  const part = (path: string) => ({ part: `main / parse / columns / name${path}` });
  test.each<[string, Parameters<typeof parse>[0], object]>([
    ['a column that is not there', { nmae: { as: 'date', format: '%Y' } }, { change: 'did you mean "name"?' }],
    [
      'a column that is no text',
      { amount: { as: 'date', format: '%Y' } },
      { received: 'BIGINT', allowed: 'a column of text' },
    ],
    ['a way that there is not', { name: { as: 'xml' } as never }, part(' / as')],
    ['an option of another way', { name: { as: 'date', format: '%Y', locale: 'de' } as never }, part('')],
    ['a format that is none', { name: { as: 'date', format: '%!' } }, { part: 'main.1-parse / columns / name' }],
    ['a zone that is none', { name: { as: 'timestamp', format: '%Y', zone: 'Berlin' } }, part(' / zone')],
    [
      'a distance in place of a zone, which fails on every row',
      { name: { as: 'timestamp', format: '%Y', zone: '+02:00' } },
      part(' / zone'),
    ],
    ['two zones', { name: { as: 'timestamp', format: '%Y %z', zone: 'Europe/Berlin' } }, part(' / zone')],
    [
      'a locale that is none',
      { name: { as: 'number', type: 'BIGINT', locale: 'dde' as never } },
      { change: 'did you mean "de"?' },
    ],
    ['a type that is none', { name: { as: 'number', type: 'NUMBER' } }, part(' / type')],
    ['a type that is none, in JSON', { name: { as: 'json', to: { a: ['NUMBER'] } } }, {}],
    ['a back reference', { name: { as: 'pattern', pattern: '(?<a>.)\\1' } }, part(' / pattern')],
    ['a pattern without a name', { name: { as: 'pattern', pattern: '(.)' } }, part(' / pattern')],
    ['a pattern that is none', { name: { as: 'pattern', pattern: '(?<a>[)' } }, {}],
    ['a type of no group', { name: { as: 'pattern', pattern: '(?<a>.)', types: { b: 'DATE' } } }, part(' / types / b')],
    [
      'a name that another column has',
      { name: { as: 'json', to: { amount: 'BIGINT' } } },
      { problem: expect.stringContaining('two columns "amount"') },
    ],
  ])('%s', async (_, columns, expected) => {
    expect(await mistakesIn(parse(columns))).toMatchObject([expected]);
  });
});
