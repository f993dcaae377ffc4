import type { ContractField, Evolution, SchemaChange, SourceNode } from '../../component/plan.ts';
import { restrictedColumns } from '../../component/restricted-columns.ts';
import { nearest } from '../../core/nearest.ts';
import type { SchemaDrift } from '../chunk.ts';
import { SchemaMismatchError } from '../errors.ts';
import type { Check } from '../rejects.ts';
import type { ReadRequest } from '../source-files.ts';

/** A column of a file; a text format knows no types. */
export interface FileColumn {
  readonly name: string;
  readonly type?: string;
}

/** How the columns of a file stand for those of its contract. */
export interface FileFit {
  /** Name in the file of each field; undefined where the file has none. */
  readonly sources: Readonly<Record<string, string | undefined>>;
  readonly drift: readonly SchemaDrift[];
  /** Of a file that is quarantined: what is wrong with all of its rows. */
  readonly checks: readonly Check[];
}

/** A difference, and what the contract says of it. */
export interface Difference {
  readonly change: SchemaChange;
  readonly column: string;
  readonly found?: string;
  /** What the file has in its place, where nothing was found: its columns. */
  readonly present?: readonly string[];
  readonly action: Evolution;
  /** Follows the column in the reason of a reject. */
  readonly message: string;
  readonly advice: string;
}

type Place = Pick<ReadRequest, 'node' | 'file' | 'format'>;

/**
 * Holds the columns of a file against the contract: added, missing, renamed and retyped ones evolve, quarantine the file
 * or stop the run, as the contract says. Throws `SchemaMismatchError` for the first that stops.
 */
export function fitColumns(request: Place, present: readonly FileColumn[]): FileFit {
  const { node } = request;
  const { fields } = node.contract;
  const free = present.filter(({ name }) => !fields.some((field) => field.name === name));
  const sources: Record<string, string | undefined> = {};
  const differences: Difference[] = [];
  // The first line of a file without a header holds values.
  const shown = restrictedColumns(node).size === 0 && { present: present.map(({ name }) => name) };
  for (const field of fields) {
    const own = present.find(({ name }) => name === field.name);
    const other = own ? undefined : otherName(request, field.name, free);
    if (other) {
      free.splice(free.indexOf(other), 1);
      differences.push(renamed(request, field.name, other.name));
    } else if (!own) differences.push({ ...missing(request, field, free), ...shown });
    const source = own ?? other;
    sources[field.name] = source?.name;
    if (source?.type !== undefined && isAnotherKind(source.type, field.type))
      differences.push(retyped(request, field, source.type));
  }
  const { evolution } = node.contract;
  // Where nobody asked, columns that a contract leaves out on purpose are none of its business, and aliases are expected.
  if (evolution || node.contract.unknownColumns === 'reject')
    differences.push(...free.map(({ name }) => added(request, name)));
  const told = differences.filter(({ action }) => evolution || action === 'stop');
  return { sources, ...settle(request, told) };
}

/** True where a file has none of the columns of the contract, under whatever name: its header may be none. */
export function knowsNone(request: Place, present: readonly FileColumn[]): boolean {
  return request.node.contract.fields.every(
    (field) => !present.some(({ name }) => name === field.name) && !otherName(request, field.name, present),
  );
}

/** The source with the fields that a file has, under the names that they have there. */
export function asInFile(node: SourceNode, fit: FileFit | undefined): SourceNode {
  if (!fit) return node;
  const fields = node.contract.fields.flatMap((field) => {
    const name = fit.sources[field.name];
    return name === undefined ? [] : [{ ...field, name }];
  });
  return { ...node, contract: { ...node.contract, fields } };
}

/** Stops, or says what the file is to go through. */
export function settle(request: Place, differences: readonly Difference[]): Pick<FileFit, 'drift' | 'checks'> {
  const fatal = differences.find(({ action }) => action === 'stop');
  if (fatal) throw mismatch(request, fatal);
  const { key } = request.file;
  return {
    drift: differences.map(({ change, column, found, action }) => ({
      change,
      column,
      ...(found !== undefined && { found }),
      action: action as SchemaDrift['action'],
      files: [key],
    })),
    checks: differences
      .filter(({ action }) => action === 'quarantine')
      .map(({ change, column, message }) => {
        return { rule: `schema: ${column} is ${change}`, column, bad: 'true', value: 'NULL', message };
      }),
  };
}

/** A text column none of whose values can be what the contract says: its rows are rejected, if the run does not stop. */
export function retypedText(request: Place, { name, type }: ContractField): Difference {
  const { evolution } = request.node.contract;
  const action = evolution?.retyped === 'stop' ? 'stop' : 'quarantine';
  const message = `holds no ${type} in this file`;
  return {
    change: 'retyped',
    column: name,
    found: `no ${type}`,
    action,
    message,
    advice: `send "${name}" as ${type}, or change the contract`,
  };
}

