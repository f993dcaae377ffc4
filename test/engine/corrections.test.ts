import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { literal } from '../../lib/component/shape.ts';
import { createCorrections } from '../../lib/engine/corrections.ts';
import { Session } from '../../lib/engine/session.ts';
import { scratchFile } from '../fixtures/engine/scratch.ts';

/** The raw records of a corrected file, as a replay takes them. */
async function taken(name: string, content: string, rows: number, before: readonly string[] = []): Promise<string[]> {
  const path = scratchFile(name, content);
  const session = await Session.open({ folders: [dirname(path)], memoryMegabytes: 512, threads: 1 });
  try {
    await session.run(
      `CREATE TABLE open AS SELECT 'f' AS file, '1' AS version, "row", 'main' AS node, (${listOf(before)})["row"] AS raw FROM range(1, ${rows + 1}) one("row")`,
    );
    await createCorrections(session, path);
    return (await session.rows('SELECT raw FROM corrections ORDER BY "row"')).map(({ raw }) => raw);
  } finally {
    session.close();
  }
}

const listOf = (texts: readonly string[]) => `[${texts.map(literal).join(', ')}]::VARCHAR[]`;

const lines = (raws: readonly string[]) =>
  raws.map((raw, index) => JSON.stringify({ file: 'f', version: '1', row: index + 1, node: 'main', raw })).join('\n');

test.each([
  [['2024-01-01T00:00:00+02:00', '2024-01-02T00:00:00+02:00']],
  [['2024-01-01']],
  [['A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11']],
  [["'=1,2", "'-x"]],
  [['{"a":"2024-01-01"}', '']],
])('takes corrected records of NDJSON as they are: %s', async (raws) => {
  expect(await taken('corrected.ndjson', lines(raws), raws.length)).toEqual(raws);
});

test('takes away the apostrophe that an export to CSV puts before a formula, and no other', async () => {
  const records: readonly (readonly [before: string, corrected: string, taken: string])[] = [
    ['=1,2', "'=1,3", '=1,3'],
    ["'=x", "''=x", "'=x"],
    ['\n=1', "'\n=1", '\n=1'],
    ['＝1', "'＝1", '＝1'],
    // From an export that was not to neutralise anything.
    ['=1,2', '=1,3', '=1,3'],
    ["'=x", "'=y", "'=y"],
    ["'-1 years", "'-1 years", "'-1 years"],
    ['x', "'=1", "'=1"],
  ];
  const lines = records.map(([, corrected], at) => `f,1,${at + 1},main,"${corrected}"\n`);
  const before = records.map(([text]) => text);
  const csv = `file,version,row,node,raw\n${lines.join('')}`;
  expect(await taken('corrected.csv', csv, records.length, before)).toEqual(records.map(([, , text]) => text));
});
