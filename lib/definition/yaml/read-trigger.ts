import * as z from 'zod';
import type { Locate } from '../../component/user-location.ts';
import { nearest } from '../../core/nearest.ts';
import type { Problem } from '../problem.ts';
import { type TriggerName, triggerKinds } from '../trigger-kinds.ts';
import { type TriggerReference, triggerOf } from '../triggers.ts';
import { isMapping } from './is-mapping.ts';

/** Reads `{ every: 1 day }`, `{ cron: 0 6 * * ? *, zone: Europe/Berlin }`: a trigger by its name, and its options beside it. */
export function readTrigger(value: unknown, locate: Locate): TriggerReference | Problem {
  const names = Object.keys(triggerKinds);
  const allowed = Object.values(triggerKinds).map(({ example }) => example);
  const keys = isMapping(value) ? Object.keys(value) : typeof value === 'string' ? [value] : [];
  const named = keys.filter((key) => Object.hasOwn(triggerKinds, key));
  const name = named[0] ?? keys[0];
  if (name === undefined || named.length !== 1) {
    const guess = name === undefined ? undefined : nearest(name, names);
    return {
      at: locate(name === undefined ? [] : [name], 'key'),
      part: 'on',
      problem: named.length > 1 ? 'each trigger is an entry of its own' : 'this is not a trigger',
      received: isMapping(value) ? keys : (value ?? 'nothing'),
      allowed,
      change: guess && guess !== name ? `did you mean "${guess}"?` : 'write one trigger as name and value',
    };
  }
  const { [name]: given, ...options } = isMapping(value) ? value : { [name]: undefined };
  if (triggerKinds[name as TriggerName].value instanceof z.ZodString && typeof given !== 'string') {
    return {
      at: locate([name]),
      part: `on / ${name}`,
      problem: 'it needs a text',
      received: given ?? 'nothing',
      allowed,
      change: 'write it as text',
    };
  }
  return triggerOf(name as TriggerName, given, options, { at: locate([name]), locate });
}
