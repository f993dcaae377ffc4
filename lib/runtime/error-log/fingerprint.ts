import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/sha256.ts';
import type { RunFailure } from '../ports/run-store.ts';

/** The same for failures of a pipeline that are the same but for names, numbers and values. 12 hexadecimal digits. */
export function fingerprintOf(pipeline: string, { error, code, state, message }: RunFailure): string {
  const text = skeleton(message);
  return sha256(canonicalJson({ pipeline, error, state, ...(code !== undefined && { code }), text })).slice(0, 12);
}

/** What is left of a message without what differs from run to run: quoted names, keys, ids, numbers, what was received. */
function skeleton(message: string): string {
  return message
    .replace(/; received: [\s\S]*?(?=; allowed: |; [a-z]|$)/, '')
    .replace(/"[^"]*"/g, '""')
    .replace(/\S*[/\d]\S*/g, '#');
}
