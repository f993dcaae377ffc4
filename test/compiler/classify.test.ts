import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import { ColumnLineage } from '../../lib/component/column-lineage.ts';
import { defineOperator } from '../../lib/component/operator.ts';
import { asItIs } from '../../lib/component/shape.ts';
import { DefinitionInvalidError } from '../../lib/definition/index.ts';
import {
  aggregate,
  contract,
  type Dataset,
  derive,
  drift,
  enrich,
  filter,
  from,
  lake,
  map,
  pipeline,
  rename,
  s3,
  select,
  sort,
  unique,
  window,
} from '../../lib/index.ts';

const person = z.object({
  id: z.int().meta({ classification: 'internal' }),
  name: z.string().meta({ classification: 'confidential' }).nullable(),
  ssn: z.string().meta({ classification: 'restricted' }),
  city: z.string(),
});
const people = from(s3({ prefix: 'landing/people/', format: 'csv' }), person);

/** As an operator that masks says of itself. */
const hide = defineOperator({
  component: 'hide',
  schema: z.strictObject({ column: z.string() }),
  author: (column: string) => ({ options: { column } }),
  shape: ({ column }, { input }) => ({
    form: 'project',
    columns: input.map((one) =>
      one.name === column ? { name: column, expression: { sql: `md5("${column}"::VARCHAR)` } } : asItIs(one),
    ),
    masks: [column],
  }),
});

const planOf = (dataset: Dataset, options: Omit<Parameters<typeof lake>[0], 'table'> = { clearedFor: 'restricted' }) =>
  compile(pipeline('people', { outputs: [dataset.to(lake({ table: 'people', ...options }))] }));
const classifiedIn = async (dataset: Dataset) =>
  (await planOf(dataset)).nodes.find(({ kind }) => kind === 'output')!.classified;

async function problemsOf(dataset: Dataset, options: Omit<Parameters<typeof lake>[0], 'table'> = {}) {
  try {
    await planOf(dataset, options);
    return [];
  } catch (error) {
    if (!(error instanceof DefinitionInvalidError)) throw error;
    return error.problems;
  }
}

describe('a restricted column that a sink is cleared for', () => {
  const cleared = { table: 'people', clearedFor: 'restricted' } as const;
  const problems = async (dataset: Dataset, more: object, quality: Parameters<typeof pipeline>[1]['quality'] = []) => {
    const outputs = [dataset.to(lake({ ...cleared, ...more }))];
    const error = await compile(pipeline('people', { quality, outputs })).catch((cause: unknown) => cause);
    return (error as DefinitionInvalidError).problems?.map(({ part, problem, change }) => [part, problem, change]);
  };
  const told = (part: string, use: string, why: string) => [
    part,
    `the column "ssn" is restricted and cannot be used for ${use}: ${why}`,
    'take a column without it, or mask "ssn" before',
  ];
  const report = 'its values would stand in the report';

  it('names no folder', async () => {
    expect(await problems(people, { partitionBy: ['ssn', 'city'] })).toEqual([
      told('table.people / partitionBy', 'partitionBy', 'its values would be names of folders'),
    ]);
  });

  it('names none by an expression over it, either', async () => {
    const found = await problems(people, { partitionBy: [{ area: 'left(ssn, 3)' }] });
    expect(found).toMatchObject([
      ['table.people / partitionBy', expect.stringContaining('"area" is restricted'), expect.anything()],
    ]);
  });

  it('orders no table, whose ranges the ledger would hold', async () => {
    const order = told('table.people', 'the order of a table', 'the bounds of its ranges would stand in the ledger');
    expect(await problems(people.pipe(sort({ order: ['ssn'] })), {})).toEqual([order]);
    expect(await problems(people.pipe(sort({ order: ['city'] })), {})).toBeUndefined();
  });

  it('is not profiled, because its values would stand in the report', async () => {
    expect(await problems(people, {}, [drift('ssn'), unique(['ssn'])])).toEqual([
      told('quality / 1-drift', 'drift', report),
    ]);
  });
});

describe('a column is as confined as what it is made of', () => {
  it.each([
    ['as it is', people, { id: 'internal', name: 'confidential', ssn: 'restricted' }],
    ['behind a filter by it', people.pipe(filter("ssn <> ''"), select('city')), undefined],
    ['under another name', people.pipe(select('ssn'), rename({ ssn: 'number' })), { number: 'restricted' }],
    [
      'in an expression with others, the most confined of them',
      people.pipe(derive({ key: 'city || name || id', greeting: "'hello ' || city" }), select('key', 'greeting')),
      { key: 'confidential' },
    ],
    [
      'in groups and measures',
      people.pipe(aggregate({ by: ['name'], measures: { people: 'count(*)', last: 'max(ssn)' } })),
      { name: 'confidential', last: 'restricted' },
    ],
    [
      'from another dataset',
      from(s3({ prefix: 'landing/visits/', format: 'csv' }), z.object({ person: z.int(), day: z.iso.date() })).pipe(
        enrich({ with: people, on: 'person = id', take: { secret: 'ssn', town: 'city' } }),
      ),
      { secret: 'restricted' },
    ],
    ['masked', people.pipe(hide('ssn'), hide('id')), { id: 'internal', name: 'confidential', ssn: 'confidential' }],
    [
      'out of a function that sees all of the row, unless it says otherwise',
      people.pipe(
        map(z.object({ a: z.string(), b: z.string().meta({ classification: 'public' }) }), ({ city }) => ({
          a: city,
          b: city,
        })),
      ),
      { a: 'restricted', b: 'public' },
    ],
  ] as const)('%s', async (_, dataset, expected) => {
    expect(await classifiedIn(dataset as Dataset)).toEqual(expected);
  });
});

