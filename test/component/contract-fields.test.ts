import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { fieldsOf } from '../../lib/component/contract-fields.ts';
import { decimal } from '../../lib/component/decimal.ts';
import { literal } from '../../lib/component/shape.ts';
import { readColumns } from '../../lib/definition/yaml/contract-columns.ts';
import { query } from '../fixtures/engine/duckdb.ts';

function fieldOf(schema: z.ZodType) {
  const [{ type, nullable, rules }] = fieldsOf(z.object({ v: schema as z.ZodString })) as any;
  return { type, nullable, rules: rules.map((rule: any) => rule.expression) };
}

describe('types', () => {
  test.each<[string, z.ZodType, string, string[]]>([
    ['text', z.string(), 'VARCHAR', []],
    ['a 64-bit integer', z.int(), 'BIGINT', []],
    ['an integer by a check', z.number().int(), 'BIGINT', []],
    ['a 32-bit integer', z.int32(), 'INTEGER', []],
    ['a 32-bit integer with a bound of its own', z.int32().max(7), 'INTEGER', ['"v" <= 7']],
    ['a 32-bit integer without a sign', z.uint32(), 'BIGINT', ['"v" >= 0', '"v" <= 4294967295']],
    ['a 64-bit integer of JavaScript', z.int64(), 'BIGINT', []],
    ['a 64-bit integer without a sign', z.uint64(), 'HUGEINT', ['"v" >= 0', '"v" <= 18446744073709551615']],
    ['an integer of any size', z.bigint(), 'HUGEINT', []],
    ['a number', z.number(), 'DOUBLE', []],
    ['a 32-bit number', z.float32(), 'FLOAT', []],
    ['a 64-bit number', z.float64(), 'DOUBLE', []],
    ['a truth value', z.boolean(), 'BOOLEAN', []],
    ['a date of JavaScript', z.date(), 'TIMESTAMP', []],
    ['a date', z.iso.date(), 'DATE', []],
    ['a time', z.iso.time(), 'TIME', []],
    ['a date and time', z.iso.datetime(), 'TIMESTAMP', []],
    ['a set of texts', z.enum(['a', "it's"]), 'VARCHAR', [`"v" IN ('a', 'it''s')`]],
    ['a set of literal texts', z.union([z.literal('a'), z.literal('b')]), 'VARCHAR', [`"v" IN ('a', 'b')`]],
    ['a set of integers', z.literal([1, 2]), 'BIGINT', ['"v" IN (1, 2)']],
    ['a set of numbers', z.literal([1.5, 2]), 'DOUBLE', ['"v" IN (1.5, 2)']],
    ['one truth value', z.literal(true), 'BOOLEAN', ['"v" IN (true)']],
    ['read only', z.string().readonly(), 'VARCHAR', []],
    ['of a brand', z.string().brand('id'), 'VARCHAR', []],
  ])('%s', (_, schema, type, rules) => {
    expect(fieldOf(schema)).toEqual({ type, nullable: false, rules });
  });
});

describe('what may be missing', () => {
  test.each<[string, z.ZodType]>([
    ['nullable', z.int().nullable()],
    ['optional', z.int().optional()],
    ['nullish', z.int().nullish()],
    ['nullable and read only', z.int().nullable().readonly()],
    ['a union with null', z.union([z.int(), z.null()])],
    ['a union with undefined', z.union([z.undefined(), z.int()])],
  ])('%s', (_, schema) => {
    expect(fieldOf(schema)).toEqual({ type: 'BIGINT', nullable: true, rules: [] });
  });

  test('a set with null in it', () => {
    expect(fieldOf(z.enum(['a']).nullable())).toEqual({ type: 'VARCHAR', nullable: true, rules: [`"v" IN ('a')`] });
    expect(fieldOf(z.union([z.literal('a'), z.literal(null)]))).toMatchObject({
      nullable: true,
      rules: [`"v" IN ('a')`],
    });
    const several = z.union([z.literal([null, 'a']), z.literal(['b', undefined])]);
    expect(fieldOf(several)).toEqual({ type: 'VARCHAR', nullable: true, rules: [`"v" IN ('a', 'b')`] });
    expect(() => fieldOf(z.literal([null]))).toThrow('it has no type');
  });
});

