import { readFileSync } from 'node:fs';
import type { FaultPlan } from '../../local/index.ts';
import { CommandInputError } from './errors.ts';

/** The plan of faults in a JSON file; what it means is local AWS's own business. */
export function readFaultFile(file: string): FaultPlan {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CommandInputError({
      problem: 'the plan of faults cannot be read',
      received: `${file}: ${(cause as Error).message}`,
      allowed:
        'a JSON file such as [{ "match": { "service": "s3", "operation": "PutObject", "nth": 1 }, "action": { "type": "lose" } }]',
      change: 'give another file with --faults, or correct this one',
      cause,
    });
  }
}
