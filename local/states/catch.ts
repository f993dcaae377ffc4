import { errorMatches } from './error-names.ts';
import type { JsonObject } from './json.ts';
import type { StatesError } from './states-error.ts';
import type { Visit } from './visit.ts';

/** The first catcher that takes the error, with its place in the state for messages (`where`). */
export function catcherFor(visit: Visit, error: StatesError): (JsonObject & { where: string }) | undefined {
  const catchers: JsonObject[] = visit.definition.Catch ?? [];
  const index = catchers.findIndex((catcher) => errorMatches(catcher.ErrorEquals, error));
  return index < 0 ? undefined : { ...catchers[index], where: `Catch[${index}]/` };
}
