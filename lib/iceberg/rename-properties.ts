import type { TableSchema } from './schema.ts';

/** Begins the property that says, in Iceberg's words, which statistics of a column manifests may hold. */
export const metricsProperty = 'write.metadata.metrics.column.';
/** Property that says, as JSON, which names stand for a column in files that have no ids. */
export const mappingProperty = 'schema.name-mapping.default';

type Properties = Readonly<Record<string, string>>;

interface MappedField {
  readonly 'field-id'?: number;
  readonly names: readonly string[];
  readonly fields?: readonly MappedField[];
}

/** Columns of a schema by the names that they have in the next one, where these are others: old name → new name. */
export function renames(before: TableSchema | undefined, now: TableSchema): ReadonlyMap<string, string> {
  const names = new Map(now.fields.map(({ id, name }) => [id, name]));
  return new Map(
    (before?.fields ?? []).flatMap(({ id, name }) => {
      const called = names.get(id);
      return called === undefined || called === name ? [] : [[name, called] as const];
    }),
  );
}

/** Properties of a table as they are to be behind a step: what they say of a column they say of it under its new name. */
export function renameProperties(
  properties: Properties,
  before: TableSchema | undefined,
  now: TableSchema,
): Properties {
  const called = renames(before, now);
  if (called.size === 0) return properties;
  const mapping = properties[mappingProperty];
  return {
    ...Object.fromEntries(Object.entries(properties).map(([key, value]) => [renamedKey(key, called), value])),
    ...(mapping && { [mappingProperty]: JSON.stringify(remapped(JSON.parse(mapping), before!, called)) }),
  };
}

function renamedKey(key: string, called: ReadonlyMap<string, string>): string {
  if (!key.startsWith(metricsProperty)) return key;
  const path = key.slice(metricsProperty.length);
  const [name, now] = [...called].find(([name]) => path === name || path.startsWith(`${name}.`)) ?? [];
  return name === undefined ? key : `${metricsProperty}${now}${path.slice(name.length)}`;
}

/** A file without ids may name a column by any name that it had, unless that is another column's now. */
function remapped(
  mapping: readonly MappedField[],
  before: TableSchema,
  called: ReadonlyMap<string, string>,
): readonly MappedField[] {
  const byId = new Map(before.fields.flatMap(({ id, name }) => (called.has(name) ? [[id, called.get(name)!]] : [])));
  const now = new Set(called.values());
  return mapping.map((field) => {
    const name = byId.get(field['field-id'] ?? -1);
    const kept = field.names.filter((one) => !now.has(one));
    return { ...field, names: name === undefined ? kept : [...kept, name] };
  });
}
