/** Writes `docs/components.md`: every component with its docstring, examples and options. `--check` only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { connectors } from './connectors.ts';
import { operators } from './operators.ts';
import { optionRows } from './option-rows.ts';

const library = join(import.meta.dirname, '..');
const page = join(library, '../docs/components.md');

interface Part {
  readonly title: string;
  readonly schema: z.ZodType;
  /** Whether it takes further datasets. */
  readonly with?: 'one' | 'several' | 'optional';
}

/** What stands above `export default` in the component's file. */
function docstring(path: string): { readonly text: string; readonly examples: readonly string[] } {
  const [above] = readFileSync(join(library, path), 'utf8').split(/^export default /m);
  const comment = above!.slice(above!.lastIndexOf('/**')).replace(/\*\/[\s\S]*/, '');
  const lines = comment.split('\n').map((line) => line.replace(/^\s*(\/\*\*|\*)? ?/, '').trimEnd());
  const examples = lines.filter((line) => line.startsWith('@example ')).map((line) => line.slice('@example '.length));
  return { text: lines.filter((line) => line && !line.startsWith('@')).join('\n'), examples };
}

/** Further datasets are no options: in TypeScript they are values, in YAML names. */
function withRow(part: Part): readonly string[] {
  if (part.with === undefined) return [];
  const several = part.with === 'several';
  return [
    `| \`with\` | ${several ? 'a dataset or a list of them' : 'a dataset'} | ${part.with === 'optional' ? '' : 'required'} | the other dataset${several ? ' or datasets' : ''}; in YAML by name |`,
  ];
}

function section(name: string, path: string, parts: readonly Part[]): string {
  const { text, examples } = docstring(path);
  const tables = parts.flatMap((part) => {
    const { title, schema } = part;
    const rows = optionRows(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    if (rows.length === 0 && part.with === undefined) return [];
    const table = [
      '| option | type | default | |',
      '|---|---|---|---|',
      ...withRow(part),
      ...rows.map((row) => `| ${row.join(' | ')} |`),
    ];
    return [...(title ? [title, ''] : []), ...table, ''];
  });
  return [`### ${name}`, '', text, '', '```ts', ...examples, '```', '', ...tables].join('\n');
}

const fileOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
function takesOf(operator: object): Part['with'] {
  if ('takesOthers' in operator) return 'several';
  if ('takesSide' in operator) return isRule(operator) ? 'optional' : 'one';
  return undefined;
}

const isRule = (operator: object) => 'measure' in operator;
const operatorSections = (rules: boolean) =>
  Object.entries(operators)
    .filter(([, operator]) => isRule(operator) === rules)
    .map(([name, operator]) => {
      const takes = takesOf(operator);
      const part = { title: '', schema: operator.schema as z.ZodType, ...(takes && { with: takes }) };
      return section(name, `operators/${fileOf(name)}.ts`, [part]);
    });
const connectorSections = Object.entries(connectors).map(([name, connector]) =>
  section(
    name,
    `connectors/${fileOf(name)}.ts`,
    (['source', 'sink'] as const).flatMap((side) => {
      const found = (connector as Partial<Record<typeof side, { readonly schema: z.ZodType }>>)[side];
      return found ? [{ title: `As a ${side}:`, schema: found.schema }] : [];
    }),
  ),
);

const text = [
  '# Components',
  '',
  'Generated from the files of `lib/connectors` and `lib/operators` by `npm run generate`. Options are those of the YAML form; in TypeScript the first of them may stand in front of the others, as the examples show. Expressions are DuckDB SQL over the columns of the step.',
  '',
  '## Sources and sinks',
  '',
  ...connectorSections,
  '## Operators',
  '',
  ...operatorSections(false),
  '## Quality rules',
  '',
  ...operatorSections(true),
]
  .join('\n')
  .trimEnd()
  .concat('\n');

if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/components.md is stale: run npm run generate');
  process.exitCode = 1;
}
