import { AwsError } from '../../aws-error.ts';
import { compilePattern, PatternSyntaxError } from './pattern/compile.ts';
import { flattenEvent } from './pattern/flatten.ts';
import { type Alternative, matchesAlternative } from './pattern/match.ts';

/**
 * Whether an event pattern matches an event, by EventBridge's rules.
 * `pattern` is its JSON text or the parsed object, `event` the parsed event.
 * Throws InvalidEventPatternException where the pattern is not one.
 */
export function matchesPattern(pattern: string | object, event: object): boolean {
  const alternatives = compiled(pattern);
  const fields = fieldsOf(event);
  return alternatives.some((alternative) => matchesAlternative(alternative, fields));
}

let last: { readonly event: object; readonly fields: ReturnType<typeof flattenEvent> } | undefined;

/** An event, which nobody changes, is held against one pattern after the other. */
function fieldsOf(event: object): ReturnType<typeof flattenEvent> {
  if (last?.event !== event) last = { event, fields: flattenEvent(event) };
  return last.fields;
}

/** Throws InvalidEventPatternException with AWS's message where the pattern is not valid. */
export function validatePattern(pattern: string | object): void {
  compiled(pattern);
}

/** Rules match every event against the same few patterns; each is compiled once. */
const cache = new Map<string, readonly Alternative[]>();
const maxCached = 1000;

function compiled(pattern: string | object): readonly Alternative[] {
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  let found = cache.get(text);
  if (found) return found;
  try {
    found = compilePattern(parse(text));
  } catch (error) {
    if (!(error instanceof PatternSyntaxError)) throw error;
    throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${error.message}`);
  }
  if (cache.size >= maxCached) cache.clear();
  cache.set(text, found);
  return found;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PatternSyntaxError((error as Error).message);
  }
}
