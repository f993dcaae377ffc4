import type { FilterCriteria } from '@aws-sdk/client-lambda';
import { matchesPattern } from '../../events/pattern.ts';

/** Whether a record passes one of the filters (all pass where there are none). */
export function matchesFilters(criteria: FilterCriteria | undefined, record: object): boolean {
  const patterns = criteria?.Filters ?? [];
  return patterns.length === 0 || patterns.some(({ Pattern }) => matchesPattern(Pattern!, record as any));
}
