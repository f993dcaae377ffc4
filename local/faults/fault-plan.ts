import * as z from 'zod';
import { actions } from './actions.ts';

const positive = z.int().min(1);
const text = z.string().min(1);
const { delay, duplicate, fail, kill, lose, reorder, throttle } = actions;

const matchSchema = z.strictObject({
  /** A service's signing name, such as `s3`, `states` or `dynamodb`; `*` for any. */
  service: text,
  /** e.g. `PutObject`, `Get*`; `ServiceEvent` of `events` is an event that a service puts on the default bus. */
  operation: text,
  /** ARN of what is called, with `*` and `?`, e.g. `arn:aws:s3:::lake/staged/*`. Default: any. */
  resource: text.optional(),
  /** ARN of the caller, with `*` and `?`; of a service its name, e.g. `events.amazonaws.com`. Default: any. */
  caller: text.optional(),
  /** Which of the calls that match, counted from 1. Default: all. */
  nth: z.union([positive, z.array(positive).min(1)]).optional(),
  /** With which probability each of them is struck. Default: 1. */
  probability: z.number().min(0).max(1).optional(),
  /** How many are struck at most. Default: no bound. */
  times: positive.optional(),
});

const actionSchema = z.discriminatedUnion('type', [
  delay.schema,
  duplicate.schema,
  fail.schema,
  kill.schema,
  lose.schema,
  reorder.schema,
  throttle.schema,
]);

const ruleSchema = z.strictObject({ match: matchSchema, action: actionSchema });
const planSchema = z.strictObject({ seed: z.int().default(0), faults: z.array(ruleSchema) });

/** A rule as it is written. */
export type FaultRule = z.input<typeof ruleSchema>;

/** What a user writes: rules, or rules with the seed of their chances. The same seed gives the same choices; default 0. */
export type FaultPlan = readonly FaultRule[] | { readonly seed?: number; readonly faults: readonly FaultRule[] };

/** A rule whose defaults are filled in. */
export type CheckedRule = z.output<typeof ruleSchema>;

/** Checks a plan. Throws FaultPlanError with every place that is wrong. */
export function readFaultPlan(plan: unknown): z.output<typeof planSchema> {
  const result = planSchema.safeParse(Array.isArray(plan) ? { faults: plan } : plan);
  if (result.success) return result.data;
  throw new FaultPlanError(result.error.issues.map((issue) => problemOf(issue, plan)));
}

function problemOf(issue: z.core.$ZodIssue, plan: unknown): FaultProblem {
  const path = Array.isArray(plan) ? issue.path.slice(1) : issue.path;
  const value = path.reduce<any>((part, step) => part?.[step], plan);
  const at = z.core.toDotPath(issue.path);
  if (issue.code === 'unrecognized_keys')
    return { at, problem: issue.message, received: issue.keys, allowed: membersAt(issue.path, value).join(', ') };
  if (issue.code === 'invalid_union' && issue.path.at(-1) === 'type')
    return { at, problem: 'there is no such fault', received: value, allowed: Object.keys(actions).join(', ') };
  const allowed = issue.code === 'invalid_value' ? issue.values.join(', ') : issue.message.replace(/^.*expected /, '');
  return { at, problem: issue.message, received: value === undefined ? 'nothing' : value, allowed };
}

/** The members that an object at a place of a plan may have. */
function membersAt(path: readonly PropertyKey[], value: any): string[] {
  const at = path.at(-1);
  if (at === 'match') return Object.keys(matchSchema.shape);
  if (at === 'action') return Object.keys((actions as any)[value?.type]?.schema.shape ?? {});
  return typeof at === 'number' ? Object.keys(ruleSchema.shape) : Object.keys(planSchema.shape);
}

/** What is wrong with one place of a plan. */
export interface FaultProblem {
  /** e.g. `faults[0].match.operation` */
  readonly at: string;
  readonly problem: string;
  readonly received: unknown;
  readonly allowed: string;
}

/** A plan of faults that cannot be carried out, with what is wrong where. */
export class FaultPlanError extends Error {
  readonly code = 'LOCAL_FAULT_PLAN_INVALID';
  readonly problems: readonly FaultProblem[];

  constructor(problems: readonly FaultProblem[]) {
    const lines = problems.map(
      ({ at, problem, received, allowed }) =>
        `  ${at}: ${problem} (received ${JSON.stringify(received)}, allowed: ${allowed})`,
    );
    super(`the plan of faults is not valid; correct these places:\n${lines.join('\n')}`);
    this.name = 'FaultPlanError';
    this.problems = problems;
  }
}
