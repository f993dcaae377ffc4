import { AwsError } from '../../local/aws-error.ts';
import { matchesPattern } from '../../local/services/events/pattern.ts';

/** An event pattern, an event, and what AWS makes of them. */
export interface PatternCase {
  readonly id: string;
  readonly pattern: string | object;
  readonly event: object;
  readonly expect: 'match' | 'no-match' | 'invalid';
}

/** True, or what came out instead. */
export function patternCase({ pattern, event, expect }: PatternCase): true | string {
  const found = verdict(pattern, event);
  return found === expect || `recorded ${expect}, got ${found}`;
}

function verdict(pattern: string | object, event: object): PatternCase['expect'] {
  try {
    return matchesPattern(pattern, event) ? 'match' : 'no-match';
  } catch (error) {
    if (error instanceof AwsError && error.code === 'InvalidEventPatternException') return 'invalid';
    throw error;
  }
}
