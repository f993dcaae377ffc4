import { describe, expect, it } from 'vitest';
import { compile } from '../../../lib/compiler/index.ts';
import { readOdcs } from '../../../lib/definition/odcs/read-odcs.ts';
import { from, lake, odcs, pipeline, s3 } from '../../../lib/index.ts';

const head = `apiVersion: v3.1.0
kind: DataContract
id: things
version: 1.0.0
status: active
`;

/** Problems of a contract whose one property stands on line 9. */
function problemsIn(property: string) {
  const { problems } = readOdcs(
    `${head}schema:\n  - name: things\n    properties:\n      - { name: a, ${property} }\n`,
    'c.yaml',
  );
  for (const { problem, received, allowed, change } of problems)
    expect([problem, received, allowed, change].map(String)).toEqual(
      Array(4).fill(expect.stringMatching(/^(?!undefined$).*\S/)),
    );
  return problems;
}

describe('a property that cannot be held against rows is refused', () => {
  it.each([
    ['without a type', 'required: true', 'c.yaml:9:9', /has no type/],
    ['of an unknown type', 'logicalType: strng', 'c.yaml:9:33', /logicalType/],
    ['of a map, whose keys nobody knows', 'logicalType: map', 'c.yaml:9:33', /type map cannot/],
    ['that is an array of nothing', 'logicalType: array', 'c.yaml:9:9', /what its items are/],
    ['that is an object of nothing', 'logicalType: object, properties: []', 'c.yaml:9:9', /has no properties/],
    [
      'that is an array of an unknown type',
      'logicalType: array, items: { logicalType: strng }',
      'c.yaml:9:62',
      /logicalType/,
    ],
    [
      'that is an array whose items say what cannot be held',
      'logicalType: array, items: { logicalType: string, logicalTypeOptions: { pattern: "(" } }',
      'c.yaml:9:101',
      /regular expression/,
    ],
    [
      'with an option that no array has',
      'logicalType: array, items: { logicalType: string }, logicalTypeOptions: { onlyItems: true }',
      'c.yaml:9:94',
      /onlyItems/,
    ],
    [
      'with a key in a column',
      'logicalType: object, properties: [{ name: a, logicalType: integer, primaryKey: true }]',
      'c.yaml:9:99',
      /is no key/,
    ],
    [
      'with another name in a column',
      'logicalType: object, properties: [{ name: a, logicalType: integer, physicalName: b }]',
      'c.yaml:9:101',
      /has one name/,
    ],
    [
      'with two members of one name',
      'logicalType: object, properties: [{ name: a, logicalType: integer }, { name: a, logicalType: date }]',
      'c.yaml:9:97',
      /two properties "a"/,
    ],
    [
      'that requires what it does not have',
      'logicalType: object, logicalTypeOptions: { required: [b] }, properties: [{ name: a, logicalType: integer }]',
      'c.yaml:9:73',
      /no property "b"/,
    ],
    [
      'with a rule for values that are lists',
      'logicalType: array, items: { logicalType: string }, enum: [{ value: a }]',
      'c.yaml:9:78',
      /not one of a set/,
    ],
    ['whose types disagree', 'logicalType: date, physicalType: int', 'c.yaml:9:53', /is no date/],
    [
      'of a nested type that is another one in the database',
      'logicalType: array, items: { logicalType: string }, physicalType: int',
      'c.yaml:9:86',
      /is no array/,
    ],
    ['of a type that no one knows', 'logicalType: string, physicalType: MONEYBAG', 'c.yaml:9:55', /means nothing/],
    ['in another notation', 'logicalType: date, logicalTypeOptions: { format: MM/dd/yyyy }', 'c.yaml:9:69', /notation/],
    [
      'with another time zone',
      'logicalType: timestamp, logicalTypeOptions: { defaultTimezone: Europe/Bern }',
      'c.yaml:9:83',
      /UTC/,
    ],
    [
      'with an option of another type',
      'logicalType: integer, logicalTypeOptions: { minLength: 2 }',
      'c.yaml:9:64',
      /"minLength"/,
    ],
    [
      'with a format that only people know',
      'logicalType: string, logicalTypeOptions: { format: password }',
      'c.yaml:9:71',
      /format/,
    ],
    [
      'with a pattern that is none',
      'logicalType: string, logicalTypeOptions: { pattern: "(" }',
      'c.yaml:9:72',
      /regular expression/,
    ],
    [
      'with a multiple of a fraction',
      'logicalType: number, logicalTypeOptions: { multipleOf: 0.1 }',
      'c.yaml:9:9',
      /fraction/,
    ],
    [
      'of a decimal that is a multiple of too many digits',
      'logicalType: number, physicalType: "decimal(38,0)", logicalTypeOptions: { multipleOf: 0.1 }',
      'c.yaml:9:9',
      /room/,
    ],
    ['of a decimal without its digits', 'logicalType: number, physicalType: numeric', 'c.yaml:9:55', /its digits/],
    ['with a relationship', 'logicalType: string, relationships: [{ to: b.c }]', 'c.yaml:9:41', /relationship/],
    ['with an unknown classification', 'logicalType: string, classification: purple', 'c.yaml:9:57', /classification/],
    ['with an unknown key', 'logicalType: string, requierd: true', 'c.yaml:9:41', /"requierd"/],
    ['that is a measure', 'logicalType: number, semanticType: measure', 'c.yaml:9:55', /measure/],
    [
      'with values of another type',
      'logicalType: integer, enum: [{ value: 1 }, { value: b }]',
      'c.yaml:9:63',
      /not of type integer/,
    ],
  ])('%s', (_, property, at, problem) => {
    expect(problemsIn(property)).toMatchObject([{ at, problem: expect.stringMatching(problem) }]);
  });
});

