import { median } from '../median.ts';

/** One figure, beside that of a peer where there is one. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  /** Medians. */
  readonly penstock: number;
  readonly peer?: number;
  readonly peerName?: string;
  /** Penstock ÷ peer. */
  readonly ratio?: number;
  /** The least ratio that is good enough. */
  readonly target?: number;
}

/** A figure for which more is better, of all goes of both. */
export function compare<Go>(
  what: string,
  unit: string,
  goes: { readonly penstock: readonly Go[]; readonly peer: readonly Go[] },
  figureOf: (go: Go) => number,
  { peer: peerName, target }: { readonly peer: string; readonly target?: number },
): Row {
  const [penstock, peer] = [median(goes.penstock.map(figureOf)), median(goes.peer.map(figureOf))];
  return {
    what,
    unit,
    penstock: rounded(penstock),
    peer: rounded(peer),
    peerName,
    ratio: rounded(penstock / peer),
    target,
  };
}

/** A figure that stands alone. */
export function single(what: string, unit: string, values: readonly number[]): Row {
  return { what, unit, penstock: rounded(median(values)) };
}

/** Three digits are as many as a measurement has. */
function rounded(value: number): number {
  return value >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}
