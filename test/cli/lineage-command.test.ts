import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { around, lineageGraph } from '../../lib/cli/lineage-graph.ts';
import { lineageMermaid } from '../../lib/cli/lineage-mermaid.ts';
import { lineageSvg } from '../../lib/cli/lineage-svg.ts';
import { compile } from '../../lib/compiler/index.ts';
import type { Plan, PlanNode } from '../../lib/component/plan.ts';
import flights from '../../pipelines/flights.ts';
import { TestProject } from './project.ts';

const sales = `import { aggregate, derive, from, lake, pipeline, s3 } from 'penstock';
import * as z from 'zod';
const sales = from(s3({ prefix: 'landing/sales/', format: 'csv' }), z.object({ 'net "price"': z.int(), rate: z.int(), day: z.iso.date() }))
  .pipe(derive({ gross: '"net ""price""" * rate' }));
const totals = sales.pipe(aggregate({ by: ['day'], measures: { gross: 'sum(gross)', sales: 'count(*)' } }));
export default pipeline('sales', { outputs: [sales.to(lake({ table: 'sales' })), totals.to(lake({ table: 'totals' }))] });
`;

const shops = `import { aggregate, derive, from, lake, pipeline, table } from 'penstock';
import * as z from 'zod';
const totals = from(table({ table: 'totals' }), z.object({ day: z.iso.date(), gross: z.bigint() }));
const months = totals.pipe(derive({ month: "date_trunc('month', day)" }), aggregate({ by: ['month'], measures: { best: 'max(gross)' } }));
export default pipeline('shops', { on: [], outputs: [months.to(lake({ table: 'months' }))] });
`;

const project = new TestProject({ 'pipelines/sales.ts': sales, 'pipelines/shops.ts': shops });
afterAll(() => project.remove());

describe('penstock lineage', () => {
  it('shows what a column is made of, and what decides its rows', async () => {
    const { code, out, err } = await project.run('lineage', 'totals.gross');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('totals.gross\n  made of\n');
    expect(out).toContain('├─ landing/sales/ net "price"  (sales: aggregation in sales.1-derive, sales.2-aggregate)');
    expect(out).toContain('└─ landing/sales/ rate');
    expect(out).toContain('rows are brought together by  landing/sales/ day');
  });

  it('shows every column of a table, and says where one is made of none', async () => {
    const { out } = await project.run('lineage', 'totals');
    expect(out).toContain('totals.day');
    expect(out).toContain(
      'totals.sales\n  made of no column: a constant or a count\n  goes into nothing in this project\n',
    );
  });

  it('writes JSON', async () => {
    const { columns, edges, influences } = await project.json('lineage', 'sales.gross');
    expect(columns).toEqual([{ dataset: 'sales', column: 'gross' }]);
    expect(edges).toContainEqual({
      from: { dataset: 'landing/sales/', column: 'rate' },
      to: { dataset: 'sales', column: 'gross' },
      pipeline: 'sales',
      derivation: 'transformation',
      through: ['sales.1-derive'],
    });
    expect(edges).toHaveLength(2);
    expect(influences).toEqual([]);
  });

  it('writes Mermaid, with every name as a name', async () => {
    const { out } = await project.run('lineage', 'sales', '--mermaid');
    expect(out).toMatch(/^flowchart LR\n {2}subgraph d0\["landing\/sales\/"\]/);
    expect(out).toContain('["net #34;price#34;"]');
    expect(out).toMatch(/c\d -->\|transformation\| c\d/);
  });

  it('draws into a file, with every name as text', async () => {
    const { code, out } = await project.run('lineage', 'sales', '--svg', 'sales.svg');
    expect([code, out]).toEqual([0, '  sales.svg is written\n']);
    const svg = readFileSync(join(project.folder, 'sales.svg'), 'utf8');
    expect(svg).toMatch(/^<svg xmlns="[^"]+" viewBox="0 0 \d+ \d+"/);
    expect(svg).toContain('>net &#34;price&#34;<');
    expect(svg).not.toContain('<script');
    expect(svg.match(/<polygon /g)).toHaveLength(5 + 2);
    expect(svg).toContain('>made by sales<');
    expect(svg).toContain('>another value made of it<');
  });

  it.each([
    ['a table that nobody writes', ['lineage', 'slaes'], 'did you mean "sales"?'],
    ['a column that the table does not have', ['lineage', 'sales.grss'], 'did you mean "gross"?'],
    ['a folder that is not there', ['lineage', 'sales', '--svg', 'none/x.svg'], 'name another file'],
  ])('refuses %s', async (_, args, change) => {
    const { code, err } = await project.run(...args);
    expect(code).toBe(1);
    expect(err).toContain(change);
  });
});

