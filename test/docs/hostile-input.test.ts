import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readText } from './guide.ts';

const root = resolve(import.meta.dirname, '../..');
const rows = readText('docs/hostile-input.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| input'))
  .map((line) => line.split('|').slice(1, -1));

test.each(rows.map(([input, , tests]) => [input!.trim(), tests!] as const))('%s: its tests exist', (_, cell) => {
  const named = [...cell.matchAll(/`(test\/[^`]+)`(?:: ((?:"[^"]+"(?:, )?)+))?/g)];
  expect(named.length).toBeGreaterThan(0);
  for (const [, file, titles = ''] of named) {
    expect(existsSync(resolve(root, file!)), file).toBe(true);
    const source = readFileSync(resolve(root, file!), 'utf8');
    for (const [, title] of titles.matchAll(/"([^"]+)"/g)) expect(source.includes(`'${title}'`), title).toBe(true);
  }
});
