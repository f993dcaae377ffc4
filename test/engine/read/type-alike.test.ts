import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { Session } from '../../../lib/engine/session.ts';
import { decimal } from '../../../lib/index.ts';
import { runs } from '../../fixtures/depth.ts';
import { bothReader } from '../../fixtures/engine/both-readings.ts';

const strict = z.object({
  a: z.string(),
  n: z.int().min(-10),
  d: z.number(),
  at: z.iso.datetime({ local: true }),
  yes: z.boolean(),
  price: decimal(20, 4),
});
const readers = {
  'that all must be there': bothReader(strict),
  'that all may be NULL': bothReader(strict.partial().extend({ a: z.string().nullish(), gone: z.string().nullish() })),
};

const keys = ['a', 'n', 'd', 'x', 'at', 'yes', 'price'] as const;
const usual = {
  a: ['"some text"', '"ä, 日本"', '"true"', '"1.50"', '""', '"a,b"', '"a:{b}"'],
  n: ['0', '7', '-5', '123456789012345678'],
  d: ['0.5', '1.10', '-0.0', '12', '0.30000000000001', '-7.25', '23.983333333333334', '-0.000001234567890123456'],
  x: ['"left out"', '12.5e3', 'true', 'null', '12345678901234567890.5'],
  at: ['"2026-01-13 20:27:33"', '"2026-01-13T20:27:33.123456"', '"0001-01-01 00:00:00"'],
  yes: ['true', 'false'],
  price: ['1.5', '"1.50"', '100', '0.0001'],
} as const;
const strange = [
  ...['null', 'true', '1', '"1"', '""', '"text"', '[1,"b"]', '{"a":"b"}', '[]', '{}', 'nul', 'True', "'a'"],
  ...[
    '"a\\"b"',
    '"a\\",\\"n\\":1"',
    '"\\\\"',
    '"\\u0041"',
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    '"tab\tin it"',
    '"\\t"',
    '"par\x01ted"',
  ],
  ...['-0', '007', '+1', '1.', '.5', '1e3', '1E-7', '1e400', 'NaN', 'Infinity', '1_0', '0x1', '--1', '-', '1.5.5'],
  ...['9223372036854775807', '9223372036854775808', '1234567890123456789', '12345678901234567890123'],
  ...['0.1234567890123456789', '123456789012.12345678', '1.50000000000000000000', '"0.12345678901234567890"'],
  ...['"2026-02-31 10:00:00"', '"2026-01-13"', '"2026-01-13T20:27:33+02:00"', '"infinity"', '"12:00"', '"\u{feff}"'],
] as const;

type Values = Readonly<Record<(typeof keys)[number], string>>;