describe('a quality rule that allows for exceptions, or runs elsewhere, is refused', () => {
  const rule = (text: string) => `logicalType: string, quality: [{ ${text} }]`;
  it.each([
    ['a share of nulls', 'metric: nullValues, mustBeLessThan: 1, unit: percent', /complete/],
    ['a count of duplicates', 'metric: duplicateValues, mustBeLessThan: 10', /unique/],
    ['a count of rows', 'metric: rowCount, mustBeGreaterThan: 10', /number of rows/],
    ['a query', 'type: sql, query: SELECT 1, mustBe: 0', /metric of the library/],
    ['another tool', 'type: custom, engine: soda, implementation: x', /metric of the library/],
    ['a severity below error', 'metric: nullValues, mustBe: 0, severity: warning', /severity/],
    ['no operator', 'metric: nullValues', /mustBe: 0/],
    ['several operators', 'metric: nullValues, mustBe: 0, mustBeLessThan: 1', /mustBe: 0/],
    ['values that nobody names', 'metric: invalidValues, mustBe: 0', /validValues/],
    ['an argument of another rule', 'metric: nullValues, mustBe: 0, arguments: { pattern: x }', /none/],
  ])('%s', (_, text, change) => {
    expect(problemsIn(rule(text))).toMatchObject([
      { at: expect.stringMatching(/^c\.yaml:9:\d+$/), change: expect.stringMatching(change) },
    ]);
  });

  it('but prose about quality is passed over', () => {
    expect(problemsIn(rule('type: text, description: The post office knows the address.'))).toEqual([]);
  });
});

describe('what others hold', () => {
  const sound = `${head}schema:
  - name: things
    relationships: [{ from: [things.a], to: [others.b] }]
    quality: [{ metric: rowCount, mustBeGreaterThan: 5 }, { metric: duplicateValues, mustBe: 0, arguments: { properties: [c] } }]
    properties:
      - name: a
        logicalType: string
        relationships: [{ to: others.id }]
        quality: [{ type: sql, query: SELECT 1, mustBe: 0 }, { metric: nullValues, mustBe: 0 }]
      - { name: b, logicalType: array, items: { logicalType: string, quality: [{ metric: invalidValues, mustBeLessThan: 5, unit: percent, arguments: { pattern: x } }] } }
      - { name: c, logicalType: string }
`;
  const read = (text: string, ...passOver: ('relationships' | 'quality')[]) => readOdcs(text, 'c.yaml', { passOver });

  it('is refused, unless the pipeline says that it leaves it to them', () => {
    const lines = read(sound).problems.map(({ at }) => Number(at!.split(':')[1]));
    expect(lines.toSorted((a, b) => a - b)).toEqual([8, 9, 13, 14, 15]);
    expect(read(sound, 'relationships').problems).toHaveLength(3);
    const { record, problems } = read(sound, 'relationships', 'quality');
    expect(problems).toEqual([]);
    // What a row can keep or break is held all the same.
    expect(record).toMatchObject({
      fields: [{ name: 'a', nullable: false }, { name: 'b' }, { name: 'c' }],
      keys: [['c']],
    });
  });

  it('and a rule that is none is told of at its place all the same', () => {
    const broken = sound.replace('{ metric: nullValues', '{ metric: nulValues');
    expect(read(broken, 'relationships', 'quality').problems).toMatchObject([
      { at: 'c.yaml:14:72', received: 'nulValues', change: 'did you mean "nullValues"?' },
    ]);
  });
});

