import { validation } from './failure.ts';

const maxTags = 50;

/** Tags of a request as a map. */
export function tagsOf(given: readonly { Key: string; Value: string }[] | undefined): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const { Key, Value } of given ?? []) {
    if (Key in tags) throw validation(`One or more parameter values were invalid: Duplicate tag key: ${Key}`);
    tags[Key] = Value;
  }
  if (Object.keys(tags).length > maxTags)
    throw validation(`One or more parameter values were invalid: more than ${maxTags} tags`);
  return tags;
}
