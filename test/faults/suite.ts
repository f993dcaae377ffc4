import { generatedHistory } from './generate.ts';
import type { History } from './history.ts';
import { cancelledHistory, plainHistory } from './systematic.ts';

const rows = ['good', 'bad', 'nameless'] as const;

/** Histories in which runs meet: two files at once, a file and a run by hand, a person who cancels at every so many calls. */
export function* meetings(): Generator<History> {
  for (const pipeline of ['queued', 'solo', 'replace'] as const) {
    for (const after of [1, 12, 30, 60]) {
      const acts = [
        { after: 0, do: 'drop', key: 0, rows },
        { after, do: 'drop', key: 1, rows },
      ] as const;
      yield { pipeline, acts, mishaps: [], order: [] };
      yield { pipeline, acts: [...acts, { after: after + 3, do: 'start' }], mishaps: [], order: [] };
    }
  }
  for (let after = 4; after < 110; after += 4) yield cancelledHistory('solo', after);
  for (let at = 0; at < 70; at++)
    yield { ...plainHistory('solo'), mishaps: [{ by: 'function', at, what: 'kill after' }] };
}

/** Meetings, then generated histories without end: what the suite plays, in the order in which a missing guard is looked for. */
export function* suite(): Generator<History> {
  yield* meetings();
  for (let seed = 0; ; seed++) yield generatedHistory(seed);
}
