import type { Connector } from '../component/connector.ts';
import { endingOf } from '../component/output-file.ts';
import { placeOf } from '../component/output-place.ts';
import type { OutputNode } from '../component/plan.ts';
import { components } from '../registry/components.ts';
import { bytes, thousands } from './print.ts';

/** What an output leaves where, e.g. `.csv.gz below exports/orders/, a folder for each day, sorted by id`. */
export function outputText(node: OutputNode): string {
  const { sink } = (components as Readonly<Record<string, unknown>>)[node.component] as Connector;
  const { options, columns } = node;
  const { fileBytes, rowGroupRows, rowGroupBytes } = sink!.sizes?.(options) ?? {};
  const folders = sink!.partitionBy(options);
  const order = sink!.sortBy?.(options, columns);
  const sorted = (order ?? node.sorts)?.map(({ column, descending }) => `${column}${descending ? ' descending' : ''}`);
  return [
    `${endingOf(sink!.format?.(options) ?? { kind: 'parquet' })} below ${placeOf(node)}`,
    node.merges && mergesText(node.merges),
    node.renamed && renamedText(node.renamed),
    folders.length > 0 && `a folder for each ${folders.join(', ')}`,
    sorted && `sorted by ${sorted.join(', ')}${order ? ' in each file' : ''}`,
    fileBytes !== undefined && `files of about ${bytes(fileBytes)}`,
    rowGroupRows !== undefined && `row groups of ${thousands(rowGroupRows)} rows`,
    rowGroupBytes !== undefined && `row groups of about ${bytes(rowGroupBytes)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function mergesText({ key, by }: NonNullable<OutputNode['merges']>): string {
  return `merged by ${key.join(', ')}${by === undefined ? '' : `, the largest ${by} stays`}`;
}

function renamedText(renamed: NonNullable<OutputNode['renamed']>): string {
  return Object.entries(renamed)
    .map(([name, old]) => `${name} was called ${old}`)
    .join(', ');
}
