import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { doors } from '../../bin/doors.ts';
import type { IdleCosts } from '../../lib/cli/command.ts';
import { compiledPipelines } from '../../lib/cli/project.ts';
import { TestProject } from '../cli/project.ts';
import { blocksOf, readText } from './guide.ts';

const root = resolve(import.meta.dirname, '../..');
const cents = (dollars: number) => dollars.toFixed(2);

describe('what idling costs', () => {
  let costs: IdleCosts;
  beforeAll(async () => {
    process.chdir(root);
    costs = await doors.idleCosts(await compiledPipelines());
  });

  const total = () => Object.values(costs.stacks).reduce((sum, stack) => sum + stack.dollars, 0);
  const itemsOf = (stack: string) => costs.stacks[stack]!.items;

  it('stands in the guide to deploying, to the cent', () => {
    const row = (stack: string, { what, quantity, unit, dollars }: IdleCosts['stacks'][string]['items'][number]) =>
      `| ${stack} | ${what}: ${quantity.toLocaleString('en-US')} ${unit} | ${cents(dollars)} |`;
    const rows = [
      ...itemsOf('penstock').map((item) => row('`penstock`', item)),
      ...itemsOf('penstock-flights').map((item) => row('each `penstock-<pipeline>`', item)),
    ];
    const guide = readText('docs/guides/deploying.md');
    expect(guide).toContain(`${rows.join('\n')}\n\n`);
    expect(guide).toContain(`pays $${cents(costs.dollarsAfterFree)} for the shipped app, else $${cents(total())}`);
  });

  it('stands in the README, to the cent', () => {
    const dashboard = itemsOf('penstock').find(({ what }) => what === 'dashboard')!;
    expect(readText('README.md')).toContain(
      `the shipped app costs $${cents(total())} a month at list prices: the platform $${cents(costs.stacks.penstock!.dollars)}, of which its dashboard is $${cents(dashboard.dollars)}, and each pipeline $${cents(costs.stacks['penstock-flights']!.dollars)} for`,
    );
    expect(readText('README.md')).toContain(`pays $${cents(costs.dollarsAfterFree)}.`);
  });

  it('is the same for every pipeline that is shipped', () => {
    const { penstock, ...pipelines } = costs.stacks;
    expect(penstock!.dollars).toBeGreaterThanOrEqual(0);
    expect(Object.keys(pipelines).sort()).toEqual(['penstock-birdstrikes', 'penstock-flights', 'penstock-movies']);
    expect(new Set(Object.values(pipelines).map(({ dollars }) => dollars)).size).toBe(1);
  });
});

it('the README shows a mistake as validate does', async () => {
  const flights = readFileSync(resolve(root, 'pipelines/flights.ts'), 'utf8');
  const project = new TestProject({ 'pipelines/flights.ts': flights.replace("'distance > 0'", "'distence > 0'") });
  try {
    const { out } = await project.run('validate');
    const blocks = blocksOf(readText('README.md')).filter(({ text }) => text.includes('distence'));
    expect(blocks).toHaveLength(1);
    expect(out).toContain(blocks[0]!.text);
  } finally {
    project.remove();
  }
});

it('the commands that the README names exist', async () => {
  const project = new TestProject();
  try {
    const named = [...readText('README.md').matchAll(/npx penstock ([a-z]+)(?: (show|list|approve|reject)\b)?/g)];
    expect(named.length).toBeGreaterThan(5);
    for (const [, command, inner] of named)
      expect(await project.run(command!, ...(inner ? [inner] : []), '--help')).toMatchObject({ code: 0 });
  } finally {
    project.remove();
  }
});
