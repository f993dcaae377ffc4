import { writeFileSync } from 'node:fs';
import { nearest } from '../../core/nearest.ts';
import type { CommandFile } from '../command.ts';
import { CommandInputError } from '../errors.ts';
import { around, classificationOf, type GraphColumn, type LineageGraph, lineageGraph } from '../lineage-graph.ts';
import { lineageMermaid } from '../lineage-mermaid.ts';
import { lineageSvg } from '../lineage-svg.ts';
import { showLineageTree } from '../lineage-tree.ts';
import { compiledPipelines } from '../project.ts';
import { writingFile } from '../writing-file.ts';

/**
 * `penstock lineage <table>[.column]`: what a table or a column is made of, up to the sources, and what is made of it,
 * down to the tables of all pipelines of the project.
 * JSON: `{ columns: [{ dataset, column, classification? }], edges: [{ from: { dataset, column }, to: { dataset, column }, pipeline,
 * derivation, through: [step], masked? }], influences: [{ table, pipeline, dataset, column, by }] }`; `derivation` is `identity`,
 * `transformation` or `aggregation`, `by` is `join` or `grouping`.
 */
export const lineage: CommandFile = (program, act) => {
  program
    .command('lineage')
    .argument('<table[.column]>', 'a table of any pipeline, or one of its columns')
    .description('show what a table or a column is made of, and what is made of it')
    .option('--mermaid', 'write a Mermaid flowchart instead')
    .option('--svg <file>', 'draw it into a file instead')
    .action(
      act(async ({ printer }, name: string, { mermaid, svg }: { mermaid?: boolean; svg?: string }) => {
        const graph = lineageGraph((await compiledPipelines()).map(({ plan }) => plan));
        const starts = columnsNamed(graph, name);
        const edges = around(graph, starts);
        const influences = graph.influences.filter(({ table }) => table === starts[0]!.dataset);
        if (svg !== undefined) {
          const notes = { classificationOf: (one: GraphColumn) => classificationOf(graph, one) };
          writingFile(svg, () => writeFileSync(svg, lineageSvg(edges, starts, notes)));
        }
        const columns = starts.map((one) => {
          const classification = classificationOf(graph, one);
          return { ...one, ...(classification && { classification }) };
        });
        printer.data({ columns, edges, influences, ...(svg !== undefined && { svg }) });
        if (svg !== undefined) printer.line(`  ${svg} is written`);
        else if (mermaid) printer.line(lineageMermaid(edges, starts).trimEnd());
        else showLineageTree(printer, graph, starts);
      }),
    );
};

/** No table has a dot in its name; a column may. */
function columnsNamed({ tables }: LineageGraph, name: string): readonly GraphColumn[] {
  const [table, ...rest] = name.split('.') as [string, ...string[]];
  const columns = tables[table];
  if (!columns) throw unknown('table', table, Object.keys(tables));
  if (rest.length === 0) return columns.map((column) => ({ dataset: table, column }));
  const column = rest.join('.');
  if (!columns.includes(column)) throw unknown(`column of "${table}"`, column, columns);
  return [{ dataset: table, column }];
}

function unknown(what: string, received: string, allowed: readonly string[]): CommandInputError {
  const guess = nearest(received, allowed);
  return new CommandInputError({
    problem: `no pipeline writes a ${what} that is called "${received}"`,
    received,
    allowed: allowed.length > 0 ? allowed : 'none: no pipeline writes a table',
    change: guess ? `did you mean "${guess}"?` : 'name one of these',
  });
}
