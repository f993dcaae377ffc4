import { describe, expect, it } from 'vitest';
import { compile, withFurtherProblems } from '../../../lib/compiler/index.ts';
import { DefinitionInvalidError, type Problem } from '../../../lib/definition/index.ts';
import { readPipeline } from '../../../lib/definition/yaml/read-pipeline.ts';
import { components } from '../../../lib/registry/components.ts';

const good = `pipeline: shop
on:
  - fileArrives: landing/sales/
sources:
  sales:
    from: { s3: { prefix: landing/sales/, format: csv } }
    contract:
      columns: { id: integer, order: integer, shop: string, amount: number, unit price: number }
  shops:
    from: { s3: { key: reference/shops.csv } }
    contract: { columns: { shop: string, name: string? } }
datasets:
  clean:
    from: sales
    pipe:
      - filter: amount > 0
      - derive: { columns: { double: amount * 2 } }
      - enrich: { with: shops, on: shop = shop, take: [name] }
      - deduplicate: [id]
outputs:
  - from: clean
    to: { lake: { table: sales, partitionBy: [shop] } }
quality:
  - complete: { column: name, atLeast: 0.5 }
gate: { pass: 0.9 }
resources: { concurrency: 4 }
`;

async function problemsOf(text: string): Promise<readonly Problem[]> {
  const surroundings = {
    components,
    readText: async () => {
      throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    },
    importModule: async () => ({ rate: () => ({}), limit: 3 }),
  };
  try {
    await compile(await readPipeline(text, 'p.yaml', surroundings));
    return [];
  } catch (error) {
    if (!(error instanceof DefinitionInvalidError)) throw error;
    return (await withFurtherProblems(error)).problems;
  }
}

/** `file:line:column` of a text in the changed file. */
function placeOf(text: string, part: string): string {
  const before = text.slice(0, text.indexOf(part)).split('\n');
  return `p.yaml:${before.length}:${before.at(-1)!.length + 1}`;
}

it('finds nothing in a pipeline that is in order', async () => {
  expect(await problemsOf(good)).toEqual([]);
});

