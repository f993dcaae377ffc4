import type { KeyRange } from '../../engine/chunk.ts';

/** A file of an exchange by range: how many rows there are, and where. */
interface Piece {
  readonly rows: number;
  readonly range?: KeyRange;
}

/**
 * Cuts all rows of an exchange into ranges of about one size. Each chunk has cut its own rows by itself, so all that is
 * known is where their pieces begin: every worker finds the same bounds from the same list.
 * @returns as many ranges as there are partitions, in order; those that nothing is left for hold no key
 */
export function rangeBounds(pieces: readonly Piece[], partitions: number): readonly KeyRange[] {
  const inOrder = pieces.map(({ rows, range }) => ({ rows, from: range?.from ?? '' })).sort(byStart);
  const total = inOrder.reduce((sum, { rows }) => sum + rows, 0);
  const bounds: string[] = [];
  let before = 0;
  for (const { rows, from } of inOrder) {
    while (bounds.length < partitions - 1 && before >= (total * (bounds.length + 1)) / partitions) bounds.push(from);
    before += rows;
  }
  const last = bounds.at(-1) ?? '';
  return Array.from({ length: partitions }, (_, index) => {
    const from = index === 0 ? undefined : (bounds[index - 1] ?? last);
    const to = index < bounds.length ? bounds[index] : index === bounds.length ? undefined : last;
    return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  });
}

/** True where rows of a piece may lie in the range. */
export function overlaps({ range = {} }: Piece, { from, to }: KeyRange): boolean {
  if (from !== undefined && from === to) return false;
  return (
    (to === undefined || (range.from ?? '') < to) && (from === undefined || range.to === undefined || range.to > from)
  );
}

function byStart(a: { readonly from: string }, b: { readonly from: string }): number {
  return a.from < b.from ? -1 : a.from > b.from ? 1 : 0;
}
