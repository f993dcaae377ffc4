import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resourceTypeFiles } from '../../local/resources/registry.ts';

const file = join(import.meta.dirname, '../../docs/guides/running-any-app-locally.md');
const table = /\| service \| types \|\n\|---\|---\|\n(\|.*\n)+/;

/** A row for each service, in alphabetical order as its types are. */
function tableOf(types: readonly string[]): string {
  const services = Object.groupBy(types, (type) => type.split('::').slice(0, 2).join('::'));
  const rows = Object.entries(services).map(([service, list = []]) => {
    const names = list.map((type) => `\`${type.split('::')[2]}\``);
    return `| \`${service}\` | ${names.join(', ')} |\n`;
  });
  return `| service | types |\n|---|---|\n${rows.join('')}`;
}

// UPDATE_SNAPSHOTS=1 writes the table anew.
it('lists every resource type that local AWS provisions, and no other', async () => {
  const types = await Promise.all(
    resourceTypeFiles().map(
      async (one) =>
        (await import(new URL(`../../local/resources/${one}`, import.meta.url).href)).default.type as string,
    ),
  );
  const ordered = types.toSorted((a, b) => a.localeCompare(b));
  const expected = tableOf(ordered.filter((type) => type.startsWith('AWS::')));
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(file, readFileSync(file, 'utf8').replace(table, expected));
  const guide = readFileSync(file, 'utf8');
  expect(table.exec(guide)?.[0]).toBe(expected);
  for (const type of ordered.filter((one) => one.startsWith('Custom::'))) expect(guide).toContain(`\`${type}\``);
});