describe('penstock lineage over two pipelines, one of which reads what the other one writes', () => {
  it('walks down from a column to those of the other pipeline', async () => {
    const { out, err } = await project.run('lineage', 'totals.gross');
    expect(err).toBe('');
    expect(out).toContain('├─ landing/sales/ net "price"  (sales: aggregation in sales.1-derive, sales.2-aggregate)');
    expect(out).toContain('goes into\n  └─ months best  (shops: aggregation in totals.2-aggregate)');
    expect((await project.run('lineage', 'totals.day')).out).toContain('└─ months month  (shops:');
  });

  it('walks up from a column through the table between them to the first sources', async () => {
    const { out } = await project.run('lineage', 'months.best');
    expect(out).toMatch(/└─ totals gross {2}\(shops: [^\n]+\n {5}├─ landing\/sales\/ net "price" {2}\(sales:/);
    const { edges } = await project.json('lineage', 'months.best');
    expect(edges.map(({ from, to }: any) => `${from.dataset}.${from.column} → ${to.dataset}.${to.column}`)).toEqual([
      'landing/sales/.net "price" → totals.gross',
      'landing/sales/.rate → totals.gross',
      'totals.gross → months.best',
    ]);
  });

  it('is estimated for a pipeline that only reads tables whole', async () => {
    const { estimate } = await project.json('plan', 'shops', '--size', '1GB');
    expect(estimate.format).toBe('parquet');
    expect(estimate.assumes).toContainEqual(expect.stringContaining('every run reads all of "totals" anew'));
  });

  it('draws both', async () => {
    const { out } = await project.run('lineage', 'months', '--mermaid');
    expect(out.match(/subgraph d\d\["[^"]+"\]/g)).toEqual([
      'subgraph d0["landing/sales/"]',
      'subgraph d1["totals"]',
      'subgraph d2["months"]',
    ]);
    expect((await project.run('lineage', 'months', '--svg', 'months.svg')).code).toBe(0);
    const svg = readFileSync(join(project.folder, 'months.svg'), 'utf8');
    expect(svg.match(/class="head"[^>]*>[^<]+/g)!.map((head) => head.replace(/.*>/, ''))).toEqual([
      'landing/sales/',
      'totals',
      'months',
    ]);
  });
});

describe('the graph of several pipelines', () => {
  /** A pipeline that reads the table `flights` and writes `late_flights`. */
  const reader = async (table = 'flights', into = 'late_flights'): Promise<Plan> => {
    const plan = await compile(flights);
    const nodes = plan.nodes.flatMap((node): PlanNode[] => {
      if (node.id === 'flights') return [{ ...node, options: { prefix: `curated/${table}/data/` } } as PlanNode];
      if (node.kind === 'output' && node.table === 'flights') return [{ ...node, table: into }];
      return node.kind === 'output' ? [] : [node];
    });
    return { ...plan, pipeline: `reads-${table}`, nodes };
  };

  it('goes on from a table to those that are made of it', async () => {
    const graph = lineageGraph([await compile(flights), await reader()]);
    const edges = around(graph, [{ dataset: 'flights', column: 'delay' }]);
    const ends = edges.map(({ from, to }) => [`${from.dataset} ${from.column}`, `${to.dataset} ${to.column}`]);
    expect(ends).toContainEqual(['landing/flights/ delay', 'flights delay']);
    expect(ends).toContainEqual(['flights delay', 'late_flights late']);
    expect(ends.flat()).not.toContain('flight_delays meanDelay');
    const up = around(graph, [{ dataset: 'late_flights', column: 'late' }]);
    expect(up.map(({ from }) => from.dataset)).toEqual(expect.arrayContaining(['landing/flights/', 'flights']));
  });

  it('of tables that feed each other ends, and is drawn', async () => {
    const graph = lineageGraph([await reader('a', 'b'), await reader('b', 'a')]);
    const starts = [{ dataset: 'a', column: 'delay' }];
    const edges = around(graph, starts);
    expect(edges.length).toBeGreaterThan(2);
    expect(lineageMermaid(edges, starts)).toContain('subgraph');
    expect(lineageSvg(edges, starts)).toMatch(/<\/svg>\n$/);
    expect(lineageSvg(edges, starts)).not.toContain('NaN');
  });

  it('of a masked column says so, in every form', () => {
    const [from, to] = [
      { dataset: 'landing/a/', column: 'id' },
      { dataset: 'a', column: 'id' },
    ] as const;
    const edge = {
      from,
      to,
      pipeline: 'a',
      derivation: 'transformation',
      through: ['a.1-mask'],
      masked: true,
    } as const;
    expect(lineageMermaid([edge], [to])).toContain('c0 -->|masked| c1');
    expect(lineageSvg([edge], [to])).toContain('>masked<');
  });

  it('of a column without origin is that column', () => {
    const starts = [{ dataset: 'a', column: 'b' }];
    expect(lineageMermaid([], starts)).toContain('c0["b"]');
    expect(lineageSvg([], starts)).toContain('>b<');
  });
});