describe('a contract file', () => {
  const schema = 'schema: [{ name: things, properties: [{ name: a, logicalType: string }] }]\n';

  it('of an older version is refused', () => {
    const { problems } = readOdcs(head.replace('v3.1.0', 'v2.2.2') + schema, 'c.yaml');
    expect(problems).toMatchObject([{ at: 'c.yaml:1:13', allowed: expect.arrayContaining(['v3.1.0']) }]);
  });

  it('may say whatever it likes about people, servers and prices', () => {
    const more =
      'team: { members: [{ username: a }] }\nservers: [{ server: s, type: s3 }]\nprice: { priceAmount: 1 }\n';
    expect(readOdcs(head + more + schema, 'c.yaml')).toMatchObject({ problems: [], record: { version: '1.0.0' } });
  });

  it('shows all of its problems at once', () => {
    const file = `${head}colour: red\nschema:\n  - name: things\n    properties:\n      - { name: a }\n      - { name: b, logicalType: strin }\n`;
    expect(readOdcs(file, 'c.yaml').problems.map(({ at }) => at)).toEqual([
      'c.yaml:6:1',
      'c.yaml:10:9',
      'c.yaml:11:33',
    ]);
  });

  it('with several objects needs to be told which one is meant', () => {
    const two =
      'schema: [{ name: a, properties: [{ name: x, logicalType: string }] }, { name: b, properties: [{ name: y, logicalType: date }] }]\n';
    expect(readOdcs(head + two, 'c.yaml').problems).toMatchObject([{ allowed: ['a', 'b'] }]);
    expect(readOdcs(head + two, 'c.yaml', { object: 'bb' }).problems).toMatchObject([{ change: 'did you mean "b"?' }]);
    expect(readOdcs(head + two, 'c.yaml', { object: 'b' }).record!.fields).toMatchObject([{ name: 'y', type: 'DATE' }]);
  });

  it('that is no YAML is refused with its place', () => {
    expect(readOdcs('a: [1\nb: 2\n', 'c.yaml').problems[0]).toMatchObject({
      at: expect.stringMatching(/^c\.yaml:\d+:\d+$/),
    });
  });
});

describe('keys', () => {
  const read = (properties: string, quality = '[]') =>
    readOdcs(`${head}schema: [{ name: t, quality: ${quality}, properties: [${properties}] }]\n`, 'c.yaml');

  it('come from the primary key in its order, unique properties and rules about duplicates', () => {
    const properties =
      '{ name: a, logicalType: string, primaryKey: true, primaryKeyPosition: 2 }, { name: b, logicalType: string, primaryKey: true, primaryKeyPosition: 1 }, { name: c, logicalType: string, unique: true }';
    const { record } = read(properties, '[{ metric: duplicateValues, mustBe: 0, arguments: { properties: [a, c] } }]');
    expect(record!.keys).toEqual([['b', 'a'], ['c'], ['a', 'c']]);
    expect(record!.fields.map(({ nullable }) => nullable)).toEqual([false, false, true]);
  });

  it('may only name properties', () => {
    const { problems } = read(
      '{ name: abc, logicalType: string }',
      '[{ metric: duplicateValues, mustBe: 0, arguments: { properties: [abd] } }]',
    );
    expect(problems).toMatchObject([{ problem: 'the object has no property "abd"', change: 'did you mean "abc"?' }]);
  });
});

describe('as the examples of the standard have them', () => {
  const typeOf = (property: string) => {
    const { record, problems } = readOdcs(
      `${head}schema: [{ name: t, properties: [{ name: a, ${property} }] }]\n`,
      'c.yaml',
    );
    return record ? record.fields[0]!.type : problems[0]!.problem;
  };

  it.each([
    ['a number that a database holds as an integer', 'logicalType: number, physicalType: int4', 'INTEGER'],
    ['a number that counts itself', 'logicalType: number, physicalType: serial', 'INTEGER'],
    [
      'a date of version 3.0 that is a moment',
      'logicalType: date, physicalType: timestamp, logicalTypeOptions: { minimum: "2020-01-01 00:00:00", format: "yyyy-MM-dd HH:mm:ss" }',
      'TIMESTAMP',
    ],
    ['a date of version 3.0 that is a time', 'logicalType: date, physicalType: time', 'TIME'],
    ['a text with its length in square brackets', 'logicalType: string, physicalType: "varchar[15]"', 'VARCHAR'],
    [
      'a key that need not be required',
      'logicalType: string, primaryKey: true, primaryKeyPosition: 1, required: false',
      'VARCHAR',
    ],
    ['a position of no key', 'logicalType: string, primaryKey: false, primaryKeyPosition: -1', 'VARCHAR'],
  ])('%s is held', (_, property, type) => {
    expect(typeOf(property)).toBe(type);
  });

  it('a physical name is what the column is called in files', () => {
    const text = `${head}schema: [{ name: t, properties: [{ name: reference_date, physicalName: txn_ref_dt, logicalType: date }] }]\n`;
    expect(readOdcs(text, 'c.yaml').record).toMatchObject({
      fields: [{ name: 'reference_date' }],
      aliases: { reference_date: ['txn_ref_dt'] },
    });
  });
});

it('a file that cannot be read is refused at the place that names it', async () => {
  const things = from(s3({ prefix: 'landing/things/', format: 'csv' }), odcs('contracts/nowhere.yaml'));
  const definition = pipeline('things', { outputs: [things.to(lake({ table: 'things' }))] });
  await expect(compile(definition)).rejects.toMatchObject({
    name: 'DefinitionInvalidError',
    problems: [
      {
        at: expect.stringContaining('refusals.test.ts:'),
        problem: "the contract's file cannot be read: ENOENT",
        received: 'contracts/nowhere.yaml',
      },
    ],
  });
});
