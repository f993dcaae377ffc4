import type { Exchange } from '../../component/plan.ts';
import type { KeyRange } from '../../engine/chunk.ts';
import { overlaps, rangeBounds } from './range-bounds.ts';

/** What is known of a file that a chunk has handed on. */
interface HandedOn {
  readonly kind: string;
  readonly of: string;
  readonly rows: number;
  readonly partition?: number;
  readonly range?: KeyRange;
}

/** A file for one chunk of a reduce stage, and what of it. */
export interface Arriving<File> {
  readonly file: File;
  readonly range?: KeyRange;
}

/**
 * The files that a chunk of a reduce stage reads, from all that the stages before it have handed on. Every chunk decides
 * by the same list, so that together they read each row once.
 */
export function arrivingFiles<File extends HandedOn>(
  exchanges: readonly Exchange[],
  handedOn: readonly File[],
  { partition, partitions }: { readonly partition: number; readonly partitions: number },
): readonly Arriving<File>[] {
  return exchanges.flatMap(({ id, ranges }) => {
    const files = handedOn.filter(({ kind, of }) => kind === 'exchange' && of === id);
    if (!ranges) return files.filter((file) => file.partition === partition).map((file) => ({ file }));
    const range = rangeBounds(files, partitions)[partition]!;
    return files.filter((file) => overlaps(file, range)).map((file) => ({ file, range }));
  });
}
