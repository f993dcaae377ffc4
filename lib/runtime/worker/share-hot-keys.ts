import type { Arriving, HandedOn } from './arriving-files.ts';

/** One input of a join. */
export interface JoinInput<File> {
  readonly files: readonly File[];
  /** True where rows of one key may be parted. */
  readonly parts: boolean;
}

/** A partition beyond this many shares of all bytes lets others help. */
const heavy = 1.25;

/**
 * Which files of both inputs of a join each chunk reads. A chunk reads its own partition; of one that is much larger than
 * others, because many rows have one key, the files with such rows of one input go to chunks with less to do, each with a
 * copy of the partition of the other input.
 * @returns by partition
 */
export function shareHotKeys<File extends HandedOn>(
  inputs: readonly [JoinInput<File>, JoinInput<File>],
  partitions: number,
): readonly (readonly Arriving<File>[])[] {
  const shares: Arriving<File>[][] = Array.from({ length: partitions }, () => []);
  const loads = Array.from({ length: partitions }, () => 0);
  const byPartition = inputs.map(({ files }) => Map.groupBy(files, ({ partition = 0 }) => partition));
  const all = inputs.flatMap(({ files }) => files);
  const most = (bytesOf(all) / partitions) * heavy;
  const give = (to: number, files: readonly File[], copy?: true) => {
    shares[to]!.push(...files.map((file) => ({ file, ...(copy && { copy }) })));
    loads[to]! += bytesOf(files);
  };

  const moving: { readonly files: readonly File[]; readonly other: readonly File[]; readonly home: number }[] = [];
  for (let home = 0; home < partitions; home++) {
    const own = byPartition.map((files) => files.get(home) ?? []);
    const hot = own.map((files, input) => (inputs[input]!.parts ? files.filter((file) => file.hot) : []));
    const parted = bytesOf(hot[0]!) >= bytesOf(hot[1]!) ? 0 : 1;
    const files = bytesOf(own.flat()) > most ? hot[parted]! : [];
    if (files.length > 0) moving.push({ files, other: own[1 - parted]!, home });
    give(
      home,
      own.flat().filter((file) => !files.includes(file)),
    );
  }

  for (const { files, other, home } of moving) {
    const helpers = new Set([home]);
    const copied = bytesOf(other);
    for (const file of [...files].sort((a, b) => b.bytes - a.bytes)) {
      const load = (chunk: number) => loads[chunk]! + (helpers.has(chunk) ? 0 : copied);
      let to = home;
      for (let chunk = 0; chunk < partitions; chunk++) if (load(chunk) < load(to)) to = chunk;
      if (!helpers.has(to)) give(to, other, true);
      helpers.add(to);
      give(to, [file]);
    }
  }
  return shares;
}

function bytesOf(files: readonly HandedOn[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
