/** What is used of a JSON Schema. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | boolean;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Cells of one option: name, type, default, description. */
export type OptionRow = readonly [string, string, string, string];

/** The options that a schema takes, those of inner objects with their path. */
export function optionRows(schema: object, path = ''): OptionRow[] {
  const { properties = {}, required = [], ...rest } = schema as Schema;
  const own = Object.entries(properties).flatMap(([name, option]): OptionRow[] => {
    const full = path ? `${path}.${name}` : name;
    const fallback = option.default !== undefined ? code(option.default) : required.includes(name) ? 'required' : '';
    return [
      [`\`${full}\``, cell(typeOf(option)), fallback, cell(option.description ?? '')],
      ...innerRows(option, full),
    ];
  });
  return [...own, ...(rest.anyOf ?? rest.oneOf ?? rest.allOf ?? []).flatMap((branch) => optionRows(branch, path))];
}

/** Options below an option: of an object, of the members of a list or a map, of each choice that is an object. */
function innerRows(option: Schema, path: string): OptionRow[] {
  const rows: OptionRow[] = [];
  const choices = option.anyOf ?? option.oneOf ?? [option];
  for (const choice of choices) {
    if (choice.properties) rows.push(...optionRows(choice, path));
    if (isSchema(choice.items)) rows.push(...innerRows(choice.items, `${path}[]`));
    if (isSchema(choice.additionalProperties)) rows.push(...innerRows(choice.additionalProperties, `${path}.*`));
  }
  return rows;
}

const isSchema = (schema: Schema | boolean | undefined): schema is Schema => typeof schema === 'object';

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.const !== undefined) return code(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' or ');
  const [type] = [schema.type ?? 'any'].flat();
  if (type === 'array') return `list of ${isSchema(schema.items) ? typeOf(schema.items) : 'any'}`;
  if (type !== 'object') return type === 'string' ? 'text' : type!;
  return isSchema(schema.additionalProperties) ? `map to ${typeOf(schema.additionalProperties)}` : 'object';
}

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** A bar would end the cell of a table. */
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
