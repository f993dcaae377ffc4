import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import type { PipelineOptions } from '../../lib/definition/index.ts';
import { readPipeline } from '../../lib/definition/yaml/read-pipeline.ts';
import { every, fileArrives, filter, from, lake, pipeline, s3 } from '../../lib/index.ts';
import { lakePlaces } from '../../lib/infra/permissions/lake-access.ts';
import { components } from '../../lib/registry/components.ts';
import { problemsOf } from '../fixtures/engine/problems.ts';

const sales = (condition = "day >= param('since')", prefix = 'landing/sales/') =>
  from(s3({ prefix, format: 'ndjson' }), z.object({ id: z.int(), day: z.iso.date() }))
    .pipe(filter(condition))
    .to(lake({ table: 'sales' }));
const options = (more: Partial<PipelineOptions> = {}, ...source: Parameters<typeof sales>): PipelineOptions => ({
  parameters: { since: 'date' },
  outputs: [sales(...source)],
  ...more,
});
const problems = (...given: Parameters<typeof options>) => problemsOf(() => pipeline('sales', options(...given)));

describe('parameters of a pipeline', () => {
  test('are part of the plan, and the same from YAML', async () => {
    const parameters = {
      since: 'date',
      country: { type: 'string', default: 'DE' },
      n: { type: 'integer', default: 9007199254740993n },
    };
    const given = options(
      { parameters } as Partial<PipelineOptions>,
      "id > param('n') AND day > param('since')",
      'landing/{country}/sales/',
    );
    const plan = await compile(pipeline('sales', given));
    expect(plan.parameters).toEqual({
      since: { type: 'date' },
      country: { type: 'string', default: 'DE' },
      n: { type: 'integer', default: '9007199254740993' },
    });
    const text = `
pipeline: sales
parameters: { since: date, country: { type: string, default: DE }, n: { type: integer, default: 9007199254740993 } }
sources:
  sales:
    from: { s3: { prefix: 'landing/{country}/sales/', format: ndjson } }
    contract: { columns: { id: integer, day: date } }
datasets:
  late: { from: sales, pipe: [{ filter: "id > param('n') AND day > param('since')" }] }
outputs:
  - { from: late, to: { lake: { table: sales } } }
`;
    const surroundings = { components, readText: async () => '', importModule: async () => ({}) };
    expect((await compile(await readPipeline(text, 'sales.yaml', surroundings))).digest).toBe(plan.digest);
    // Whatever the country is, functions may read what lies above it, and nothing besides.
    expect(lakePlaces(plan).sources).toEqual(['landing/']);
  });

  test.each([
    ['an unknown one', {}, "day > param('sinc')", 'the pipeline has no parameter "sinc"', 'did you mean "since"?'],
    ['none at all', { parameters: {} }, "day > param('since')", 'the pipeline has no parameter "since"', 'declare it'],
    ['one of another type', {}, "id > param('since')", 'cannot stand here', 'cast one side'],
    ['a computed name', {}, 'day > param(id::varchar)', 'takes the name of a parameter alone', 'single quotes'],
    ["DuckDB's own form", {}, 'day > $since', 'it holds a parameter', "param('<name>')"],
  ])('%s is refused in an expression', async (_, more, condition, problem, change) => {
    const [found] = await problems(more, condition);
    expect(found).toMatchObject({ part: 'sales.1-filter / condition', at: expect.any(String) });
    expect(found!.problem).toContain(problem);
    expect(found!.change).toContain(change);
  });

  test.each([
    [
      'nobody takes',
      { parameters: { since: 'date', other: 'date' } },
      'no expression and no source takes this parameter',
    ],
    ['no trigger gives', { on: [every('1 day')] }, 'what a trigger starts is given no value for it'],
    ['no file gives', { on: [fileArrives('landing/sales/')] }, 'what a trigger starts is given no value for it'],
    [
      'has a default of another type',
      { parameters: { since: { type: 'date', default: 'soon' } } },
      'is not a value of the type date',
    ],
    [
      'has a default that JavaScript may have rounded',
      { parameters: { since: 'date', n: { type: 'integer', default: 2 ** 53 } } },
      'is not a value of the type integer',
    ],
    ['has an unknown type', { parameters: { since: 'day' } }, 'cannot have this value'],
    [
      'has a twin',
      { parameters: { since: 'date', sincE: 'date' } },
      'two parameters differ in upper and lower case alone',
    ],
    ['has a name that is none', { parameters: { since: 'date', 'a b': 'date' } }, 'is not the name of a parameter'],
  ])('one that %s is refused', async (_, more, problem) => {
    const found = await problems(more as Partial<PipelineOptions>);
    expect(found.map((one) => one.problem).join()).toContain(problem);
    for (const one of found)
      expect(one).toMatchObject({
        received: expect.anything(),
        allowed: expect.anything(),
        change: expect.any(String),
      });
  });

  test.each([
    ['{sinze}', 'the pipeline has no parameter "sinze"'],
    ['{n}', 'a number can not be a part of a key'],
    ['{c}', 'the default of "c" can not be a part of a key'],
  ])('%s in a prefix is refused', async (slot, problem) => {
    const parameters = { since: 'date', n: 'number', c: { type: 'string', default: '../x' } } as const;
    const [found] = await problems({ parameters }, undefined, `landing/${slot}/`);
    expect(found).toMatchObject({ problem, part: expect.stringContaining('/ prefix') });
  });
});
