import { AwsError } from '../aws-error.ts';

/** As deep as AWS reads, and far from the depth that would end a recursion over it. */
const deepest = 3000;

/** A request's body as JSON; an empty one is an empty object. Throws SerializationException. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'the request body is not JSON');
  }
  // What is this deep takes two characters a level at least.
  if (text.length > 2 * deepest && isDeeper(value, deepest)) {
    throw new AwsError('SerializationException', `the request body is nested deeper than ${deepest} levels`);
  }
  return value;
}

/** Level by level: a recursion would itself end at what it looks for. */
function isDeeper(value: unknown, levels: number): boolean {
  let level = [value].filter(isObject);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === levels) return true;
    level = level.flatMap((one) => Object.values(one).filter(isObject));
  }
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
