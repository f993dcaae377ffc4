import { failureKind } from '../../core/retryable-errors.ts';
import type { CloudEvent } from '../events/cloud-event.ts';
import type { FailureNote } from '../ports/error-log.ts';
import type { RunRecord } from '../ports/run-store.ts';
import { fingerprintOf } from './fingerprint.ts';

/**
 * The failures that events tell of: of runs that failed, and of those that were brought to their end after one. Runs that
 * somebody cancelled have not failed.
 */
export function failureNotes(events: Iterable<Pick<CloudEvent, 'id' | 'type' | 'data'>>): readonly FailureNote[] {
  return [...events].flatMap(({ id, type, data }) => {
    const { record } = data as { record?: RunRecord };
    if ((type !== 'PipelineFailed' && type !== 'PipelineCompleted') || !record?.failure) return [];
    const { pipeline, run, failure, transitions } = record;
    const { error, kind = failureKind(error), state, message } = failure;
    const fingerprint = fingerprintOf(pipeline, failure);
    return [{ id, fingerprint, pipeline, run, error, kind, state, message, at: transitions.at(-1)!.at }];
  });
}
