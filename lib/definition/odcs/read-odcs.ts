import type { RecordType } from '../../component/contract.ts';
import type { Locate } from '../../component/user-location.ts';
import { nearest } from '../../core/nearest.ts';
import { type Problem, problemsOf } from '../problem.ts';
import { isMapping } from '../yaml/is-mapping.ts';
import { parseYamlFile, within } from '../yaml/yaml-file.ts';
import { objectSchema, odcsSchema } from './document.ts';
import { type PassedOver, withoutPassedOver } from './pass-over.ts';
import { readProperty } from './read-property.ts';
import { readQuality } from './read-quality.ts';
import { refusedRelationships } from './refused-relationships.ts';

export interface OdcsReading {
  /** Undefined where there is a problem. */
  readonly record?: RecordType;
  readonly problems: readonly Problem[];
}

/** What of a file is meant. */
export interface OdcsChoice {
  /** Name of the object; may be left out where there is just one. */
  readonly object?: string;
  readonly passOver?: PassedOver;
}

/**
 * Reads a contract of the Open Data Contract Standard, version 3. Whatever it says about rows becomes part of the record
 * type or is a problem with its place; what it says about people, servers and prices is passed over.
 * @param file path as it is shown
 */
export function readOdcs(text: string, file: string, { object, passOver = [] }: OdcsChoice = {}): OdcsReading {
  const { value, locate, problems } = parseYamlFile(text, file);
  if (problems.length > 0) return { problems };
  const parsed = odcsSchema.safeParse(value);
  const found = parsed.success ? [] : problemsOf(parsed.error, file, locate, value, odcsSchema);
  const objects = isMapping(value) && Array.isArray(value.schema) ? value.schema : [];
  const index = chosen(objects, object, { file, locate });
  if (typeof index !== 'number') return { problems: [...found, ...index] };
  const read = readObject(withoutPassedOver(objects[index], passOver), within(locate, 'schema', index));
  found.push(...read.problems);
  if (!read.record || found.length > 0) return { problems: found };
  const { version } = value as { version: string };
  return { record: { ...read.record, version }, problems: [] };
}

/** Index of the object that is meant, or why there is none. */
function chosen(
  objects: readonly unknown[],
  name: string | undefined,
  { file, locate }: { readonly file: string; readonly locate: Locate },
): number | readonly Problem[] {
  const names = objects.map((object) => (isMapping(object) ? String(object.name) : ''));
  if (objects.length === 0) return [];
  if (name === undefined && objects.length === 1) return 0;
  const index = name === undefined ? -1 : names.indexOf(name);
  if (index !== -1) return index;
  const guess = name === undefined ? undefined : nearest(name, names);
  return [
    {
      at: locate(['schema']),
      part: file,
      problem: name === undefined ? 'the contract has several objects' : `the contract has no object "${name}"`,
      received: name ?? names,
      allowed: names,
      change: guess ? `did you mean "${guess}"?` : 'say with object: which one is meant',
    },
  ];
}

function readObject(
  value: unknown,
  locate: Locate,
): Required<OdcsReading> | { readonly record?: undefined; readonly problems: Problem[] } {
  const parsed = objectSchema.safeParse(value);
  const name = isMapping(value) ? String(value.name) : 'object';
  if (!parsed.success) return { problems: problemsOf(parsed.error, name, locate, value, objectSchema) };
  const problems: Problem[] = [];
  const fields: RecordType['fields'][number][] = [];
  const keys: string[][] = [];
  const aliases: Record<string, readonly string[]> = {};
  const primary: { readonly name: string; readonly position: number }[] = [];
  for (const [index, given] of parsed.data.properties.entries()) {
    const property = readProperty(given, name, within(locate, 'properties', index));
    problems.push(...property.problems);
    if (!property.field) continue;
    if (fields.some((field) => field.name === property.field!.name))
      problems.push(twin(property.field.name, name, locate(['properties', index, 'name'])));
    fields.push(property.field);
    if (property.unique) keys.push([property.field.name]);
    if (property.alias !== undefined) aliases[property.field.name] = [property.alias];
    if (property.primaryKeyPosition !== undefined)
      primary.push({ name: property.field.name, position: property.primaryKeyPosition });
  }
  if (parsed.data.relationships?.length) problems.push(refusedRelationships(name, locate(['relationships'], 'key')));
  const rules = readQuality(parsed.data.quality ?? [], { part: name, locate: within(locate, 'quality') });
  problems.push(...rules.problems);
  for (const key of rules.keys) {
    const unknown = key.names.find((one) => !fields.some((field) => field.name === one));
    if (unknown === undefined) keys.push([...key.names]);
    else problems.push(unknownProperty(unknown, fields, { part: name, at: key.at }));
  }
  if (primary.length > 0) keys.unshift(primary.toSorted((a, b) => a.position - b.position).map((one) => one.name));
  return {
    record: {
      fields,
      ...(keys.length > 0 && { keys: distinct(keys) }),
      ...(Object.keys(aliases).length > 0 && { aliases }),
    },
    problems,
  };
}

function distinct(keys: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const seen = new Set<string>();
  return keys.filter((key) => {
    const sign = JSON.stringify(key.toSorted());
    return !seen.has(sign) && seen.add(sign);
  });
}

function twin(name: string, part: string, at: string): Problem {
  const allowed = 'each name once';
  return { at, part, problem: `there are two properties "${name}"`, received: name, allowed, change: 'rename one' };
}

function unknownProperty(
  name: string,
  fields: RecordType['fields'],
  { part, at }: Pick<Problem, 'part' | 'at'>,
): Problem {
  const names = fields.map((field) => field.name);
  const guess = nearest(name, names);
  const change = guess ? `did you mean "${guess}"?` : 'name one of its properties';
  return { at, part, problem: `the object has no property "${name}"`, received: name, allowed: names, change };
}
