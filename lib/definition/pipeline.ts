import * as z from 'zod';
import type { RuleReference } from '../component/quality-rule.ts';
import { refusal } from '../component/refusal.ts';
import { type Locate, userLocation } from '../component/user-location.ts';
import { usualChunkBytes } from '../core/chunk-bytes.ts';
import { second } from '../core/durations.ts';
import { longestReview } from '../core/staged-life.ts';
import { Dataset, type Output } from './dataset.ts';
import { escalateSchema } from './escalation.ts';
import { type DefinitionNode, graphOf } from './graph.ts';
import { parameterProblems, parametersSchema } from './parameters.ts';
import { DefinitionInvalidError, type Problem, problemsOf } from './problem.ts';
import { triggerProblems } from './trigger-problems.ts';
import type { TriggerReference } from './triggers.ts';

export const gateSchema = z.strictObject({
  pass: z.number().min(0).max(1).default(1).describe('scores from here up pass'),
  review: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('scores from here up to `pass` wait for a person; default: as `pass`'),
  reviewSeconds: z
    .int()
    .min(60)
    .max(longestReview / second)
    .default(259_200)
    .describe('seconds that the person has, 14 days at most; default 3 days'),
  remindSeconds: z
    .int()
    .min(1)
    .optional()
    .describe('seconds before the deadline at which the person is reminded; default a quarter of them, a day at most'),
  afterDeadline: z
    .enum(['reject', 'approve', 'release'])
    .default('reject')
    .describe('what happens when nobody has decided by then; default "reject"'),
  emptied: z
    .enum(['fail', 'review', 'pass'])
    .default('fail')
    .describe(
      'what becomes of a run that would leave a table with `mode: "replace"` empty because its rows were rejected; default "fail"',
    ),
});

export const resourcesSchema = z.strictObject({
  workerMemoryMegabytes: z.int().min(512).max(10_240).default(3008),
  workerTimeoutSeconds: z.int().min(30).max(900).default(600),
  concurrency: z.int().min(2).max(1000).default(16),
  chunkBytes: z
    .int()
    .min(1)
    .optional()
    .describe('input bytes of one chunk, as stored; default 67108864, less for workers of under 790 MB'),
  partitions: z
    .int()
    .min(1)
    .max(256)
    .default(256)
    .describe('partitions of a reduce stage at the most; a run takes as many as its size asks for'),
});

export const rejectsSchema = z
  .strictObject({
    share: z.number().min(0).max(1).optional().describe('of the rows that come in, 0 to 1'),
    count: z.int().min(0).optional().describe('rows'),
  })
  .refine(
    ({ share, count }) => share !== undefined || count !== undefined,
    refusal('has neither `share` nor `count`', {
      allowed: '{ share: 0 to 1 }, { count: rows }, or both',
      change: 'give one of them',
    }),
  );

export const overlapSchema = z
  .strictObject({
    policy: z
      .enum(['allow', 'queue', 'skip', 'replace'])
      .describe('a run that comes while others are at work runs, too; waits; does not begin; or takes their place'),
    runs: z.int().min(1).max(1000).optional().describe('runs that may be at work at the same time; default 1'),
  })
  .refine(
    ({ policy, runs }) => policy !== 'allow' || runs === undefined,
    refusal('limits its runs, but allows all', {
      allowed: '`runs` with the policies queue, skip and replace',
      change: 'leave `runs` out, or choose "queue"',
    }),
  );

export const sharesSchema = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'is not a name: lower-case letters, digits and "-", at most 63'),
    z.int().min(1).max(1000),
  )
  .describe('runs of all pipelines together that may use something outside at the same time, by its name');

/** A pipeline's settings beside the graph. */
const settingsSchema = z.strictObject({
  on: z
    .array(
      z.custom<TriggerReference>(isTrigger, 'is not a trigger: fileArrives(), every(), cron(), after() or event()'),
    )
    .default([]),
  quality: z
    .array(
      z.custom<RuleReference>(
        isRule,
        'is not a quality rule: complete(), unique(), within() and the others of the reference',
      ),
    )
    .default([]),
  gate: gateSchema.prefault({}),
  rejects: rejectsSchema.optional().describe('most rows that a run may reject; with more it fails'),
  resources: resourcesSchema.prefault({}),
  overlap: overlapSchema
    .optional()
    .describe('what a run does that comes while others are at work; default: it runs, too'),
  shares: sharesSchema.optional(),
  escalate: escalateSchema
    .optional()
    .describe('who is told of what needs a person, and when; default: whoever listens to the alarms'),
  parameters: parametersSchema.default({}),
  outputs: z.array(z.custom<Output>(isOutput, 'is not an output: a dataset bound to a sink with .to()')).min(1),
});

/** What `pipeline()` takes. */
export type PipelineOptions = z.input<typeof settingsSchema>;