describe('one mistake is one problem, of four parts, at its place', () => {
  it.each([
    ['a misspelt section', 'outputs:', 'ouputs:', 'ouputs', 'did you mean "outputs"?'],
    ['a misspelt name', 'pipeline: shop', 'pipline: shop', 'pipline', 'did you mean "pipeline"?'],
    ['a name with capitals', 'pipeline: shop', 'pipeline: Shop', 'Shop', 'rename the pipeline'],
    ['a misspelt trigger', 'fileArrives:', 'fileArives:', 'fileArives', 'did you mean "fileArrives"?'],
    [
      'a trigger outside of the landing zone',
      'landing/sales/\nsources',
      'sales/\nsources',
      'sales/\nsources',
      'landing/',
    ],
    [
      'an operator of events that there is not',
      'fileArrives: landing/sales/\nsources',
      'event: { source: com.shop, detail: { shop: [{ prefx: eu }] } }\nsources',
      'eu }] } }',
      'did you mean "prefix"?',
    ],
    ['a type of a database', 'amount: number', 'amount: double?', 'double?', 'did you mean "number"?'],
    ['a type of a program', 'id: integer', 'id: bigint', 'bigint', 'did you mean "integer"?'],
    [
      'the end of a name',
      '{ concurrency: 4 }',
      '{ memoryMegabytes: 512 }',
      'memoryMegabytes',
      'did you mean "workerMemoryMegabytes"?',
    ],
    ['a misspelt connector', '{ s3: { prefix', '{ s4: { prefix', 's4: {', 'did you mean "s3"?'],
    ['an operator where a connector goes', '{ s3: { prefix', '{ filter: { prefix', 'filter: {', 'name a source'],
    ['a misspelt option of a connector', 'prefix: landing', 'prefx: landing', 'prefx', 'did you mean "prefix"?'],
    ['an unknown format', 'format: csv', 'format: cvs', 'cvs', 'did you mean "csv"?'],
    [
      'no contract',
      'contract: { columns: { shop: string, name: string? } }',
      '',
      'from: { s3: { key',
      'name the columns',
    ],
    [
      'a contract file that is not there',
      '{ columns: { shop: string, name: string? } }',
      'shops.yaml',
      'shops.yaml',
      'correct the path',
    ],
    ['a misspelt type', 'id: integer', 'id: intger', 'intger', 'did you mean "integer"?'],
    ['a type of SQL', 'id: integer', 'id: varchar', 'varchar', 'did you mean "string"?'],
    ['a type of nobody', 'id: integer', 'id: gizmo', 'gizmo', 'give one of these types'],
    ['an option of another type', 'amount: number', 'amount: { type: number, minLength: 2 }', 'minLength', 'minLength'],
    [
      'a bound that is no number',
      'amount: number',
      'amount: { type: number, minimum: low }',
      'low',
      'give minimum a number',
    ],
    [
      'no values in a set',
      'shop: string, amount',
      'shop: { type: string, enum: [] }, amount',
      '[]',
      'at least 1 element',
    ],
    ['a dataset that there is not', 'from: clean', 'from: claen', 'claen', 'did you mean "clean"?'],
    ['a dataset of itself', 'from: sales', 'from: clean', 'clean\n', 'read from another dataset'],
    ['a misspelt operator', '- filter:', '- filtr:', 'filtr', 'did you mean "filter"?'],
    ['an abbreviated operator', '- deduplicate:', '- dedupe:', 'dedupe', 'did you mean "deduplicate"?'],
    [
      'a rule where an operator goes',
      '- filter: amount > 0',
      '- complete: amount',
      'complete: amount',
      'name an operator',
    ],
    [
      'two operators in one',
      '- filter: amount > 0',
      '- { filter: amount > 0, sanitize: }',
      '{ filter',
      'a colon and its options',
    ],
    ['an operator without its option', '- filter: amount > 0', '- filter', 'filter', 'give condition a text'],
    ['a number for a text', '- filter: amount > 0', '- filter: 37', '37', 'give condition a text'],
    ['a text for a list', '[id]', '{ key: id }', 'id }', 'write [id]'],
    [
      'options one level too high',
      '{ columns: { double: amount * 2 } }',
      '{ double: amount * 2 }',
      'double',
      'put it below "columns"',
    ],
    ['a second document', 'gate: { pass: 0.9 }', '---\ngate: { pass: 0.9 }', '---', 'a file of its own'],
    ['a list under another name', 'deduplicate: [id]', 'sort: { by: [id] }', 'by', 'give "order" instead'],
    ['brackets in a mapping of one line', 'name: string? } }', 'name: string[]? } }', '[]?', "write 'string[]?'"],
    ['a column of one letter', 'amount > 0', 'x > 0', 'x > 0', 'name one of the columns'],
    ['a misspelt column', 'amount > 0', 'amuont > 0', 'amuont > 0', 'did you mean "amount"?'],
    ['a word of SQL as a column', 'amount > 0', 'order > 0', 'order > 0', 'write "order" > 0'],
    ['a column with a space', 'amount * 2', 'unit price * 2', 'unit price * 2', 'write "unit price" * 2'],
    ['half an expression', 'amount * 2', 'amount *', 'amount *', 'rewrite the expression'],
    ['a statement', 'amount > 0', 'amount from sales', 'amount from', 'rewrite the expression'],
    ['an aggregate in a row', 'amount * 2', 'sum(amount)', 'sum(amount)', 'rewrite the expression'],
    ['a condition that is none', 'amount > 0', 'amount + 1', 'amount + 1', 'rewrite the expression'],
    ['types that do not go together', 'amount * 2', 'amount || 2 - shop', 'amount || 2', 'cast the arguments'],
    ['another dataset that is not given', 'with: shops, ', '', 'enrich', 'with: <name>'],
    ['a column of the other dataset', 'take: [name]', 'take: [nme]', 'nme', 'did you mean "name"?'],
    ['a key that there is not', '[id]', '[idd]', 'idd', 'did you mean "id"?'],
    ['a sink that there is not', '{ lake: { table', '{ lak: { table', 'lak:', 'did you mean "lake"?'],
    ['a misspelt option of a sink', 'table: sales', 'tabel: sales', 'tabel', 'did you mean "table"?'],
    ['a partition by a column that there is not', '[shop] }', '[shp] }', 'shp', 'did you mean "shop"?'],
    ['a misspelt rule', '- complete:', '- complet:', 'complet', 'did you mean "complete"?'],
    ['a rule about a column that there is not', 'column: name', 'column: nam', 'complete', 'did you mean "name"?'],
    ['a share beyond 1', 'atLeast: 0.5', 'atLeast: 50', '50', 'at most 1'],
    ['a gate beyond 1', 'pass: 0.9', 'pass: 90', '90', 'give gate.pass at most 1'],
    ['a gate that nothing could pass by review', 'pass: 0.9 ', 'pass: 0.9, review: 0.95 ', '0.95', 'lower `review`'],
    ['a misspelt resource', 'concurrency', 'concurency', 'concurency', 'did you mean "concurrency"?'],
    ['too little of a resource', 'concurrency: 4', 'concurrency: 1', '1 }', 'at least 2'],
    ['a name twice', '  clean:\n', '  clean:\n    from: sales\n  clean:\n', undefined, 'correct the text here'],
    ['a tab', '    from: sales', '\tfrom: sales', undefined, 'correct the text here'],
    ['a value that a comma cuts', 'id: integer', 'id: decimal(12,2)', 'decimal', 'put the whole value into quotes'],
    [
      'a dataset that leads nowhere',
      'datasets:',
      'datasets:\n  spare: { from: sales, pipe: [sanitize] }',
      'spare',
      'read from it, or remove it',
    ],
  ] as const)('%s', async (_, right, wrong, at, change) => {
    expect(good).toContain(right);
    const text = good.replace(right, wrong);
    const problems = await problemsOf(text);
    expect(problems, JSON.stringify(problems, null, 1)).toHaveLength(1);
    const [problem] = problems;
    expect(problem!.change).toContain(change);
    if (at !== undefined) expect(problem!.at).toBe(placeOf(text, at));
    else expect(problem!.at).toMatch(/^p\.yaml:\d+:\d+$/);
    for (const one of problems) {
      expect(one.problem).not.toMatch(/^[A-Z]|\.$/);
      expect([one.received, JSON.stringify(one.allowed)], one.problem).toEqual([
        expect.anything(),
        expect.stringMatching(/\w/),
      ]);
      expect(one.change).toBeTruthy();
    }
  });
});

