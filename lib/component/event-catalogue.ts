import * as z from 'zod';

const planDigest = z.string();
/** Key of an object in the lake. */
const key = z.string();
const failure = z.strictObject({ Error: z.string(), Cause: z.string() });
const rowsByTable = z.record(z.string(), z.number());
const rows = z.number().int();
/** What the run works with, where its pipeline declares parameters. */
const parameters = z.record(z.string(), z.string().nullable()).optional();

/**
 * What an event carries that tells of a change of state: the record as it was then, and how many changes that made. The
 * newest one of a run or pipeline is its state, so the run store can be built from them alone.
 */
const change = {
  sequence: z.number().int().positive(),
  /** Left out on the bus where it would not fit in; the archive has it. */
  record: z.looseObject({ pipeline: z.string(), state: z.string() }).optional(),
};
const runChange = { planDigest, ...change };
const ending = { ...runChange, state: z.string(), error: failure };
const pipelineChange = z.strictObject({
  ...change,
  by: z.string(),
  planDigest: planDigest.optional(),
  problem: z.string().optional(),
});

const circuitChange = z.strictObject({
  system: z.string(),
  /** Counts the changes of the circuit. */
  version: z.number().int().positive(),
  failures: rows,
  error: z.string().optional(),
  /** When it is tried again. */
  retryAt: z.iso.datetime().optional(),
  /** Who closed it by hand. */
  by: z.string().optional(),
  /** How it stands, of which the circuits of the run store can be made anew. Absent in events from before it was told. */
  record: z.looseObject({ system: z.string(), state: z.string(), version: z.number().int().positive() }).optional(),
});

/**
 * Every event that Penstock puts on its bus, by type: what its `data` says. The only list of them: types, checks and the
 * schema for readers are made of it.
 */
export const eventCatalogue = {
  PipelineTriggered: z.strictObject({ ...runChange, trigger: z.string(), parameters }),
  PipelineStarted: z.strictObject({ ...runChange, trigger: z.string(), parameters }),
  DataExtracted: z.strictObject({ ...runChange, files: rows, bytes: rows, chunks: rows }),
  DataValidated: z.strictObject({ planDigest, sequence: change.sequence, rowsIn: rows, rejected: rows }),
  DataProcessed: z.strictObject({
    planDigest,
    sequence: change.sequence,
    rowsIn: rows,
    multiplied: rows,
    filtered: rows,
    merged: rows,
    rejected: rows,
  }),
  QualityChecked: z.strictObject({
    ...runChange,
    gate: z.enum(['pass', 'review', 'fail']),
    score: z.number(),
    report: key,
    page: key,
    dimensions: z.record(z.string(), z.unknown()),
    totals: z.looseObject({ rowsIn: rows }),
  }),
  ReviewRequested: z.strictObject({
    ...runChange,
    score: z.number().optional(),
    report: key.optional(),
    deadline: z.iso.datetime(),
  }),
  /** A person is reminded that a run waits, some time before its deadline. */
  ReviewReminded: z.strictObject({
    deadline: z.iso.datetime(),
    score: z.number().optional(),
    report: key.optional(),
  }),
  ReviewDecided: z.strictObject({ ...runChange, decision: z.enum(['approve', 'release', 'reject']), by: z.string() }),
  DataPrepared: z.strictObject({ ...runChange, tables: rowsByTable }),
  DataStored: z.strictObject({ planDigest, sequence: change.sequence, tables: rowsByTable }),
  PipelineCompleted: z.strictObject({
    ...runChange,
    tables: rowsByTable,
    score: z.number().optional(),
    report: key.optional(),
    /** What had failed, where a run was brought to its end after a table of it was published. */
    repaired: z.strictObject({ state: z.string(), error: failure }).optional(),
  }),
  CompensationStarted: z.strictObject({ ...runChange, error: failure.optional() }),
  PipelineFailed: z.strictObject(ending),
  /** A run that failed is being redriven. */
  PipelineRetrying: z.strictObject({ ...runChange, redrives: z.number().int().positive() }),
  /** A failed run is kept for a redrive no longer. */
  RedriveExpired: z.strictObject({ at: z.number() }),
  /** What was kept of a failed run for a redrive is gone. */
  DataReleased: z.strictObject(runChange),
  PipelineCancelled: z.strictObject(ending),
  /** A run stays in its state: a step of it has noted something more, or was repeated. */
  RunUpdated: z.strictObject({ ...runChange, state: z.string() }),

  /** A source could not be read, and something else was. */
  FallbackUsed: z.strictObject({
    source: z.string(),
    used: z.enum(['empty', 'last-good', 'source']),
    component: z.string().optional(),
    run: z.string().optional(),
    files: rows,
    error: z.string(),
    reason: z.string(),
  }),
  QualityAlert: z.looseObject({ rule: z.string(), dimension: z.string(), gate: z.string(), report: key }),
  SchemaDrifted: z.strictObject({ drift: z.array(z.unknown()), columns: rows, report: key }),
  LineageRecorded: z.strictObject({
    eventType: z.string(),
    lineage: key.optional(),
    event: z.record(z.string(), z.unknown()).optional(),
  }),

  /** A system outside failed again and again and is left alone, one call finds out whether it works again, or it does. */
  CircuitOpened: circuitChange,
  CircuitProbed: circuitChange,
  CircuitClosed: circuitChange,

  PipelineCreated: pipelineChange,
  PipelineValidating: pipelineChange,
  PipelineValidated: pipelineChange,
  PipelineInvalid: pipelineChange,
  PipelineScheduled: pipelineChange,
  PipelinePaused: pipelineChange,
  /** Somebody did something by hand. */
  OperatorActed: z.strictObject({
    action: z.string(),
    by: z.string(),
    at: z.number(),
    detail: z.record(z.string(), z.unknown()).optional(),
  }),
} as const;

export type EventType = keyof typeof eventCatalogue;
export type EventData<Type extends EventType> = z.infer<(typeof eventCatalogue)[Type]>;