const written = (values: Values) => keys.map((key) => `"${key}":${values[key]}`);
const object = (members: readonly string[]) => `{${members.join(',')}}`;
const plain = fc.record(
  Object.fromEntries(keys.map((key) => [key, fc.constantFrom(...usual[key])])) as Record<
    (typeof keys)[number],
    fc.Arbitrary<string>
  >,
);
const broken: readonly ((values: Values, at: number) => string)[] = [
  (values, at) => object([...written(values), written(values)[at % 7]!]),
  (values, at) => object([written(values)[at % 7]!, ...written(values)]),
  (values, at) => object(written(values).toSpliced(at % 7, 1, written(values)[0]!)),
  (values, at) => object(written(values).toSpliced(at % 7, 1)),
  (values) => object([...written(values), '"new":1']),
  (values) => object(written(values).toReversed()),
  (values) => object(written(values)).replaceAll(':', ' : '),
  (values) => ` ${object(written(values))}\t`,
  (values, at) => object(written(values)).slice(0, 1 + (at % 90)),
  (values, at) => object(written(values)).slice(at % 90),
  (values) => object(written(values)).slice(0, -1),
  (values) => `{"a":${values.a},"n":`,
  (values) => `{"x":[${values.a},`,
  (values) => `{"x":{"a":${values.a},`,
  (values) => object(written(values)) + object(written(values)),
  ...['}', ']', ' x', '}{}', ',', ' null', '//', ' {"a":1}'].map(
    (more) => (values: Values) => object(written(values)) + more,
  ),
  (values) => `[${object(written(values))}]`,
  (values) => `"${values.a}"`,
  (values) => `{${object(written(values))}}`,
  (values) => object(written(values)).replace('"a"', '"A"'),
  (values) => object(written(values)).replace('"a"', '"\\u0061"'),
  (values) => object(written(values)).replace('}', ',}'),
  (values) => object(written(values)).replace('":', '"\u00a0:'),
  (values) => `\u{feff}${object(written(values))}`,
  ...['{}', '[]', '7', 'null', '"x"', '{', '}', '{"a"', '{"', ','].map((line) => () => line),
];
const line = fc.oneof(
  { weight: 30, arbitrary: plain.map((values) => object(written(values))) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(plain, fc.constantFrom(...keys), fc.constantFrom(...strange))
      .map(([values, key, value]) => object(written({ ...values, [key]: value }))),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(plain, fc.nat(1000), fc.constantFrom(...broken))
      .map(([values, at, spoil]) => spoil(values, at)),
  },
);
const text = fc
  .tuple(plain, fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\n', '\n', '\r\n'), fc.boolean(), fc.nat(40))
  .map(([first, lines, end, ends, blank]) => {
    const all = [object(written(first)), ...lines];
    if (blank === 0) all.splice(1, 0, ' ');
    return all.join(end) + (ends ? end : '');
  });

describe.each(Object.entries(readers))('lines of fields %s', (_, read) => {
  test('are the same rows and rejects, read as lines of one pattern and one by one', async () => {
    let followed = 0;
    const all = runs({ some: 20, all: 300 });
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const { alike, each } = await read(content);
        if (!alike) return;
        followed++;
        expect(alike).toEqual(each);
      }),
      { seed: 20_261_122, numRuns: all },
    );
    expect(followed).toBeGreaterThan(all / 2);
  }, 240_000);
});

test('a file of several pieces is read as lines of one pattern, with what is wrong in it', async () => {
  const lines = Array.from({ length: 12_000 }, (_, n) => {
    const written = `{"a":"line ${n}","n":${n},"d":${n / 4},"x":null,"at":"2026-01-13 20:27:33","yes":true,"price":"${n}.25"}`;
    return n % 1_000 === 999
      ? written.slice(0, 1 + (n % 97))
      : n % 1_000 === 500
        ? written.replace(`"d":${n / 4}`, '"d":"?"')
        : written;
  });
  const { alike, each } = await readers['that all must be there'](lines.join('\n'));
  expect(alike).toEqual(each);
  expect([alike?.records, alike?.rejected]).toEqual([12_000, 24]);
});

test.each([
  ['a blank line', ['{"a":"1"}', '', '{"a":"2"}']],
  ['other keys in most lines', ['{"a":"1"}', ...Array.from({ length: 100 }, () => '{"b":"1"}')]],
  ['no line', []],
])('lines with %s are read one by one', async (_, lines) => {
  expect((await readers['that all may be NULL'](lines.join('\n'))).alike).toBeUndefined();
});

test.each([
  ['many', 300_000, (bytes: number) => bytes > 122_880 * 20 && bytes < 300_000 * 20],
  ['few', 1000, (bytes: number) => bytes === 1_572_864],
])('%s rows are read in buffers that fill row groups, where they can', async (_, count, isRight) => {
  const run = vi.spyOn(Session.prototype, 'run');
  const lines = Array.from({ length: count }, (_, n) => `{"a":"line ${String(n).padStart(6, '0')}"}`);
  const { alike } = await readers['that all may be NULL'](lines.join('\n'));
  expect(alike?.records).toBe(count);
  const sizes = run.mock.calls.flatMap(([sql]) => /maximum_object_size = (\d+)/.exec(sql)?.[1] ?? []);
  expect(sizes.map(Number).filter(isRight)).toHaveLength(1);
  run.mockRestore();
});
