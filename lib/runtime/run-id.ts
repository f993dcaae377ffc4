import { canonicalJson } from '../core/canonical-json.ts';
import { sha256 } from '../core/sha256.ts';
import type { TriggerIdentity } from './messages.ts';

/** Step Functions allows 80 characters for the name of an execution. */
const longestPipelineName = 80 - 1 - 8 - 1 - 16;

/**
 * Names a run, e.g. `flights-3f9a01c2-8b1d0c5e77aa4f10`: the same trigger under the same plan always gives the same name,
 * so a trigger that arrives twice finds the run that exists.
 */
export function runId(pipeline: string, planDigest: string, trigger: TriggerIdentity): string {
  const identity = sha256(canonicalJson({ ...identityOf(trigger), attempt: trigger.attempt })).slice(0, 16);
  return `${pipeline.slice(0, longestPipelineName)}-${planDigest.slice(0, 8)}-${identity}`;
}

/** The pipeline of a run, by the id of the run. */
export function pipelineOfRun(run: string): string {
  return run.replace(/-[0-9a-f]{8}-[0-9a-f]{16}$/, '');
}

/** What makes a trigger that trigger: a repeated event of the same object version may come with another sequencer. */
function identityOf(trigger: TriggerIdentity): object {
  switch (trigger.kind) {
    case 'file':
      return { kind: trigger.kind, bucket: trigger.bucket, key: trigger.key, versionId: trigger.versionId };
    case 'batch':
      return { kind: trigger.kind, place: trigger.place, number: trigger.number };
    case 'folder':
      return { kind: trigger.kind, key: trigger.key, versionId: trigger.versionId };
    case 'schedule':
      return { kind: trigger.kind, time: trigger.time };
    case 'pipeline':
      return { kind: trigger.kind, run: trigger.run };
    case 'event':
      return { kind: trigger.kind, id: trigger.id };
    case 'manual':
      return { kind: trigger.kind, requestId: trigger.requestId };
    case 'backfill':
      return { kind: trigger.kind, of: trigger.of, slice: trigger.slice };
    case 'replay':
      return trigger;
  }
}
