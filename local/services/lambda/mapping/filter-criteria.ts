import type { FilterCriteria } from '@aws-sdk/client-lambda';
import type { SqsRecord } from './sqs-event.ts';

/** Whether a message passes one of the filters (all pass where there are none). Patterns see a JSON body as an object. */
export async function matchesFilters(criteria: FilterCriteria | undefined, record: SqsRecord): Promise<boolean> {
  const patterns = criteria?.Filters ?? [];
  if (patterns.length === 0) return true;
  const { matchesPattern } = await import('../../events/pattern.ts');
  const event = { ...record, body: bodyOf(record.body) };
  return patterns.some(({ Pattern }) => matchesPattern(JSON.parse(Pattern!), event));
}

function bodyOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A body that is no JSON is matched as the text it is.
    return body;
  }
}
