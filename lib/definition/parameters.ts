import * as z from 'zod';
import { type ParameterPlan, parameterForms, parameterText, parameterTypes } from '../component/parameter.ts';
import type { Problem } from './problem.ts';
import type { TriggerReference } from './triggers.ts';

const name = z
  .string()
  .regex(
    /^[a-z][A-Za-z0-9_]{0,62}$/,
    'is not the name of a parameter: a lower-case letter, then letters, digits and _, 63 at most',
  );

const typeSchema = z.enum(parameterTypes);

/** A parameter by its type, or written out. */
const parameterSchema = z
  .union([
    typeSchema,
    z.strictObject({
      type: typeSchema,
      default: z
        .union([z.string(), z.number(), z.bigint(), z.boolean(), z.null()])
        .optional()
        .describe('where a run is given no value; null: none'),
      description: z.string().optional().describe('for people; nothing is checked by it'),
    }),
  ])
  .transform((given, { addIssue }): ParameterPlan => {
    if (typeof given === 'string') return { type: given };
    const { type, default: usual } = given;
    if (usual === undefined || usual === null) return { type, ...(usual === null && { default: null }) };
    const text = parameterText(type, usual);
    const rounded = type === 'integer' && Number.isInteger(usual) && !Number.isSafeInteger(usual);
    if (text !== undefined) return { type, default: text };
    addIssue({
      code: 'custom',
      path: ['default'],
      input: usual,
      message: `is not a value of the type ${type}`,
      params: {
        allowed: parameterForms[type],
        change: rounded
          ? 'write it as a text or a bigint: JavaScript rounds numbers beyond 2^53'
          : 'correct the default, or the type',
      },
    });
    return z.NEVER;
  });

export const parametersSchema = z
  .record(name, parameterSchema)
  .describe('what a run is given: name → type, e.g. { from: date, country: { type: string, default: DE } }');

/** Triggers give no values, so what they start needs a default for each parameter. */
export function parameterProblems(
  parameters: Readonly<Record<string, ParameterPlan>>,
  on: readonly TriggerReference[],
  at: (parameter: string) => string | undefined,
): Problem[] {
  const problems: Problem[] = [];
  const names = Object.keys(parameters);
  for (const [index, one] of names.entries()) {
    const twin = names.slice(0, index).find((other) => other.toLowerCase() === one.toLowerCase());
    if (twin !== undefined)
      problems.push({
        at: at(one),
        part: `parameters / ${one}`,
        problem: 'two parameters differ in upper and lower case alone',
        received: `${twin}, ${one}`,
        allowed: 'names that differ otherwise',
        change: 'rename one of them',
      });
    if (parameters[one]!.default !== undefined || on.length === 0) continue;
    problems.push({
      at: at(one),
      part: `parameters / ${one}`,
      problem: 'what a trigger starts is given no value for it',
      received: `${parameters[one]!.type} without a default`,
      allowed: 'a default, which may be null, or a pipeline that only people start',
      change: `give it a default, e.g. { type: '${parameters[one]!.type}', default: null }`,
    });
  }
  return problems;
}