describe('a column that a sink is not cleared for', () => {
  it('is an error that names it, and what can be done', async () => {
    const [problem, ...more] = await problemsOf(people.pipe(rename({ ssn: 'number' })));
    expect(more).toEqual([]);
    expect(problem).toMatchObject({
      at: expect.stringMatching(/^test\/compiler\/classify\.test\.ts:\d+:\d+$/),
      part: 'table.people / number',
      problem: 'the column "number" is restricted, and the sink is not cleared for it',
      received: 'restricted',
      allowed: 'columns that are confidential or less confined',
      change: `mask "number" before, leave it out with select, or clear the sink: clearedFor: 'restricted'`,
    });
  });

  it.each([
    ['restricted ones by default', {}, ['ssn']],
    ['none where it is cleared for all', { clearedFor: 'restricted' }, []],
    ['all above what it is cleared for', { clearedFor: 'internal' }, ['name', 'ssn']],
    ['all that is classified, at the least', { clearedFor: 'public' }, ['id', 'name', 'ssn']],
  ] as const)('%s', async (_, options, expected) => {
    expect((await problemsOf(people, options)).map(({ part }) => part)).toEqual(
      expected.map((column) => `table.people / ${column}`),
    );
  });

  it.each([
    ['orders them', { by: ['city'], order: ['ssn'] }],
    ['says which of them it looks at', { by: ['ssn'], order: ['city'] }],
  ])('is within what looks at other rows, where it %s', async (_, rows) => {
    const looking = people.pipe(window({ ...rows, columns: { before: 'lag(id)', place: 'row_number()' } }));
    const parts = (await problemsOf(looking.pipe(select('before', 'place')))).map(({ part }) => part);
    expect(parts).toEqual(['table.people / before', 'table.people / place']);
  });

  it('may pass once it is masked or left out', async () => {
    expect(await problemsOf(people.pipe(hide('ssn')))).toEqual([]);
    expect(await problemsOf(people.pipe(select('id', 'name')))).toEqual([]);
  });
});

it('a masked column is known as such in its lineage, unless it comes through open as well', async () => {
  const plan = await planOf(
    people.pipe(derive({ hidden: 'ssn', both: 'ssn' }), hide('hidden'), derive({ both: 'hidden || ssn' })),
  );
  const lineage = new ColumnLineage(plan);
  expect(lineage.origins('table.people', 'hidden')).toMatchObject([{ column: 'ssn', masked: true }]);
  expect(lineage.origins('table.people', 'both')[0]!.masked).toBeUndefined();
});

describe('a classification', () => {
  it('in the options of a contract goes before the one of the field', async () => {
    const said = contract(person, { classification: { ssn: 'internal', city: 'public' } });
    const other = from(s3({ prefix: 'landing/people/', format: 'csv' }), said);
    expect(await classifiedIn(other)).toEqual({
      id: 'internal',
      name: 'confidential',
      ssn: 'internal',
      city: 'public',
    });
  });

  it('in the options of a contract does not open what a structure or a list holds', async () => {
    const inside = z.object({
      id: z.int(),
      file: z.object({ ssn: z.string().meta({ classification: 'restricted' }) }),
      names: z.array(z.string().meta({ classification: 'restricted' })),
    });
    const said = contract(inside, { classification: { id: 'internal', file: 'internal', names: 'public' } });
    const other = from(s3({ prefix: 'landing/people/', format: 'ndjson' }), said);
    expect(await classifiedIn(other)).toEqual({ id: 'internal', file: 'restricted', names: 'restricted' });
  });

  it.each([
    ['misspelt', 'restrictd', 'did you mean "restricted"?'],
    ['of another type', 4, 'give one of these'],
  ])('that is %s is refused', async (_, classification, change) => {
    const record = z.object({ a: z.string().meta({ classification } as never) });
    const [problem] = await problemsOf(from(s3({ prefix: 'landing/a/', format: 'csv' }), record));
    expect(problem).toMatchObject({
      problem: 'the classification of column "a" is none',
      received: classification,
      allowed: ['public', 'internal', 'confidential', 'restricted'],
      change,
    });
  });

  it('changes no plan that has none', async () => {
    const plain = from(s3({ prefix: 'landing/a/', format: 'csv' }), z.object({ a: z.string() }));
    expect(JSON.stringify(await planOf(plain, {}))).not.toContain('classif');
  });
});
