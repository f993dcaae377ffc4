/**
 * Whether an event of a key happened before another one of the same key, by their sequencers: hexadecimal numbers of
 * different lengths, of which the shorter one is filled up with zeros at its end.
 */
export function isOlder(sequencer: string, than: string): boolean {
  const length = Math.max(sequencer.length, than.length);
  const padded = (text: string) => text.toUpperCase().padEnd(length, '0');
  return padded(sequencer) < padded(than);
}
