import * as z from 'zod';
import type { Connector } from '../../component/connector.ts';
import { Dataset } from '../dataset.ts';

/**
 * Stands where a connector is missing or wrong, so that the rest of the file can still be looked at. Whoever puts it in
 * has noted a problem, so no definition ever holds it.
 */
export const unknownConnector: Connector = Object.freeze({
  kind: 'connector' as const,
  component: 'unknown',
  source: {
    schema: z.record(z.string(), z.unknown()),
    title: ({ name }: { name?: string }) => name ?? 'unknown',
    objects: () => ({ key: 'unknown' }),
    format: () => ({ kind: 'ndjson' as const }),
  },
  sink: {
    schema: z.record(z.string(), z.unknown()),
    capabilities: { delivery: 'at-least-once' as const },
    title: ({ index }: { index?: unknown }) => `unknown output ${index}`,
    partitionBy: () => [],
    mode: () => 'append' as const,
  },
});

/** Stands where a dataset is missing. */
export function unknownDataset(name?: string): Dataset {
  return new Dataset({
    kind: 'from',
    source: { kind: 'source', connector: unknownConnector, options: { name } },
    contract: { record: [], options: {} },
  });
}
