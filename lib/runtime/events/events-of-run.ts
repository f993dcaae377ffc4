import { runKeys } from '../keys.ts';
import type { PenstockEvent } from '../ports/bus.ts';
import type { RunRecord, Transition } from '../ports/run-store.ts';
import type { EventData, EventType } from './catalogue.ts';

/** What the last change of a run's record means; it is the last of these that carries the record. */
export function eventsOfRun(record: RunRecord): readonly PenstockEvent[] {
  const { run, pipeline, planDigest, transitions } = record;
  const last = transitions.at(-1)!;
  const sequence = transitions.length;
  return meaningsOf(record, last, transitions.at(-2)).map(([type, facts], index, all) => ({
    type,
    pipeline,
    run,
    at: last.at,
    detail: {
      planDigest,
      sequence,
      ...facts,
      ...(index === all.length - 1 && { record: storedRun(record) }),
    },
  }));
}

type Facts<Type extends EventType> = Omit<EventData<Type>, 'planDigest' | 'sequence' | 'record'>;
type Meaning = { [Type in EventType]: readonly [Type, Facts<Type>] }[EventType];

function meaningsOf(record: RunRecord, { state, phase }: Transition, before?: Transition): readonly Meaning[] {
  if (before?.state === state && before.phase === phase) return [['RunUpdated', { state }]];
  if (before?.phase === 'Kept' && state === 'Failed') return [['DataReleased', {}]];
  const { trigger, parameters, failure, review, redrives } = record;
  const begun = { trigger: trigger.kind, ...(parameters && { parameters }) };
  const error = failure && { Error: failure.error, Cause: failure.message };
  switch (phase ?? state) {
    case 'Triggered':
      return [['PipelineTriggered', begun]];
    case 'Initializing':
      return [['PipelineStarted', begun]];
    case 'Retrying':
      return [['PipelineRetrying', { redrives: redrives ?? 1 }]];
    case 'Executing':
      return [['DataExtracted', extracted(record)]];
    case 'Assessing':
      return assessed(record);
    case 'Undecided':
      return [['ReviewRequested', { ...scored(record), deadline: new Date(review!.deadline).toISOString() }]];
    case 'Decided':
      return [['ReviewDecided', { decision: review!.decision!, by: review!.by! }]];
    case 'Completing':
      return [['DataPrepared', { tables: tablesOf(record) }]];
    case 'Compensating':
      return [['CompensationStarted', { ...(error && { error }) }]];
    case 'Completed':
      return [
        ['DataStored', { tables: tablesOf(record) }],
        [
          'PipelineCompleted',
          {
            tables: tablesOf(record),
            ...scored(record),
            ...(error && { repaired: { state: failure.state, error } }),
          },
        ],
      ];
    case 'Cancelled':
      return [['PipelineCancelled', ended(record)]];
    default:
      return [['PipelineFailed', ended(record)]];
  }
}

function extracted({ extract }: RunRecord): Facts<'DataExtracted'> {
  const stages = Object.values(extract?.stages ?? {});
  const chunks = stages.reduce((sum, stage) => sum + stage.chunks, 0);
  return { files: extract?.inputFiles ?? 0, bytes: extract?.inputBytes ?? 0, chunks };
}

/** Contracts are checked and steps done in the same query, so both are told of once all chunks are counted. */
function assessed({ run, pipeline, state, assess, totals }: RunRecord): readonly Meaning[] {
  if (!assess || !totals) return [['RunUpdated', { state }]];
  const { rowsIn, rejected, multiplied, filtered, merged } = totals;
  const { gate, score, report, dimensions = {} } = assess;
  return [
    ['DataValidated', { rowsIn, rejected }],
    ['DataProcessed', { rowsIn, multiplied, filtered, merged, rejected }],
    ['QualityChecked', { gate, score, report, page: runKeys(pipeline, run).page, dimensions, totals: { ...totals } }],
  ];
}

function scored({ assess }: RunRecord): { score?: number; report?: string } {
  return assess ? { score: assess.score, report: assess.report } : {};
}

function tablesOf({ publish }: RunRecord): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.values(publish?.tables ?? {}).map(({ table, rows }) => [table, rows]));
}

function ended({ failure }: RunRecord): Facts<'PipelineFailed'> {
  return { state: failure?.state ?? '', error: { Error: failure?.error ?? '', Cause: failure?.message ?? '' } };
}

/** A record as events carry it: whoever has the token of a review can decide in a person's place. */
export function storedRun(record: RunRecord): Record<string, unknown> {
  if (!record.review) return { ...record };
  const { taskToken: _, ...review } = record.review;
  return { ...record, review };
}
