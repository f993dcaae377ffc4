import * as z from 'zod';
import { orderSchema } from './order.ts';
import type { FileSizes } from './output-file.ts';
import { type PartitionTransform, transformOf } from './partition-transform.ts';
import { refusal } from './refusal.ts';
import type { Projection } from './shape.ts';

/** A column, or a name with the expression that it stands for. */
const partition = z.union([
  z.string().min(1),
  z.record(z.string().min(1), z.string().min(1)).refine(
    (named) => Object.keys(named).length === 1,
    refusal('holds more or less than one name with its expression', {
      allowed: 'one name with its expression, e.g. { month: "date_trunc(\'month\', day)" }',
      change: 'write an entry of its own for each name',
    }),
  ),
]);

export type Partition = z.output<typeof partition>;

const mebibyte = 1024 * 1024;

/** Options of sinks that leave files: which rows share a file, in what order they stand, and how large files become. */
export const layoutOptions = {
  partitionBy: z
    .array(partition)
    .refine(
      (all) => new Set(all.map(nameOf)).size === all.length,
      refusal('names a column twice', { allowed: 'each column once', change: 'take one of them out' }),
    )
    .default([])
    .describe('what names the folders, outermost first: columns, or expressions under a name, which become columns'),
  sortBy: orderSchema.optional().describe('order of the rows in each file; default: that of a sort step'),
  fileBytes: z
    .int()
    .min(mebibyte)
    .optional()
    .describe('size of a file to aim at: a chunk with more rows writes several; default: one file for each chunk'),
};

/** Further options where the files are Parquet. */
export const rowGroupOptions = {
  rowGroupRows: z
    .int()
    .min(2048)
    .max(10_000_000)
    .optional()
    .describe('rows of a row group at the most, rounded up to a multiple of 2048; default: 122880'),
  rowGroupBytes: z
    .int()
    .min(64 * 1024)
    .max(512 * mebibyte)
    .optional()
    .describe('size of a row group to aim at, as stored; not together with `rowGroupRows`'),
};

type RowGroups = Pick<FileSizes, 'rowGroupRows' | 'rowGroupBytes'>;

/** True where the options of row groups do not contradict each other. */
export function rowGroupsAgree({ rowGroupRows, rowGroupBytes }: RowGroups): boolean {
  return rowGroupRows === undefined || rowGroupBytes === undefined;
}

export const rowGroupsDiffer = {
  message: 'is given beside `rowGroupRows`, and only one of the two can decide',
  params: { allowed: '`rowGroupRows` or `rowGroupBytes`', change: 'leave one of them out' },
  path: ['rowGroupBytes'],
};

function nameOf(partition: Partition): string {
  return typeof partition === 'string' ? partition : Object.keys(partition)[0]!;
}

/** Columns whose values name the folders. */
export function partitionNames(partitions: readonly Partition[]): string[] {
  return partitions.map(nameOf);
}

/** Those of them that are worked out from each row. */
export function partitionExpressions(partitions: readonly Partition[]): Projection[] {
  return partitions.flatMap((one, index): Projection[] => {
    if (typeof one === 'string') return [];
    const name = nameOf(one);
    return [{ name, expression: { sql: one[name]!, path: ['partitionBy', index, name] } }];
  });
}

/** The same where texts like `day(at)` stand for transforms. */
export function folderNames(partitions: readonly Partition[]): string[] {
  return partitions.map((one) => (typeof one === 'string' ? (transformOf(one)?.name ?? one) : nameOf(one)));
}

/** The transforms among them. */
export function partitionTransforms(partitions: readonly Partition[]): PartitionTransform[] {
  return partitions.flatMap((one) => (typeof one === 'string' ? (transformOf(one) ?? []) : []));
}

/** The sizes that were asked for. */
export function fileSizes({ rowGroupRows, rowGroupBytes, fileBytes }: FileSizes): FileSizes {
  return {
    ...(rowGroupRows !== undefined && { rowGroupRows }),
    ...(rowGroupBytes !== undefined && { rowGroupBytes }),
    ...(fileBytes !== undefined && { fileBytes }),
  };
}
