import { join } from 'node:path';
import type { Format } from '../../component/connector.ts';
import type { Taken } from '../rejects.ts';
import { firstRow, rowColumn } from '../relation.ts';
import type { ReadRequest } from '../source-files.ts';
import { Lines } from './lines.ts';
import { recordLines } from './record-lines.ts';
import { recordProblem } from './record-problem.ts';
import { withoutMark } from './scanner.ts';
import { badRecord } from './sift.ts';
import { type TextLayout, takeUnreadable } from './text.ts';

/** Where more records are broken, a file is better read record by record. */
const mostBroken = 10_000;

/**
 * Sets aside records of CSV that are broken and each a line of its file, with the text that they are there. Undefined where
 * they are too many, or where the line does not look broken to the sifter.
 * @param from SQL of their rows
 */
export async function takeLines(
  request: ReadRequest,
  layout: TextLayout & { readonly header: boolean },
  format: Extract<Format, { kind: 'csv' }>,
  from: string,
): Promise<Taken | undefined> {
  const { session, file, workFolder, signal, row } = request;
  // In files that were put together there are none.
  if (row !== undefined) return undefined;
  const rows = await session.rows(
    `SELECT ${rowColumn} - (${firstRow(file)}) AS place FROM ${from} ORDER BY place LIMIT ${mostBroken + 1}`,
  );
  if (rows.length > mostBroken) return undefined;
  const header = layout.header ? 1 : 0;
  const places = rows.map(({ place }) => Number(place) + header);
  const bad = join(workFolder, session.newName('broken'));
  const bads = new Lines(bad);
  let found = 0;
  try {
    for await (const { place, bytes: line } of recordLines(file.path, places, signal)) {
      const bytes = place === 0 ? withoutMark(line) : line;
      const problem = recordProblem(bytes, format, layout.columns.length);
      if (problem === undefined) return undefined;
      bads.add(badRecord({ number: place - header + 1, bytes, problem }));
      await bads.flush();
      found++;
    }
  } finally {
    await bads.close();
  }
  return found === places.length ? takeUnreadable(request, layout, bad) : undefined;
}
