import * as z from 'zod';
import { eventCatalogue } from '../../component/event-catalogue.ts';
import { type EventFilter, matchesText } from '../../component/event-filters.ts';
import type { EventPattern } from '../../component/plan.ts';
import { nearest } from '../../core/nearest.ts';
import { filtersOf, type PatternFault } from './event-pattern.ts';

/** Attributes of each of Penstock's events beside its own data. */
const attributes = [
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'datacontenttype',
  'dataschema',
  'pipeline',
  'run',
];

/** Why no event of Penstock matches a pattern, as far as the catalogue of events can tell. `pipeline` asks for it. */
export function penstockFaults(pattern: EventPattern, pipeline: string): PatternFault[] {
  if (pattern.source.length > 1)
    return [
      {
        path: ['source'],
        problem: 'events of Penstock and others come on two buses, and a trigger listens on one',
        received: pattern.source,
        allowed: '"penstock" alone, or other sources',
        change: 'make a trigger for each',
      },
    ];
  const { types, faults } = typesOf(pattern);
  if (faults.length > 0) return faults;
  return [...dataFaults(pattern, types), ...selfFaults(pattern, pipeline)];
}

type EventName = keyof typeof eventCatalogue;
const names = Object.keys(eventCatalogue) as readonly EventName[];

function typesOf(pattern: EventPattern): { readonly types: readonly EventName[]; readonly faults: PatternFault[] } {
  const { detailType } = pattern;
  const faults = (detailType ?? []).flatMap((filter, index): PatternFault[] => {
    if (names.some((name) => matchesText([filter], name))) return [];
    const guess = typeof filter === 'string' ? nearest(filter, names) : undefined;
    return [
      {
        path: ['detailType', index],
        problem: 'no event of Penstock is of this type',
        received: filter,
        allowed: names,
        change: guess ? `did you mean "${guess}"?` : 'take one of them',
      },
    ];
  });
  const byType = detailType ? names.filter((name) => matchesText(detailType, name)) : names;
  const inDetail = filtersOf(pattern, 'type');
  const types = inDetail ? byType.filter((name) => matchesText(inDetail, name)) : byType;
  if (faults.length > 0 || types.length > 0) return { types, faults };
  const fault = {
    path: ['detail', 'type'],
    problem: 'the type in the detail contradicts the type of the event, and they are always the same',
    received: inDetail,
    allowed: byType,
    change: 'leave `detail.type` out',
  };
  return { types, faults: [fault] };
}

function dataFaults({ detail }: EventPattern, types: readonly EventName[]): PatternFault[] {
  const fields = Object.keys(detail ?? {}).filter((name) => name !== '$or');
  const unknown = fields.filter((name) => name !== 'data' && !attributes.includes(name));
  const faults = unknown.map((name) => noField(['detail', name], name, [...attributes, 'data']));
  const data = detail?.data;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return faults;
  const schemas = types.map((name) => eventCatalogue[name] as z.ZodObject);
  // What may have any field, has this one.
  if (schemas.some((schema) => schema._zod.def.catchall?._zod.def.type === 'unknown')) return faults;
  for (const [name, filters] of Object.entries(data)) {
    if (name === '$or') continue;
    const known = schemas.flatMap((schema) => schema.shape[name] ?? []) as z.ZodType[];
    const allowed = [...new Set(schemas.flatMap((schema) => Object.keys(schema.shape)))];
    if (known.length === 0) faults.push(noField(['detail', 'data', name], name, allowed));
    else if (Array.isArray(filters)) faults.push(...valueFaults(name, filters, known));
  }
  return faults;
}

function noField(path: readonly string[], name: string, allowed: readonly string[]): PatternFault {
  const guess = nearest(name, allowed);
  return {
    path: [...path],
    problem: 'no event of Penstock that is asked for has this field',
    received: name,
    allowed,
    change: guess ? `did you mean "${guess}"?` : 'take one of them',
  };
}

/** A field with fixed values has none but these. */
function valueFaults(name: string, filters: readonly EventFilter[], schemas: readonly z.ZodType[]): PatternFault[] {
  const inner = schemas.map((schema) => (schema instanceof z.ZodOptional ? schema.unwrap() : schema));
  if (!inner.every((schema) => schema instanceof z.ZodEnum)) return [];
  const values = inner.flatMap((schema) => schema.options as string[]);
  return filters.flatMap((filter, index): PatternFault[] => {
    if (values.some((value) => matchesText([filter], value))) return [];
    const guess = typeof filter === 'string' ? nearest(filter, values) : undefined;
    return [
      {
        path: ['detail', 'data', name, index],
        problem: `${name} is never this`,
        received: filter,
        allowed: values,
        change: guess ? `did you mean "${guess}"?` : 'take one of them',
      },
    ];
  });
}

/** Its own runs tell of themselves, too. */
function selfFaults(pattern: EventPattern, pipeline: string): PatternFault[] {
  const of = filtersOf(pattern, 'pipeline');
  if (of && !matchesText(of, pipeline)) return [];
  return [
    {
      path: of ? ['detail', 'pipeline'] : [],
      problem: 'the pipeline would start itself without end: events of its own runs match',
      received: of ?? 'events of all pipelines',
      allowed: 'events of other pipelines',
      change: `name them, or write detail: { pipeline: [{ "anything-but": "${pipeline}" }] }`,
    },
  ];
}
