import { invalid } from './state.ts';

const maxTags = 50;

/** Tags of a request as a map. */
export function tagsOf(given: readonly { Key: string; Value: string }[] | undefined): Record<string, string> {
  const tags = Object.fromEntries((given ?? []).map(({ Key, Value }) => [Key, Value]));
  if (Object.keys(tags).length > maxTags) throw invalid(`A resource can have at most ${maxTags} tags.`);
  return tags;
}
