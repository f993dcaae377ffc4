import type { InputVersion } from '../ports/run-store.ts';

/** How far a growing file has been taken. */
export interface Growth {
  /** Counts the runs that took a part of it, from 1. */
  readonly step: number;
  /** All before are taken; the last of them ends a record. */
  readonly bytes: number;
  readonly records: number;
  /** Bytes at its start that name the columns. */
  readonly header: number;
  /** Of bytes before, by which it is known again. */
  readonly digest: string;
}

/**
 * What a run claims that takes a growing file further: to be the one that goes on from there, and how far it comes. Other
 * versions of the file are other claims, and no version has such a name.
 */
export function growthClaims(key: string, { step, bytes, records, header, digest }: Growth): InputVersion[] {
  return [
    { key, versionId: `behind ${step - 1}` },
    { key, versionId: `reached ${step} ${bytes} ${records} ${header} ${digest}` },
  ];
}

/** The furthest that claims on a file tell of. */
export function growthOf(claims: readonly InputVersion[]): Growth | undefined {
  const reached = claims.flatMap(({ versionId }): Growth[] => {
    const [, digits, digest] = /^reached (\d+ \d+ \d+ \d+) ([0-9a-f]+)$/.exec(versionId) ?? [];
    if (!digits || !digest) return [];
    const [step, bytes, records, header] = digits.split(' ').map(Number) as [number, number, number, number];
    return [{ step, bytes, records, header, digest }];
  });
  return reached.sort((a, b) => b.step - a.step)[0];
}
