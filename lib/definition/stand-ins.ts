import * as z from 'zod';
import type { Connector } from '../component/connector.ts';
import type { RecordType } from '../component/contract.ts';
import type { Operator, Step } from '../component/operator.ts';
import { Dataset } from './dataset.ts';
import type { DefinitionNode } from './graph.ts';

const anything = z.record(z.string(), z.unknown());

/**
 * Stands where a connector is missing or wrong, so that the rest of the file can still be looked at. Whoever puts it in
 * has noted a problem, so no definition ever holds it.
 */
export const unknownConnector: Connector = Object.freeze({
  kind: 'connector' as const,
  component: 'unknown',
  source: {
    schema: anything,
    title: ({ name }: { name?: string }) => name ?? 'unknown',
    // It may be one that every run reads whole.
    objects: () => ({ table: 'unknown' }),
    format: () => ({ kind: 'ndjson' as const }),
  },
  sink: {
    schema: anything,
    capabilities: { delivery: 'at-least-once' as const },
    title: ({ index }: { index?: unknown }) => `unknown output ${index}`,
    partitionBy: () => [],
    mode: () => 'append' as const,
  },
});

/** Stands where the columns of a contract are missing or wrong. */
export const unknownRecord: RecordType = Object.freeze({ fields: [] });

/** Stands where a dataset is missing. */
export function unknownDataset(name?: string): Dataset {
  return new Dataset({
    kind: 'from',
    source: { kind: 'source', connector: unknownConnector, options: { name } },
    contract: { record: unknownRecord, options: {} },
  });
}

const unknownOperator: Operator = Object.freeze({
  kind: 'operator' as const,
  component: 'unknown',
  schema: anything,
  shape: () => ({ form: 'project' as const, columns: [] }),
});

/** Stands where a step is missing or wrong: nothing is known of the rows behind it. */
export const unknownStep: Step = Object.freeze({ kind: 'step' as const, operator: unknownOperator, options: {} });

export function isStandIn(node: DefinitionNode): boolean {
  // Of a source the contract is enough, wherever its rows come from.
  if (node.kind === 'source') return node.contract.record === unknownRecord;
  return node.kind === 'step' ? node.operator === unknownOperator : node.connector === unknownConnector;
}
