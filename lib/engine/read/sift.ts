import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { Lines } from './lines.ts';
import type { ScannedRecord, Scanner } from './scanner.ts';

/** Raw text longer than this is cut in the reject. */
const longestRawBytes = 65_536;

export interface SiftRequest {
  readonly from: string;
  /** Good records go here, each as a line: its number, `separator`, and its own bytes. */
  readonly good: string;
  /** Bad records go here, as lines of JSON with `record`, `problem`, `raw`, and `whole`: true where raw is all of it. */
  readonly bad: string;
  readonly separator: string;
  readonly scanner: Scanner;
  readonly signal?: AbortSignal;
}

/** Parts the records of a file into good and bad ones, in one pass and with flat memory. */
export async function sift({ from, good, bad, separator, scanner, signal }: SiftRequest): Promise<void> {
  const [goods, bads] = [new Lines(good), new Lines(bad)];
  const write = async (records: Iterable<ScannedRecord>) => {
    for (const { number, bytes, problem } of records) {
      if (problem === undefined) goods.add(Buffer.from(`${number}${separator}`), bytes);
      else bads.add(badRecord({ number, bytes, problem }));
    }
    await goods.flush();
    await bads.flush();
  };
  try {
    const file = createReadStream(from, { highWaterMark: 1024 * 1024, signal });
    for await (const bytes of file) await write(scanner.push(bytes));
    await write(scanner.end());
  } finally {
    await goods.close();
    await bads.close();
  }
}

/** A bad record as a line of JSON. */
export function badRecord({ number, bytes, problem }: Pick<ScannedRecord, 'number' | 'bytes' | 'problem'>): Buffer {
  const raw = bytes.subarray(0, longestRawBytes).toString('utf8');
  const whole = bytes.length <= longestRawBytes && isUtf8(bytes);
  return Buffer.from(JSON.stringify({ record: number, problem, raw, whole }));
}
