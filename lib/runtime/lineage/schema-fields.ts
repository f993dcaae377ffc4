import { elementType } from '../../component/column-types.ts';
import type { Column } from '../../component/plan.ts';
import { structFields } from '../../component/struct-type.ts';
import type { SchemaDatasetFacetFields } from './event-types.ts';

/** Columns for a schema facet; structures, and lists of them, name their members. */
export function schemaFields(columns: readonly Pick<Column, 'name' | 'type'>[]): SchemaDatasetFacetFields[] {
  return columns.map(({ name, type }) => {
    const members = membersOf(type);
    return { name, type, ...(members && { fields: schemaFields(members) }) };
  });
}

function membersOf(type: string): readonly Pick<Column, 'name' | 'type'>[] | undefined {
  const element = elementType(type);
  return element === undefined ? structFields(type) : membersOf(element);
}
