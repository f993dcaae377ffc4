import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/sha256.ts';
import { runKeys } from '../keys.ts';
import type { ReplayTrigger } from '../messages.ts';
import type { InputVersion } from '../ports/run-store.ts';

/**
 * What a replay claims before it publishes: to be the one of its number. Its rows were chosen knowing what all lower
 * numbers have taken, so no row is published twice.
 */
export function replayClaim(pipeline: string, { of, tables, number }: ReplayTrigger): InputVersion {
  const group = sha256(canonicalJson([...tables].sort())).slice(0, 16);
  return { key: runKeys(pipeline, of).rejected, versionId: `replay ${group} ${number}` };
}
