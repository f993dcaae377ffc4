import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readText } from './guide.ts';

const root = resolve(import.meta.dirname, '../..');
/** What a page promises, with the cell that names its tests: the last one. */
const rows = ['docs/hostile-input.md', 'docs/platform-faults.md'].flatMap((page) =>
  readText(page)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (input|fault|request) /.test(line))
    .map((line) => line.split('|').slice(1, -1)),
);

test.each(rows.map((cells) => [cells[0]!.trim(), cells.at(-1)!] as const))('%s: its tests exist', (_, cell) => {
  const named = [...cell.matchAll(/`(test\/[^`]+)`(?:: ((?:"[^"]+"(?:, )?)+))?/g)];
  expect(named.length).toBeGreaterThan(0);
  for (const [, file, titles = ''] of named) {
    expect(existsSync(resolve(root, file!)), file).toBe(true);
    const source = readFileSync(resolve(root, file!), 'utf8');
    for (const [, title] of titles.matchAll(/"([^"]+)"/g)) expect(source.includes(`'${title}'`), title).toBe(true);
  }
});
