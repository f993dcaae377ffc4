import type { InferredFile, InferredValue } from '../../engine/index.ts';
import { describeColumn } from './describe-column.ts';
import { describeFile } from './describe-file.ts';

/** A contract as a module for `from()`. */
export function typescriptContract(
  file: InferredFile,
  { name, from }: { readonly name: string; readonly from: string },
): string {
  const { columns, key } = file;
  const decimals = columns.some(({ type }) => /DECIMAL\(/.test(type));
  const fields = columns.flatMap((column) => [
    `    /** ${describeColumn(column)} */`,
    `    ${propertyName(column.name)}: ${schemaOf(column.nested ?? column)},`,
  ]);
  const options = [`name: ${text(name)}`, ...(key === undefined ? [] : [`keys: [[${text(key)}]]`])];
  return `import { ${decimals ? 'contract, decimal' : 'contract'} } from 'penstock';
import * as z from 'zod';

/** ${describeFile(file, from)} */
export const ${variableName(name)} = contract(
  z.object({
${fields.join('\n')}
  }),
  { ${options.join(', ')} },
);
`;
}

const schemas: Readonly<Record<string, string>> = {
  BOOLEAN: 'z.boolean()',
  BIGINT: 'z.int()',
  HUGEINT: 'z.bigint()',
  DOUBLE: 'z.number()',
  FLOAT: 'z.float32()',
  DATE: 'z.iso.date()',
  TIMESTAMP: 'z.iso.datetime()',
  TIME: 'z.iso.time()',
  UUID: 'z.uuid()',
};

function schemaOf(value: InferredValue): string {
  const schema =
    'list' in value
      ? `z.array(${schemaOf(value.list)})`
      : 'members' in value
        ? `z.object({ ${value.members.map((one) => `${propertyName(one.name)}: ${schemaOf(one.value)}`).join(', ')} })`
        : plainSchema(value);
  return value.nullable ? `${schema}.nullable()` : schema;
}

function plainSchema({ type, format }: Extract<InferredValue, { readonly type: string }>): string {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  return decimal ? `decimal(${decimal[1]}, ${decimal[2]})` : format ? `z.${format}()` : (schemas[type] ?? 'z.string()');
}

function propertyName(name: string): string {
  // A plain `__proto__` would be no property at all.
  if (name === '__proto__') return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
}

function text(value: string): string {
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** What no variable of a module may be called, and what the file imports itself. */
const taken = new Set(
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield contract decimal z'.split(
    ' ',
  ),
);

/** `sales-2024` → `sales2024`. */
function variableName(name: string): string {
  const words = name.replace(/[^A-Za-z0-9]+(.)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '');
  const variable = /^[A-Za-z]/.test(words) ? `${words[0]!.toLowerCase()}${words.slice(1)}` : `file${words}`;
  return taken.has(variable) ? `${variable}Rows` : variable;
}
