import { parameterSqlTypes } from '../component/parameter.ts';
import type { Plan } from '../component/plan.ts';
import type { Session } from './session.ts';

/** What expressions call with the name of a parameter. */
export const parameterFunction = 'param';

/**
 * Gives a session what the run was given. Values are bound and never part of SQL; where the plan has none yet, each is a
 * NULL of its type, by which expressions can be typed.
 */
export async function openParameters(
  session: Session,
  { parameters, values = {} }: Pick<Plan, 'parameters' | 'values'>,
): Promise<void> {
  if (!parameters) return;
  await session.run(`CREATE MACRO ${parameterFunction}(name) AS getvariable(name)`);
  for (const [name, { type }] of Object.entries(parameters))
    await session.setVariable(name, { type: parameterSqlTypes[type], text: values[name] ?? null });
}
