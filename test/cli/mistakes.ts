/** One mistake in a pipeline file, and what must be said of it. */
export interface Mistake {
  /** Lines behind the heading, whose last is line 4. */
  readonly code: string;
  /** Instead of the heading. */
  readonly heading?: string;
  readonly at: string;
  readonly problem: string;
  readonly change?: string;
}

const heading = `import { complete, cron, deduplicate, derive, enrich, every, fileArrives, filter, from, lake, map, pipeline, s3, within } from 'penstock';
import * as z from 'zod';
const sale = z.object({ id: z.int(), shop: z.string(), amount: z.number().min(0) });
const sales = from(s3({ prefix: 'landing/sales/', format: 'csv' }), sale);
`;

/** What people get wrong, by the name of the file. */
export const mistakes: Readonly<Record<string, Mistake>> = {
  'wrong-column': {
    code: `const clean = sales.pipe(
  filter('amout > 0'),
);
export default pipeline('wrong-column', { outputs: [clean.to(lake({ table: 't' }))] });`,
    at: '6:3',
    problem: 'there is no column "amout" here',
    change: 'did you mean "amount"?',
  },
  'wrong-type': {
    code: `export default pipeline('wrong-type', { outputs: [sales.pipe(filter('shop + 1 > 2')).to(lake({ table: 't' }))] });`,
    at: '5:62',
    problem: 'shop + 1 > 2',
  },
  'unknown-option': {
    code: `export default pipeline('unknown-option', { outputs: [sales.pipe(deduplicate({ keys: ['id'] })).to(lake({ table: 't' }))] });`,
    at: '5:66',
    problem: 'there is no option "keys"',
    change: 'did you mean "key"?',
  },
  'wrong-format': {
    code: `const other = from(s3({ prefix: 'landing/sales/', format: 'ndjsn' }), sale);
export default pipeline('wrong-format', { outputs: [other.to(lake({ table: 't' }))] });`,
    at: '5:20',
    problem: 'format cannot have this value',
    change: 'did you mean "ndjson"?',
  },
  'two-outputs': {
    code: `export default pipeline('two-outputs', { outputs: [sales.to(lake({ table: 't' })), sales.to(lake({ table: 't' }))] });`,
    at: '5:93',
    problem: 'two outputs write the same table',
  },
  'no-default': {
    code: `export const found = pipeline('no-default', { outputs: [sales.to(lake({ table: 't' }))] });`,
    at: '',
    problem: 'the file does not export a pipeline',
    change: 'make the pipeline the default export',
  },
  'not-a-pipeline': { code: 'export default sales;', at: '', problem: 'the file does not export a pipeline' },
  'syntax-error': {
    code: `const clean = sales.pipe(filter('amount > 0');`,
    at: '5:46',
    problem: 'the file cannot be parsed',
  },
  'typescript-enum': {
    code: 'enum Colour { Red }',
    at: '5:1',
    problem: 'enum is not supported',
    change: 'constant object',
  },
  'no-zod': {
    heading: "import { from } from 'penstock';\n",
    code: 'const sale = z.object({ id: z.int() });',
    at: '2:14',
    problem: 'z is not defined',
    change: "import * as z from 'zod'",
  },
  'not-imported': {
    heading: "import { from } from 'penstock';\n",
    code: "const files = s3({ prefix: 'landing/sales/' });",
    at: '2:15',
    problem: 's3 is not defined',
    change: 'add s3 to what the file imports',
  },
  'missing-package': {
    heading: "import * as z from 'zodd';\n",
    code: '',
    at: '1:20',
    problem: 'imports a package that is not installed',
    change: 'npm install zodd',
  },
  'missing-file': {
    heading: "import { sale } from './contracts/sale.ts';\n",
    code: '',
    at: '1:35',
    problem: 'imports a file that is not there',
  },
  'missing-name': {
    heading: "import { filtr } from 'penstock';\n",
    code: '',
    at: '1:10',
    problem: "does not provide an export named 'filtr'",
    change: 'did you mean "filter"?',
  },
  throws: { code: "throw new Error('no luck');", at: '5:7', problem: 'no luck' },
  'wrong-argument': {
    code: 'const clean = sales.pipe(enrich(undefined as never));',
    at: '5:26',
    problem: 'penstock cannot do with the arguments of this call',
    change: 'correct the arguments',
  },
  'trigger-elsewhere': {
    code: `export default pipeline('trigger-elsewhere', { on: [fileArrives('incoming/')], outputs: [sales.to(lake({ table: 't' }))] });`,
    at: '5:53',
    problem: 'files arrive in the landing zone only',
  },
  'no-interval': {
    code: `export default pipeline('no-interval', { on: [every('2 hour')], outputs: [sales.to(lake({ table: 't' }))] });`,
    at: '5:47',
    problem: 'EventBridge does not know this interval',
  },
  'no-cron': {
    code: `export default pipeline('no-cron', { on: [cron('0 6 * * MON *')], outputs: [sales.to(lake({ table: 't' }))] });`,
    at: '5:43',
    problem: 'EventBridge does not know this cron expression',
  },
  'gate-upside-down': {
    code: `export default pipeline('gate-upside-down', { gate: { pass: 0.5, review: 0.9 }, outputs: [sales.to(lake({ table: 't' }))] });`,
    at: '5:16',
    problem: 'the bound of review lies above the one of pass',
  },
  'gate-in-percent': {
    code: `export default pipeline('gate-in-percent', { gate: { pass: 98 }, outputs: [sales.to(lake({ table: 't' }))] });`,
    at: '5:16',
    problem: 'gate.pass is too large',
  },
  'rule-without-column': {
    code: `export default pipeline('rule-without-column', { quality: [complete('shp')], outputs: [sales.to(lake({ table: 't' }))] });`,
    at: '5:60',
    problem: 'no output has a column "shp"',
    change: 'did you mean "shop"?',
  },
  'a-second-shop': {
    code: `console.log('loading');
export default pipeline('shop', { outputs: [sales.to(lake({ table: 't' }))] });`,
    at: '',
    problem: '',
  },
  shop: {
    code: `export default pipeline('shop', { outputs: [sales.to(lake({ table: 't' }))] });`,
    at: '5:16',
    problem: 'two pipelines have the name "shop"',
  },
};

/** The files of a project with all of them. */
export function mistakenFiles(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(mistakes).map(([name, { code, heading: own = heading }]) => [
      `pipelines/${name}.ts`,
      `${own}${code}\n`,
    ]),
  );
}