/** What the user wrote: inert, frozen data, functions aside. */
export interface Definition extends Omit<z.output<typeof settingsSchema>, 'outputs' | 'resources'> {
  readonly kind: 'pipeline';
  readonly resources: Required<z.output<typeof resourcesSchema>>;
  readonly name: string;
  /** The graph, inputs before what reads them. */
  readonly nodes: readonly DefinitionNode[];
  readonly at?: string;
}

const namePattern = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;
/** The machine that tells people of another pipeline may be called so. */
const escalates = '-escalate';

/**
 * A pipeline: what starts it, the graph from sources to outputs, quality rules and the gate.
 * Throws `DefinitionInvalidError` with every problem at once. Columns and types are checked by the compiler.
 * @param name kebab-case, 2 to 40 characters, unique in the app
 */
export function pipeline(name: string, options: PipelineOptions): Definition {
  return definePipeline(name, options, { at: userLocation() });
}

/** Where a whole pipeline stands. `locate` takes paths of its options, and `['pipeline']` for the name. */
interface PipelinePlace {
  readonly at?: string;
  readonly locate?: Locate;
}

/** The same for a pipeline whose place is known otherwise, because it was read from a file. */
export function definePipeline(name: string, options: PipelineOptions, { at, locate }: PipelinePlace): Definition {
  const problems: Problem[] = [];
  if (!namePattern.test(name) || name.endsWith(escalates)) {
    problems.push({
      at: locate?.(['pipeline']) ?? at,
      part: 'name',
      problem: 'the name of a pipeline is part of the names of its resources',
      received: name,
      allowed: `2 to 40 lower-case letters, digits and "-", beginning with a letter and not ending in "${escalates}"`,
      change: 'rename the pipeline',
    });
  }
  const parsed = settingsSchema.safeParse(options);
  if (!parsed.success) {
    problems.push(...problemsOf(parsed.error, 'pipeline', locate ?? at, options, settingsSchema));
    // The graph can be looked at all the same, and what else is in order.
    const usable = <T>(list: unknown, is: (one: unknown) => boolean) =>
      (Array.isArray(list) ? list.filter(is) : []) as T[];
    const graph = graphOf(usable(options?.outputs, isOutput), usable(options?.quality, isRule));
    problems.push(...triggerProblems(name, usable(options?.on, isTrigger)), ...graph.problems);
    const parameters = parametersSchema.safeParse(options?.parameters).data ?? {};
    const whole = graph.whole && parsed.error.issues.every(({ path }) => path[0] !== 'outputs');
    throw new DefinitionInvalidError(name, problems, { nodes: graph.nodes, quality: graph.rules, parameters, whole });
  }
  const { outputs, resources: asked, ...settings } = parsed.data;
  const resources = { ...asked, chunkBytes: asked.chunkBytes ?? usualChunkBytes(asked.workerMemoryMegabytes) };
  const graph = graphOf(outputs, settings.quality);
  problems.push(
    ...triggerProblems(name, settings.on),
    ...parameterProblems(settings.parameters, settings.on, (one) => locate?.(['parameters', one]) ?? at),
    ...gateProblems(settings.gate, locate, at),
    ...graph.problems,
  );
  const { nodes, rules: quality } = graph;
  const { parameters } = settings;
  if (problems.length > 0)
    throw new DefinitionInvalidError(name, problems, {
      nodes,
      quality,
      parameters,
      whole: graph.whole,
    });
  return deepFreeze({ kind: 'pipeline' as const, name, at, nodes, ...settings, resources, quality });
}

function gateProblems(gate: Definition['gate'], locate: Locate | undefined, at: string | undefined): Problem[] {
  const { remindSeconds = 0, reviewSeconds } = gate;
  const problems: Problem[] = [];
  if (remindSeconds >= reviewSeconds)
    problems.push({
      at: locate?.(['gate', 'remindSeconds']) ?? at,
      part: 'gate / remindSeconds',
      problem: 'the person would be reminded before they are asked',
      received: remindSeconds,
      allowed: `1 to ${reviewSeconds - 1}`,
      change: 'lower `remindSeconds` or raise `reviewSeconds`',
    });
  if (gate.review === undefined || gate.review <= gate.pass) return problems;
  return [
    ...problems,
    {
      at: locate?.(['gate', 'review']) ?? at,
      part: 'gate / review',
      problem: 'the bound of review lies above the one of pass, so nothing could be reviewed',
      received: gate.review,
      allowed: `0 to ${gate.pass}`,
      change: 'lower `review` or raise `pass`',
    },
  ];
}

function isTrigger(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'trigger' in value;
}

function isRule(value: unknown): boolean {
  return (value as RuleReference | undefined)?.kind === 'rule-reference';
}

function isOutput(value: unknown): boolean {
  const output = value as Output | undefined;
  return output?.kind === 'output' && output.input instanceof Dataset;
}

/** Freezes plain data; components, contracts and datasets freeze themselves. */
function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (part && typeof part === 'object' && !Object.isFrozen(part)) {
      const prototype = Object.getPrototypeOf(part);
      if (Array.isArray(part) || prototype === Object.prototype) deepFreeze(part);
    }
  }
  return Object.freeze(value);
}
