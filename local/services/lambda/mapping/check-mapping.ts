import { validatePattern } from '../../events/pattern.ts';
import { invalid, wholeNumber } from '../known-members.ts';
import type { MappingRecord } from '../state.ts';

/** The members of Create- and UpdateEventSourceMapping that mean the same for every source. */
export const commonMembers = [
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FilterCriteria',
  'FunctionResponseTypes',
];

/** Throws for what AWS refuses in a mapping from any source. */
export function checkMapping(mapping: MappingRecord): void {
  wholeNumber('maximumBatchingWindowInSeconds', mapping.MaximumBatchingWindowInSeconds, [0, 300]);
  for (const type of mapping.FunctionResponseTypes ?? []) {
    if (type !== 'ReportBatchItemFailures')
      throw invalid(`FunctionResponseTypes takes ReportBatchItemFailures, got "${type}"`);
  }
  checkFilters(mapping.FilterCriteria?.Filters ?? []);
}

function checkFilters(filters: readonly { Pattern?: string }[]): void {
  if (filters.length > 5) throw invalid(`a mapping has at most 5 filters, got ${filters.length}`);
  for (const { Pattern } of filters) {
    try {
      validatePattern(Pattern ?? '');
    } catch (error) {
      throw invalid(`Invalid filter pattern definition. ${(error as Error).message}`);
    }
  }
}
