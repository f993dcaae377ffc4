import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { contract, planContract } from '../../../lib/component/contract.ts';
import { readOdcs } from '../../../lib/definition/odcs/read-odcs.ts';
import { readColumns } from '../../../lib/definition/yaml/contract-columns.ts';
import { parseYamlFile } from '../../../lib/definition/yaml/yaml-file.ts';

/** The same column said three times: as zod, as ODCS, and in a pipeline file. */
const columns: readonly [title: string, zod: z.ZodType, odcs: string, inline: string][] = [
  ['text', z.string(), 'logicalType: string, required: true', 'string'],
  [
    'a list',
    z.array(z.string().nullable()).min(1).nullable(),
    'logicalType: array, physicalType: "array<string>", items: { logicalType: string }, logicalTypeOptions: { minItems: 1 }',
    '{ type: list?, of: string?, minItems: 1 }',
  ],
  [
    'a list without twins',
    z.array(z.int()).meta({ uniqueItems: true }),
    'logicalType: array, required: true, items: { logicalType: integer, required: true }, logicalTypeOptions: { uniqueItems: true }',
    '{ type: list, of: integer, uniqueItems: true }',
  ],
  [
    'an object of so many members',
    z.object({ a: z.int().nullable(), b: z.int().nullable() }).meta({ minProperties: 1, maxProperties: 1 }),
    'logicalType: object, required: true, properties: [{ name: a, logicalType: integer }, { name: b, logicalType: integer }], logicalTypeOptions: { minProperties: 1, maxProperties: 1 }',
    '{ type: object, members: { a: integer?, b: integer? }, minProperties: 1, maxProperties: 1 }',
  ],
  [
    'an object with a restricted member',
    z.object({
      street: z.string().max(80).nullable(),
      zip: z.string().regex(/^\d+$/),
      born: z.iso.date().meta({ classification: 'restricted' }),
    }),
    'logicalType: object, required: true, logicalTypeOptions: { required: [born] }, properties: [{ name: street, logicalType: string, physicalType: varchar(80) }, ' +
      '{ name: zip, logicalType: string, required: true, logicalTypeOptions: { pattern: "^\\\\d+$" } }, { name: born, logicalType: date, classification: Restricted }]',
    '{ type: object, members: { street: { type: string?, maxLength: 80 }, zip: { type: string, pattern: "^\\\\d+$" }, born: { type: date, classification: restricted } } }',
  ],
  [
    'a list of objects with lists',
    z.array(
      z.object({
        item: z.string(),
        price: z.number().meta({ columnType: 'DECIMAL(9,2)' }),
        kind: z.enum(['a', 'b']).nullable(),
        tags: z.array(z.int32()).nullable(),
      }),
    ),
    'logicalType: array, required: true, items: { required: true, logicalType: object, properties: [{ name: item, logicalType: string, required: true }, ' +
      '{ name: price, logicalType: number, physicalType: "decimal(9,2)", required: true }, ' +
      '{ name: kind, logicalType: string, quality: [{ metric: invalidValues, mustBe: 0, arguments: { validValues: [a, b] } }] }, ' +
      '{ name: tags, logicalType: array, items: { logicalType: integer, required: true, logicalTypeOptions: { format: i32 } } }] }',
    '{ type: list, of: { type: object, members: { item: string, price: "decimal(9,2)", kind: { type: string?, enum: [a, b] }, tags: { type: list?, of: { type: integer, format: i32 } } } } }',
  ],
  ['text that may be missing', z.string().nullable(), 'logicalType: string', 'string?'],
  [
    'text of a length',
    z.string().max(5).min(2),
    'logicalType: string, required: true, logicalTypeOptions: { minLength: 2, maxLength: 5 }',
    '{ type: string, minLength: 2, maxLength: 5 }',
  ],
  [
    'text of a width in the database',
    z.string().max(18),
    'logicalType: string, physicalType: varchar(18), required: true',
    '{ type: string, maxLength: 18 }',
  ],
  [
    'text like a pattern',
    z.string().regex(/^[A-Z]{2}\/\d+$/),
    'logicalType: string, required: true, logicalTypeOptions: { pattern: "^[A-Z]{2}/\\\\d+$" }',
    '{ type: string, pattern: "^[A-Z]{2}/\\\\d+$" }',
  ],
  [
    'an e-mail address',
    z.email(),
    'logicalType: string, required: true, logicalTypeOptions: { format: email }',
    '{ type: string, format: email }',
  ],
  ['a UUID', z.uuid(), 'physicalType: uuid, required: true', '{ type: string, format: uuid }'],
  [
    'one of a set',
    z.enum(['a', "b'c"]).nullable(),
    `logicalType: string, quality: [{ metric: invalidValues, mustBe: 0, arguments: { validValues: [a, "b'c"] } }]`,
    `{ type: string?, enum: [a, "b'c"] }`,
  ],
  [
    'one of a set, as version 3.2 says it',
    z.enum(['a', 'b']),
    'logicalType: string, required: true, enum: [{ value: a, label: A }, { value: b }]',
    '{ type: string, enum: [a, b] }',
  ],
  [
    'one of a few numbers',
    z.literal([1, 2]),
    'logicalType: integer, required: true, enum: [{ value: 1 }, { value: 2 }]',
    '{ type: integer, enum: [1, 2] }',
  ],
  ['an integer', z.int(), 'logicalType: integer, required: true', 'integer'],
  [
    'an integer within bounds',
    z.int().max(400).positive(),
    'logicalType: integer, required: true, logicalTypeOptions: { exclusiveMinimum: 0, maximum: 400 }',
    '{ type: integer, exclusiveMinimum: 0, maximum: 400 }',
  ],
  [
    'an integer of 32 bits',
    z.int32(),
    'logicalType: integer, required: true, logicalTypeOptions: { format: i32 }',
    '{ type: integer, format: i32 }',
  ],
  [
    'an integer of the database',
    z.int32(),
    'logicalType: integer, physicalType: INT, required: true',
    '{ type: integer, format: i32 }',
  ],
  [
    'an integer without a sign',
    z.uint32().multipleOf(5),
    'logicalType: integer, required: true, logicalTypeOptions: { format: u32, multipleOf: 5 }',
    '{ type: integer, format: u32, multipleOf: 5 }',
  ],
  [
    'a decimal in steps',
    z.number().multipleOf(0.05).meta({ columnType: 'DECIMAL(12,2)' }),
    'logicalType: number, physicalType: "decimal(12,2)", required: true, logicalTypeOptions: { multipleOf: 0.05 }',
    '{ type: "decimal(12,2)", multipleOf: 0.05 }',
  ],
  [
    'a number',
    z.number().min(0.5).lt(1e6),
    'logicalType: number, required: true, logicalTypeOptions: { minimum: 0.5, exclusiveMaximum: 1000000 }',
    '{ type: number, minimum: 0.5, exclusiveMaximum: 1000000 }',
  ],
  ['a number of 32 bits', z.float32(), 'physicalType: REAL, required: true', '{ type: number, format: f32 }'],
  ['a number of as many bits as a database likes', z.number(), 'physicalType: FLOAT, required: true', 'number'],
  ['a boolean', z.boolean(), 'logicalType: boolean, required: true', 'boolean'],
  ['a date', z.iso.date(), 'logicalType: date, required: true, logicalTypeOptions: { format: yyyy-MM-dd }', 'date'],
  ['a time of day', z.iso.time(), 'logicalType: time, required: true', 'time'],
  [
    'a moment within bounds',
    z.date().min(new Date('2001-01-01T00:00:00Z')),
    'logicalType: timestamp, required: true, logicalTypeOptions: { minimum: "2001-01-01T00:00:00Z", timezone: true }',
    '{ type: timestamp, minimum: 2001-01-01 }',
  ],
  [
    'what is required by a rule',
    z.string(),
    'logicalType: string, quality: [{ metric: nullValues, mustBe: 0 }]',
    'string',
  ],
  [
    'what is beyond 2^53',
    z.int64().min(-9223372036854775807n),
    'logicalType: integer, required: true, logicalTypeOptions: { format: i64, minimum: -9223372036854775807 }',
    '{ type: integer, minimum: -9223372036854775807 }',
  ],
];

