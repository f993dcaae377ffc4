import { ColumnLineage, type Derivation } from '../../component/column-lineage.ts';
import type { Column, OutputNode, SourceNode } from '../../component/plan.ts';
import { sha256 } from '../../core/sha256.ts';
import { version } from '../../core/version.ts';
import type { StepCount } from '../../engine/chunk.ts';
import type { QualityReport } from '../assess/quality-report.ts';
import type { StageInput } from '../messages.ts';
import { outputs, type PipelineCode } from '../pipeline-code.ts';
import type { Review, RunFailure } from '../ports/run-store.ts';
import { datasetOf } from './dataset-name.ts';
import { type InputDataset, type OutputDataset, type RunEvent, runEventSchemaUrl } from './event-types.ts';
import { facet, producer } from './open-lineage.ts';
import { qualityFacets } from './quality-facets.ts';
import { schemaFields } from './schema-fields.ts';

/** What an event tells of a run. */
export interface RunFacts {
  readonly eventType: 'START' | 'COMPLETE' | 'FAIL' | 'ABORT';
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Absent where the run did not come so far. */
  readonly report?: QualityReport;
  /** What was written of each table, by output node, where a person has held some of it after the assessment. */
  readonly released?: Review['released'];
  readonly failure?: RunFailure;
}

/** The OpenLineage event of a run; the same facts give the same event. */
export function runEvent(
  pipeline: PipelineCode,
  input: StageInput,
  lake: string,
  { eventType, at, report, released, failure }: RunFacts,
): RunEvent {
  const { plan } = pipeline;
  const sources = plan.nodes.filter((node): node is SourceNode => node.kind === 'source');
  const nominal = input.trigger.kind === 'schedule' ? new Date(input.trigger.time).toISOString() : undefined;
  return {
    eventType,
    eventTime: new Date(at).toISOString(),
    producer,
    schemaURL: runEventSchemaUrl,
    run: {
      runId: uuidOf(input.run),
      facets: {
        processing_engine: facet('processing_engine', { name: 'Penstock', version }),
        ...(nominal && { nominalTime: facet('nominalTime', { nominalStartTime: nominal }) }),
        ...(report && { penstock_ledger: facet('penstock_ledger', { steps: report.ledger.map(ledgerLine) }) }),
        ...(failure && {
          errorMessage: facet('errorMessage', {
            message: `${failure.error} in ${failure.state}: ${failure.message}`,
            programmingLanguage: 'JavaScript',
          }),
        }),
      },
    },
    job: {
      namespace: lake.replace(/^\w+:/, 'penstock:'),
      name: plan.pipeline,
      facets: { jobType: facet('jobType', { processingType: 'BATCH', integration: 'PENSTOCK', jobType: 'PIPELINE' }) },
    },
    inputs: sources.map((node) => inputOf(pipeline, node, lake, report)),
    outputs: outputs(plan).map((node) =>
      outputOf(pipeline, node, lake, eventType === 'COMPLETE' ? { report, released } : {}),
    ),
  };
}

function inputOf(
  pipeline: PipelineCode,
  node: SourceNode,
  lake: string,
  report: QualityReport | undefined,
): InputDataset {
  const rows = report?.ledger.find((step) => step.node === node.id)?.rowsIn;
  const mains = pipeline.plan.nodes.filter((one) => one.kind === 'source' && one.use === 'main');
  // Of several main sources only the sum of their files is known.
  const files = node.use === 'main' && mains.length === 1 ? report?.totals : undefined;
  return {
    ...datasetOf(pipeline, node, lake),
    facets: { ...described(node.columns, lake) },
    inputFacets: {
      ...(rows !== undefined && {
        inputStatistics: facet('inputStatistics', {
          rowCount: rows,
          ...(files && { size: files.inputBytes, fileCount: files.inputFiles }),
        }),
      }),
    },
  };
}

function outputOf(
  pipeline: PipelineCode,
  node: OutputNode,
  lake: string,
  { report, released }: Pick<RunFacts, 'report' | 'released'>,
): OutputDataset {
  const written = released?.[node.id] ?? report?.tables?.[node.table];
  return {
    ...datasetOf(pipeline, node, lake),
    facets: {
      ...described(node.columns, lake),
      columnLineage: columnLineage(pipeline, node, lake),
      ...(report && qualityFacets(report, node.table)),
      ...(report && { version: facet('version', { datasetVersion: report.run }) }),
    },
    outputFacets: {
      ...(written && {
        outputStatistics: facet('outputStatistics', {
          rowCount: written.rows,
          size: written.bytes,
          fileCount: written.files,
        }),
      }),
    },
  };
}

function described(columns: readonly Column[], lake: string) {
  return {
    schema: facet('schema', { fields: schemaFields(columns) }),
    dataSource: facet('dataSource', { name: lake, uri: lake }),
  };
}

const subtypes = { identity: 'IDENTITY', transformation: 'TRANSFORMATION', aggregation: 'AGGREGATION' } as const;
const influences = { join: 'JOIN', grouping: 'GROUP_BY' } as const;

function columnLineage(pipeline: PipelineCode, node: OutputNode, lake: string) {
  const lineage = new ColumnLineage(pipeline.plan);
  const field = (source: string, column: string) => ({
    ...datasetOf(pipeline, pipeline.plan.nodes.find(({ id }) => id === source)!, lake),
    field: column,
  });
  const direct = (derivation: Derivation) => ({ type: 'DIRECT' as const, subtype: subtypes[derivation] });
  const fields = node.columns.map(({ name }) => {
    const inputFields = lineage.origins(node.id, name).map(({ source, column, derivation, through, masked }) => ({
      ...field(source, column),
      transformations: [
        {
          ...direct(derivation),
          ...(through.length > 0 && { description: through.join(', ') }),
          ...(masked && { masking: true }),
        },
      ],
    }));
    return [name, { inputFields }] as const;
  });
  const dataset = lineage.influences(node).map(({ source, column, by }) => ({
    ...field(source, column),
    transformations: [{ type: 'INDIRECT' as const, subtype: influences[by] }],
  }));
  return facet('columnLineage', { fields: Object.fromEntries(fields), dataset });
}

/** What became of the rows of a step: the ledger balances, and so does the facet. */
function ledgerLine({ node, rules, early, routed = 0, ...counts }: StepCount) {
  return { step: node, ...counts, routed };
}

/** The same run has the same UUID (version 8: by a rule of our own), whoever asks. */
function uuidOf(run: string): string {
  const hex = sha256(`penstock run ${run}`);
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
