import { notFound } from '../known-members.ts';
import type { LambdaState, MappingRecord } from '../state.ts';

/** A mapping as the API prints it. */
export function printedMapping(mapping: MappingRecord) {
  return { ...mapping, LastModified: new Date(mapping.LastModified) };
}

/** Throws `ResourceNotFoundException`. */
export function findMapping(state: LambdaState, uuid: string): MappingRecord {
  const found = state.mappings.get(uuid);
  if (!found) throw notFound('The resource you requested does not exist.');
  return found;
}