it('shows all problems of a file at once, from its top', async () => {
  const text = [
    ['every', 'fileArrives: landing', 'cron: landing'],
    ['format', 'format: csv', 'format: cvs'],
    ['column', 'amount > 0', 'amuont > 0'],
    ['unknown', '[id]', '{ keys: [id] }'],
    ['sink', 'table: sales', 'table: Sales'],
    ['rule', 'column: name', 'columns: name'],
    ['gate', 'pass: 0.9', 'pass: 9'],
  ].reduce((text, [, right, wrong]) => text.replace(right!, wrong!), good);
  const problems = await problemsOf(text);
  const lines = problems.map(({ at }) => Number(at!.split(':')[1]));
  expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  expect(new Set(lines)).toEqual(new Set([3, 6, 16, 19, 22, 24, 25]));
});

it('goes on behind a filter whose condition is wrong, and looks at every column of a derive', async () => {
  const text = good
    .replace('amount > 0', 'amuont > 0')
    .replace('{ double: amount * 2 }', '{ double: amnt * 2, treble: mount * 3 }');
  expect((await problemsOf(text)).map(({ received }) => received)).toEqual(['amuont', 'amnt', 'mount']);
});

it('looks at a source from which a misspelt name reads, too', async () => {
  const wrong = good.replace('from: sales\n    pipe', 'from: salse\n    pipe').replace('format: csv', 'format: csvv');
  expect((await problemsOf(wrong)).map(({ received }) => received)).toEqual(['csvv', 'salse']);
});
