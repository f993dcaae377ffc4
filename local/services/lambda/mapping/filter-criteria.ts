import type { FilterCriteria } from '@aws-sdk/client-lambda';
import { matchesPattern } from '../../events/pattern.ts';
import type { SqsRecord } from './sqs-event.ts';

/** Whether a message passes one of the filters (all pass where there are none). Patterns see a JSON body as an object. */
export function matchesFilters(criteria: FilterCriteria | undefined, record: SqsRecord): boolean {
  const patterns = criteria?.Filters ?? [];
  if (patterns.length === 0) return true;
  const event = { ...record, body: bodyOf(record.body) };
  return patterns.some(({ Pattern }) => matchesPattern(Pattern!, event));
}

function bodyOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A body that is no JSON is matched as the text it is.
    return body;
  }
}
