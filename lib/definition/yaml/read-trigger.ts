import type { Locate } from '../../component/user-location.ts';
import { nearest } from '../../core/nearest.ts';
import type { Problem } from '../problem.ts';
import { after, cron, every, fileArrives, type TriggerReference } from '../triggers.ts';
import { isMapping } from './is-mapping.ts';

/** Triggers by their names in a file, which are those of the authoring functions. */
export const triggers: Readonly<Record<string, (text: string, options?: { zone?: string }) => TriggerReference>> = {
  fileArrives,
  every,
  cron,
  after,
};

/** Reads `{ every: 1 day }`, `{ cron: 0 6 * * ? *, zone: Europe/Berlin }`. */
export function readTrigger(value: unknown, locate: Locate): TriggerReference | Problem {
  const names = Object.keys(triggers);
  // Only a cron expression speaks of hours of the day.
  const isCron = isMapping(value) && Object.hasOwn(value, 'cron');
  const zone = isCron ? value.zone : undefined;
  const entries = isMapping(value) ? Object.entries(value) : [];
  const [entry, ...more] = entries.filter(([name]) => !(isCron && name === 'zone'));
  const name = entry?.[0] ?? (typeof value === 'string' ? value : undefined);
  const allowed = [
    '{ fileArrives: landing/<folder>/ }',
    '{ every: 1 day }',
    '{ cron: 0 6 * * ? * }',
    '{ after: <pipeline> }',
  ];
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
  if (zone !== undefined && typeof zone !== 'string') {
    return {
      at: locate(['zone']),
      part: `on / ${name}`,
      problem: 'the time zone is a text',
      received: zone,
      allowed: '{ cron: 0 6 * * ? *, zone: Europe/Berlin }',
      change: 'write the name of the zone',
    };
  }
  const { trigger } = zone === undefined ? triggers[name]!(text) : triggers[name]!(text, { zone });
  return { trigger, at: locate([name]) };
}