const odcsFile = (property: string) => `
apiVersion: v3.1.0
kind: DataContract
id: things
version: 1.0.0
status: active
schema:
  - name: things
    properties:
      - { name: a, ${property} }
`;

function fieldsOfOdcs(property: string) {
  const { record, problems } = readOdcs(odcsFile(property), 'things.yaml');
  expect(problems).toEqual([]);
  return record!.fields;
}

function fieldsInline(column: string) {
  const { value, locate } = parseYamlFile(`a: ${column}`, 'pipeline.yaml');
  const { fields, problems } = readColumns(value, 'columns', locate);
  expect(problems).toEqual([]);
  return fields;
}

describe('a column gives the same in zod, in ODCS and in a pipeline file', () => {
  it.each(columns)('%s', async (_, schema, odcs, inline) => {
    const { fields } = await planContract(contract(z.object({ a: schema })), 'things');
    expect(fieldsOfOdcs(odcs)).toEqual(fields);
    expect(fieldsInline(inline)).toEqual(fields);
  });
});

describe('what zod cannot say', () => {
  it('is a decimal', () => {
    const field = [{ name: 'a', type: 'DECIMAL(12,2)', nullable: true, rules: [] }];
    expect(fieldsOfOdcs('logicalType: number, physicalType: "numeric(12,2)"')).toEqual(field);
    expect(fieldsInline('decimal(12,2)?')).toEqual(field);
  });

  it('is a bound of dates', () => {
    const rules = [{ name: 'a <= 2024-12-31', expression: `"a" <= '2024-12-31'`, message: 'is above 2024-12-31' }];
    const field = [{ name: 'a', type: 'DATE', nullable: false, rules }];
    expect(fieldsOfOdcs('logicalType: date, required: true, logicalTypeOptions: { maximum: 2024-12-31 }')).toEqual(
      field,
    );
    expect(fieldsInline('{ type: date, maximum: 2024-12-31 }')).toEqual(field);
  });

  it('is a value that stands for nothing', () => {
    const rules = [{ name: 'a is given', expression: `NOT ("a" IN ('', 'N/A'))`, message: 'counts as missing' }];
    const property =
      "logicalType: string, quality: [{ metric: missingValues, mustBe: 0, arguments: { missingValues: [null, '', N/A] } }]";
    expect(fieldsOfOdcs(property)).toEqual([{ name: 'a', type: 'VARCHAR', nullable: false, rules }]);
  });
});
