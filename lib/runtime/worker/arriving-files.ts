import type { Exchange } from '../../component/plan.ts';
import type { KeyRange } from '../../engine/chunk.ts';
import { overlaps, rangeBounds } from './range-bounds.ts';
import { shareHotKeys } from './share-hot-keys.ts';

/** What is known of a file that a chunk has handed on. */
export interface HandedOn {
  readonly kind: string;
  readonly of: string;
  readonly rows: number;
  readonly bytes: number;
  readonly partition?: number;
  readonly hot?: true;
  readonly range?: KeyRange;
}

/** A file for one chunk of a reduce stage, and what of it. */
export interface Arriving<File> {
  readonly file: File;
  readonly range?: KeyRange;
  readonly copy?: true;
}

/**
 * The files that a chunk of a reduce stage reads, from all that the stages before it have handed on. Every chunk decides
 * by the same list, so that together they account for each row once.
 */
export function arrivingFiles<File extends HandedOn>(
  exchanges: readonly Exchange[],
  handedOn: readonly File[],
  { partition, partitions }: { readonly partition: number; readonly partitions: number },
): readonly Arriving<File>[] {
  const filesOf = ({ id }: Exchange) => handedOn.filter(({ kind, of }) => kind === 'exchange' && of === id);
  const [first, second] = exchanges.toSorted((a, b) => a.feeds.input - b.feeds.input);
  if (first && second && exchanges.some(({ parts }) => parts)) {
    const input = (exchange: Exchange) => ({ files: filesOf(exchange), parts: exchange.parts === true });
    return shareHotKeys([input(first), input(second)], partitions)[partition]!;
  }
  return exchanges.flatMap((exchange): Arriving<File>[] => {
    const files = filesOf(exchange);
    if (!exchange.ranges) return files.filter((file) => file.partition === partition).map((file) => ({ file }));
    const range = rangeBounds(files, partitions)[partition]!;
    return files.filter((file) => overlaps(file, range)).map((file) => ({ file, range }));
  });
}