function retyped({ node }: Place, { name, type }: ContractField, found: string): Difference {
  return {
    change: 'retyped',
    column: name,
    found,
    action: node.contract.evolution?.retyped ?? 'evolve',
    message: `is ${found} in the file, not ${type}`,
    advice: `send "${name}" as ${type}, change the contract, or let retyped columns evolve`,
  };
}

function renamed({ node }: Place, column: string, found: string): Difference {
  const { evolution, aliases = {} } = node.contract;
  const isAlias = Object.hasOwn(aliases, column) && aliases[column]!.includes(found);
  return {
    change: 'renamed',
    column,
    found,
    action: evolution?.renamed ?? (isAlias ? 'evolve' : 'stop'),
    message: `is called "${found}" in the file`,
    advice: `the file has "${found}": was it renamed? change the contract or the file, or let renamed columns evolve`,
  };
}

function missing({ node, format }: Place, { name, nullable }: ContractField, free: readonly FileColumn[]): Difference {
  const { evolution } = node.contract;
  // A key that a record of JSON leaves out is NULL, and each row is judged for itself.
  const isJson = format.kind === 'json' || format.kind === 'ndjson';
  const usual = isJson && (nullable || !evolution) ? 'evolve' : 'stop';
  const delimiter = format.kind === 'csv' ? otherDelimiter(name, free) : undefined;
  const guess = nearest(
    name,
    free.map((column) => column.name),
  );
  return {
    change: 'missing',
    column: name,
    action: evolution?.missing ?? usual,
    message: 'is not in the file',
    advice: delimiter
      ? `its header is parted by ${JSON.stringify(delimiter)}: give the source this delimiter, or send other files`
      : guess
        ? `the file has "${guess}": was it renamed? change the contract or the file`
        : 'send a file with that column, or take it out of the contract',
  };
}

/** What parts the names of a header that was taken for one name. */
function otherDelimiter(name: string, free: readonly FileColumn[]): string | undefined {
  const [only] = free;
  if (free.length !== 1 || !only) return undefined;
  const names = (delimiter: string) => only.name.split(delimiter).map((part) => part.trim().replace(/^"(.*)"$/, '$1'));
  return [',', ';', '\t', '|'].find((one) => only.name.includes(one) && names(one).includes(name));
}

function added({ node }: Place, name: string): Difference {
  const { evolution, unknownColumns } = node.contract;
  return {
    change: 'added',
    column: name,
    action: evolution?.added ?? (unknownColumns === 'reject' ? 'stop' : 'evolve'),
    message: 'is not in the contract',
    advice: 'add it to the contract, or set unknownColumns to "ignore"',
  };
}

/** A column that is the field under another name: one that the contract gives, or the same words written otherwise. */
function otherName({ node }: Place, field: string, free: readonly FileColumn[]): FileColumn | undefined {
  const { aliases = {}, fields } = node.contract;
  const given = Object.hasOwn(aliases, field) ? aliases[field]! : [];
  const alias = given.flatMap((name) => free.find((column) => column.name === name) ?? [])[0];
  if (alias) return alias;
  const same = free.filter(({ name }) => wordsOf(name) === wordsOf(field));
  const twins = fields.filter(({ name }) => wordsOf(name) === wordsOf(field));
  return same.length === 1 && twins.length === 1 ? same[0] : undefined;
}

/** `Unit Price`, `unit_price` and `unitPrice` are the same words. */
function wordsOf(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]+/g, '');
}

const kinds = {
  integer: /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/,
  fraction: /^(DECIMAL.*|FLOAT|DOUBLE)$/,
  text: /^(VARCHAR|ENUM.*|UUID|JSON)$/,
  date: /^DATE$/,
  moment: /^TIMESTAMP.*$/,
} as const;

/** A narrower type of the same kind loses nothing, and an integer is a fraction as well as a date is a moment. */
function isAnotherKind(found: string, wanted: string): boolean {
  const kindOf = (type: string) => Object.entries(kinds).find(([, pattern]) => pattern.test(type))?.[0] ?? type;
  const [from, to] = [kindOf(found), kindOf(wanted)];
  return from !== to && !(from === 'integer' && to === 'fraction') && !(from === 'date' && to === 'moment');
}

function mismatch(
  { node, file }: Place,
  { change, column, found, present, message, advice }: Difference,
): SchemaMismatchError {
  const names = node.contract.fields.map((field) => field.name);
  const problem = {
    missing: `${file.key} has no column "${column}", which the contract of "${node.id}" promises`,
    added: `${file.key} has a column "${column}" that the contract of "${node.id}" does not know`,
    renamed: `${file.key} has no column "${column}", which the contract of "${node.id}" promises: it ${message}`,
    retyped: `the column "${column}" of ${file.key} is not as the contract of "${node.id}" promises: it ${message}`,
  }[change];
  return new SchemaMismatchError({ problem, received: found ?? present ?? column, allowed: names, change: advice });
}
