import type { Locate } from '../../component/user-location.ts';
import { nearest } from '../../core/nearest.ts';
import type { Problem } from '../problem.ts';
import { cron, every, fileArrives, type TriggerReference } from '../triggers.ts';
import { isMapping } from './is-mapping.ts';

/** Triggers by their names in a file, which are those of the authoring functions. */
export const triggers: Readonly<Record<string, (text: string) => TriggerReference>> = { fileArrives, every, cron };

/** Reads `{ every: 1 day }`. */
export function readTrigger(value: unknown, locate: Locate): TriggerReference | Problem {
  const names = Object.keys(triggers);
  const [entry, ...more] = isMapping(value) ? Object.entries(value) : [];
  const name = entry?.[0] ?? (typeof value === 'string' ? value : undefined);
  const allowed = ['{ fileArrives: landing/<folder>/ }', '{ every: 1 day }', '{ cron: 0 6 * * ? * }'];
  if (name === undefined || more.length > 0 || !Object.hasOwn(triggers, name)) {
    const guess = name === undefined ? undefined : nearest(name, names);
    return {
      at: locate(name === undefined ? [] : [name], 'key'),
      part: 'on',
      problem: more.length > 0 ? 'each trigger is an entry of its own' : 'this is not a trigger',
      received: isMapping(value) ? Object.keys(value) : (value ?? 'nothing'),
      allowed,
      change: guess && guess !== name ? `did you mean "${guess}"?` : 'write one trigger as name and value',
    };
  }
  const text = entry?.[1];
  if (typeof text !== 'string') {
    const received = text ?? 'nothing';
    return {
      at: locate([name]),
      part: `on / ${name}`,
      problem: 'it needs a text',
      received,
      allowed,
      change: 'write it as text',
    };
  }
  return { trigger: triggers[name]!(text).trigger, at: locate([name]) };
}
