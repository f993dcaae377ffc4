import * as z from 'zod';
import type { Definition } from '../../lib/definition/index.ts';
import { fileArrives, from, lake, pipeline, s3 } from '../../lib/index.ts';

const row = z.object({ id: z.int(), city: z.string(), n: z.int() });

/** A pipeline that reads files and publishes their rows in the table of its name. */
export function rowsPipeline(name: string, chunkBytes?: number): Definition {
  return pipeline(name, {
    on: [fileArrives(`landing/${name}/`)],
    resources: { workerMemoryMegabytes: 512, ...(chunkBytes !== undefined && { chunkBytes }) },
    outputs: [from(s3({ prefix: `landing/${name}/`, format: 'csv' }), row).to(lake({ table: tableOf(name) }))],
  });
}

/** Tables are named without hyphens. */
export const tableOf = (name: string) => `${name.replaceAll('-', '_')}_rows`;

/** A file of so many rows, each of 18 bytes. */
export function csvFile(rows: number): string {
  const lines = Array.from({ length: rows }, (_, id) => `${String(id).padStart(8, '1')},Rome,${1000 + (id % 1000)}\n`);
  return `id,city,n\n${lines.join('')}`;
}
