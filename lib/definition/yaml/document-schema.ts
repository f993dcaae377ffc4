import * as z from 'zod';

/** What stands in the places of a pipeline file that the registry fills. */
export interface Slots {
  readonly trigger: z.ZodType;
  readonly source: z.ZodType;
  readonly fallback: z.ZodType;
  readonly damaged: z.ZodType;
  readonly sink: z.ZodType;
  readonly step: z.ZodType;
  readonly rule: z.ZodType;
  readonly contract: z.ZodType;
  readonly gate: z.ZodType;
  readonly rejects: z.ZodType;
  readonly resources: z.ZodType;
  readonly overlap: z.ZodType;
  readonly shares: z.ZodType;
  readonly escalate: z.ZodType;
  readonly parameters: z.ZodType;
  readonly incremental: z.ZodType;
}

const name = z.string().min(1);

/** The structure of a pipeline file. One place says it, for reading, for editors and for `penstock fmt`. */
export function documentSchema(slots: Slots) {
  return z.strictObject({
    pipeline: name.describe('name of the pipeline: kebab-case, 2 to 40 characters, unique in the app'),
    on: z.array(slots.trigger).optional().describe('what starts a run; default: only a call'),
    sources: z
      .record(
        name,
        z.strictObject({
          from: slots.source.describe('the connector that is read'),
          contract: slots.contract.describe('the record type that the source promises'),
          incremental: slots.incremental.optional().describe('go on where earlier runs have ended'),
          fallback: slots.fallback
            .optional()
            .describe('what is read where the source cannot be read; default: the run fails'),
          damaged: slots.damaged
            .optional()
            .describe('what becomes of a file that is damaged: it fails its run, or is one reject; default: fail'),
        }),
      )
      .describe('datasets that are read'),
    datasets: z
      .record(
        name,
        z.strictObject({
          from: name.describe('a source or another dataset'),
          pipe: z.array(slots.step).min(1).describe('operators, in the order in which they are applied'),
        }),
      )
      .optional()
      .describe('datasets that are made of others'),
    outputs: z
      .array(
        z.strictObject({
          from: name.describe('a source or a dataset'),
          to: slots.sink.describe('the connector that is written'),
        }),
      )
      .min(1)
      .describe('what is published'),
    quality: z.array(slots.rule).optional().describe('rules that the gate decides by'),
    gate: slots.gate.optional().describe('scores that pass, and that a person looks at'),
    rejects: slots.rejects.optional().describe('most rows that a run may reject; with more it fails'),
    resources: slots.resources.optional().describe('size of the workers and of their chunks'),
    overlap: slots.overlap
      .optional()
      .describe('what a run does that comes while others are at work; default: it runs, too'),
    shares: slots.shares.optional(),
    escalate: slots.escalate.optional().describe('who is told of what needs a person, and when'),
    parameters: slots.parameters.optional(),
  });
}

const anything = z.unknown().optional();

/** Only what lies between the places: components look at what is given to them, or is not. */
export const structureSchema = documentSchema({
  trigger: anything,
  source: anything,
  fallback: anything,
  damaged: anything,
  sink: anything,
  step: anything,
  rule: anything,
  contract: anything,
  gate: anything,
  rejects: anything,
  resources: anything,
  overlap: anything,
  shares: anything,
  escalate: anything,
  parameters: anything,
  incremental: anything,
});
