import type { Operation } from '../../../service.ts';
import { matchesPattern, validatePattern } from '../pattern.ts';
import { invalid } from '../state.ts';

const required = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

export const testEventPattern: Operation = async (input) => {
  validatePattern(input.EventPattern);
  let event: any;
  try {
    event = JSON.parse(input.Event);
  } catch {
    throw invalid('Parameter Event is not valid.');
  }
  if (event === null || typeof event !== 'object' || Array.isArray(event))
    throw invalid('Parameter Event is not valid.');
  const missing = required.filter((name) => event[name] === undefined);
  // AWS demands the members of an event here, but for resources, which its own examples leave out.
  if (missing.some((name) => name !== 'resources')) throw invalid('Parameter Event is not valid.');
  return { Result: matchesPattern(input.EventPattern, event) };
};