describe('checks become rules', () => {
  test.each<[string, z.ZodType, string[]]>([
    ['bounds', z.int().min(1).max(9), ['"v" >= 1', '"v" <= 9']],
    ['open bounds', z.number().gt(1.5).lt(2), ['"v" > 1.5', '"v" < 2']],
    ['a bound that DuckDB would round', z.number().min(0.13140237720694425), [`"v" >= '0.13140237720694425'::DOUBLE`]],
    ['a literal that DuckDB would round', z.literal(0.9726444603665825), [`"v" IN ('0.9726444603665825'::DOUBLE)`]],
    ['a bound that is the largest safe integer', z.int().max(Number.MAX_SAFE_INTEGER), ['"v" <= 9007199254740991']],
    [
      'bounds of large integers',
      z
        .bigint()
        .min(-5n)
        .max(2n ** 70n),
      ['"v" >= -5', '"v" <= 1180591620717411303424'],
    ],
    ['signs', z.int().positive(), ['"v" > 0']],
    ['multiples', z.int().multipleOf(5), ['"v" % 5 = 0']],
    ['bounds of dates', z.date().min(new Date('2001-01-31T10:00:00Z')), [`"v" >= TIMESTAMP '2001-01-31 10:00:00.000'`]],
    ['lengths', z.string().min(1).max(3), ['length("v") >= 1', 'length("v") <= 3']],
    ['one length', z.string().length(3), ['length("v") = 3']],
    ['something at all', z.string().nonempty(), ['length("v") >= 1']],
    ['patterns', z.string().regex(/^a'b$/), [`regexp_matches("v", '^a''b$')`]],
    ['patterns with flags', z.string().regex(/^a.b$/isu), [`regexp_matches("v", '(?i)^a(?s:.)b$')`]],
    ['several patterns', z.string().regex(/a/).regex(/b/), [`regexp_matches("v", 'a')`, `regexp_matches("v", 'b')`]],
    [
      'beginnings and ends',
      z.string().startsWith('a').endsWith('b'),
      [`regexp_matches("v", '^a')`, `regexp_matches("v", 'b$')`],
    ],
    ['letters', z.string().uppercase(), [`regexp_matches("v", '^[^a-z]*$')`]],
  ])('%s', (_, schema, rules) => {
    expect(fieldOf(schema).rules).toEqual(rules);
  });

  test.each<[string, z.ZodType]>([
    ['base64', z.base64()],
    ['base64url', z.base64url()],
    ['ipv6', z.ipv6()],
    ['cidrv6', z.cidrv6()],
    ['a text from a place on', z.string().includes('b', { position: 2 })],
    ['a beginning with a line end', z.string().startsWith('a\n')],
    ['an end with a line end', z.string().endsWith('\n')],
  ])('%s is what zod takes for it, which is more or less than its pattern', async (_, schema) => {
    const [expression] = fieldOf(schema).rules;
    const addresses = [
      '::1',
      '::',
      '1::',
      '1:2:3:4:5:6:7::',
      '::ffff:1.2.3.4',
      '::ffff:1.2.3.256',
      '1::2::3',
      'fe80::1%e',
    ];
    const digits = [
      '',
      'Q',
      'QU',
      'QUJ',
      'QUJD',
      'QUI=',
      'QQ==',
      'QQ=',
      'QUJDR',
      '-_--',
      '====',
      'ab',
      'abb',
      'aab',
      'a\nb',
    ];
    const ranges = addresses.flatMap((address) => [
      `${address}/0`,
      `${address}/128`,
      `${address}/129`,
      `${address}/08`,
    ]);
    const texts = [
      ...addresses,
      ...digits,
      ...ranges,
      '1:2:3:4:5:6:7:8',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:1.2.3.4',
      'a\nb\n',
    ];
    const rows = texts.map((text) => `(${literal(text)})`).join(', ');
    const good = await query(`SELECT v FROM (VALUES ${rows}) texts (v) WHERE ${expression}`);
    expect(good.map(({ v }) => v)).toEqual(texts.filter((text) => schema.safeParse(text).success));
  });

  test('formats that zod checks by a pattern', () => {
    for (const schema of [z.email(), z.uuid(), z.ipv4(), z.cuid2()])
      expect(fieldOf(schema)).toMatchObject({ type: 'VARCHAR', rules: [expect.stringContaining('regexp_matches')] });
  });

  test('are named for people, and say what is wrong', () => {
    const [field] = fieldsOf(z.object({ 'Cost $': z.int().min(0), kind: z.enum(['a', 'b']) }));
    expect(field).toEqual({
      name: 'Cost $',
      type: 'BIGINT',
      nullable: false,
      rules: [{ name: 'Cost $ >= 0', expression: '"Cost $" >= 0', message: 'is below 0' }],
    });
  });

  test('quote the names of columns', () => {
    const [field] = fieldsOf(z.object({ 'a "b"; --': z.int().max(1) }));
    expect(field!.rules[0]!.expression).toBe('"a ""b""; --" <= 1');
  });
});

describe('what cannot be checked in columns is refused, never passed over', () => {
  test.each<[string, z.ZodType, string]>([
    ['a refine', z.string().refine(() => true), 'it holds a refine'],
    [
      'a refine under nullable',
      z
        .string()
        .refine(() => true)
        .nullable(),
      'it holds a refine',
    ],
    ['a bound that is no date', z.date().min(new Date('x')), 'its bound is no date'],
    ['bounds with nothing between them', z.int().min(5).max(3), 'no value is at least 5 and at most 3'],
    ['a bound that is left out on both sides', z.number().gt(5).lte(5), 'no value is more than 5 and at most 5'],
    [
      'bounds of days',
      z.date().min(new Date('2026-01-02')).max(new Date('2026-01-01')),
      'no value is at least 2026-01-02T00:00:00.000Z and at most 2026-01-01T00:00:00.000Z',
    ],
    ['lengths that no text has', z.string().length(3).max(2), 'no value is at least 3 and at most 2 long'],
    ['a multiple of 0', z.int().multipleOf(0), 'nothing but 0 is a multiple of 0'],
    ['a superRefine', z.string().superRefine(() => undefined), 'it holds a refine'],
    ['a transform', z.string().transform((v) => v), 'it holds a transform'],
    ['a preprocess', z.preprocess((v) => v, z.string()), 'it holds a transform'],
    ['a pipe', z.string().pipe(z.string()), 'it holds a transform'],
    ['a codec', z.stringbool(), 'it holds a transform'],
    ['a default', z.string().default('x'), 'it puts a default in place of nothing'],
    ['a prefault', z.string().prefault('x'), 'it puts a default in place of nothing'],
    ['a catch', z.string().catch('x'), 'it puts a value in place of a bad one'],
    ['a trim', z.string().trim(), 'it changes the value (trim, toLowerCase and the like)'],
    ['a custom schema', z.custom(() => true), 'it holds code of its own'],
    ['a lazy schema', z.lazy(() => z.string()), 'it holds code of its own'],
    ['an address that zod checks by code', z.url(), 'zod checks "url" by code'],
    ['a multiple of a fraction', z.number().multipleOf(0.1), 'it is a multiple of a fraction'],
    ['a sticky pattern', z.string().regex(/a/y), 'its pattern has the flag "y"'],
    ['several types', z.union([z.string(), z.int()]), 'it has several types'],
    ['nothing but null', z.null(), 'it has no type'],
    ['values of several types', z.literal(['a', 1]), 'its values have several types'],
    ['an object without members', z.object({}), 'it names no member'],
    [
      'members that differ in case',
      z.object({ B: z.int(), b: z.int() }),
      'two of its members are called "b", upper and lower case being the same',
    ],
    [
      'an object that refuses further members',
      z.strictObject({ a: z.string() }),
      'it types or refuses members that it does not name',
    ],
    ['a refine of an object', z.object({ a: z.string() }).refine(() => true), 'it holds a refine'],
    ['a refine of a list', z.array(z.string()).refine(() => true), 'it holds a refine'],
    ['a record', z.record(z.string(), z.int()), 'its type is record'],
    ['anything', z.any(), 'its type is any'],
    ['something unknown', z.unknown(), 'its type is unknown'],
    ['something impossible', z.never(), 'its type is never'],
    ['an intersection', z.intersection(z.string(), z.string()), 'its type is intersection'],
    ['a file', z.file(), 'its type is file'],
    ['a template', z.templateLiteral(['id-', z.int()]), 'its type is template_literal'],
    [
      'a value that may not be missing after all',
      z.string().optional().nonoptional(),
      'it takes back that there may be nothing',
    ],
  ])('%s', (_, schema, why) => {
    expect(() => fieldOf(schema)).toThrow(
      expect.objectContaining({
        name: 'ContractUnsupportedError',
        problem: `the contract of column "v" cannot be checked in columns: ${why}`,
      }),
    );
  });

  test('deep inside of lists and objects, by its place', () => {
    const schema = z.array(z.object({ site: z.url() })).nullable();
    expect(() => fieldOf(schema)).toThrow('the contract of column "v[].site" cannot be checked in columns');
  });

  test.each([{}, 'int', null, undefined, { _def: { typeName: 'ZodString' } }])('what is no schema: %j', (schema) => {
    const received = schema ?? 'nothing';
    const refused = expect.objectContaining({ problem: 'the type of column "v" is no schema of zod 4', received });
    expect(() => fieldsOf({ ...z.object({}), shape: { v: schema }, _zod: z.object({})._zod } as never)).toThrow(
      refused,
    );
  });

  test('a refine of the whole record', () => {
    expect(() => fieldsOf(z.object({ a: z.int() }).refine(() => true))).toThrow('of the whole record');
  });

  test('a type for columns without a name', () => {
    expect(() => fieldsOf(z.object({ a: z.int() }).catchall(z.int()))).toThrow(
      'it types columns that it does not name',
    );
    expect(fieldsOf(z.looseObject({ a: z.int() }))).toHaveLength(1);
  });
});

describe('types that zod has no schema for', () => {
  test.each<[string, z.ZodType, string]>([
    ['a decimal', decimal(12, 2), 'DECIMAL(12,2)'],
    ['a decimal that may be missing', decimal(38, 0).nullable(), 'DECIMAL(38,0)'],
    ['a decimal with bounds', z.number().min(0).meta({ columnType: 'decimal(9, 3)' }), 'DECIMAL(9,3)'],
    ['a small integer', z.int().meta({ columnType: 'SMALLINT' }), 'SMALLINT'],
    ['an integer without a sign', z.bigint().meta({ columnType: 'UBIGINT' }), 'UBIGINT'],
    [
      'a moment with its zone',
      z.iso.datetime({ offset: true }).meta({ columnType: 'TIMESTAMPTZ' }),
      'TIMESTAMP WITH TIME ZONE',
    ],
  ])('%s', (_, schema, type) => {
    expect(fieldOf(schema).type).toBe(type);
  });

  test('say the same in zod and in YAML', () => {
    const columns = {
      v: { type: 'decimal(12,2)', minimum: 0 },
      w: 'decimal(5,1)?',
      t: { type: 'timestamp', timezone: true },
      ip: { type: 'string', format: 'ipv6' },
      bytes: { type: 'string', format: 'byte' },
    };
    const { fields } = readColumns(columns, 'c', () => '');
    const zod = z.object({
      v: z.number().min(0).meta({ columnType: 'DECIMAL(12,2)' }),
      w: decimal(5, 1).nullable(),
      t: z.iso.datetime({ offset: true }).meta({ columnType: 'TIMESTAMPTZ' }),
      ip: z.ipv6(),
      bytes: z.base64(),
    });
    expect(fieldsOf(zod)).toEqual(fields);
  });

  test.each<[string, z.ZodType, string]>([
    [
      'a type that there is not',
      z.string().meta({ columnType: 'MONEY' }),
      'the column type of "v" is none that can be declared',
    ],
    ['more digits behind the point than in all', decimal(2, 3), 'the column type of "v" is none that can be declared'],
    ['more digits than there are', decimal(39, 2), 'the column type of "v" is none that can be declared'],
    [
      'a decimal of a date',
      z.iso.date().meta({ columnType: 'DECIMAL(3,1)' }),
      '"v" cannot be DECIMAL(3,1): its zod schema says DATE',
    ],
    [
      'a small integer of a text',
      z.string().meta({ columnType: 'SMALLINT' }),
      '"v" cannot be SMALLINT: its zod schema says VARCHAR',
    ],
    [
      'a decimal with the length of a text',
      z.string().max(3).meta({ columnType: 'DECIMAL(3,1)' }),
      '"v" is DECIMAL(3,1), and its checks are those of a text',
    ],
  ])('%s is refused', (_, schema, problem) => {
    expect(() => fieldOf(schema)).toThrow(
      expect.objectContaining({
        name: 'ContractUnsupportedError',
        problem,
        received: expect.anything(),
        allowed: expect.anything(),
        change: 'correct .meta({ columnType })',
      }),
    );
  });
});

test('lists and objects are as confined as the most confined value in them', () => {
  const person = z.object({ name: z.string().meta({ classification: 'restricted' }), city: z.string() });
  const [field] = fieldsOf(z.object({ v: z.array(person).optional() }));
  expect(field).toMatchObject({
    type: 'STRUCT("name" VARCHAR, "city" VARCHAR)[]',
    nullable: true,
    classification: 'restricted',
  });
});

test('all columns that cannot be checked are named at once', () => {
  const found = (() => {
    try {
      return fieldsOf(z.object({ a: z.any(), b: z.int(), c: z.string().transform(Number) }));
    } catch (error) {
      return error;
    }
  })();
  expect(found).toBeInstanceOf(AggregateError);
  expect((found as AggregateError).errors.map(({ received }) => received)).toEqual(['a', 'c']);
});

test.each([
  ['a member', (secret: z.ZodType) => z.object({ secret, city: z.string() })],
  ['an element', (secret: z.ZodType) => z.array(secret)],
  ['a member of an element', (secret: z.ZodType) => z.array(z.object({ secret: secret.nullable() })).optional()],
  ['a member of what may be nothing', (secret: z.ZodType) => z.union([z.object({ secret }), z.null()])],
  [
    'a member, whatever is said of the whole',
    (secret: z.ZodType) => z.object({ secret }).meta({ classification: 'public' }),
  ],
])('a column is as confined as %s', (_, around) => {
  const secret = z.string().meta({ classification: 'restricted' });
  expect(fieldsOf(z.object({ column: around(secret) }))[0]!.classification).toBe('restricted');
});

test.each([
  ['date', '2024-02-30'],
  ['timestamp', '2024-13-01'],
  ['timestamp', '2024-02-30T00:00:00Z'],
  ['timestamp', '2024-02-01T25:00:00Z'],
  ['timestamp', '2024-02-30T00:00:00.123456Z'],
  ['time', '23:60:00'],
])('YAML refuses a %s as a bound that there is not: %s', (type, minimum) => {
  const { problems } = readColumns({ v: { type, minimum } }, 'c', (path) => path.join('.'));
  expect(problems).toMatchObject([
    { at: 'v.minimum', received: minimum, allowed: expect.stringContaining('days that there are') },
  ]);
});
