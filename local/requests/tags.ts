/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** Tags out of a request. */
export function readTags(given: readonly { Key: string; Value: string }[] | undefined): Tags {
  return Object.fromEntries((given ?? []).map(({ Key, Value }) => [Key, Value]));
}

/** Tags as answers have them. */
export function shownTags(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function withoutTags(tags: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}
