import { errorMatches } from './error-names.ts';
import type { JsonObject } from './json.ts';
import type { StatesError } from './states-error.ts';
import type { Visit } from './visit.ts';

export interface Catcher {
  readonly definition: JsonObject;
  readonly index: number;
  /** Its place in the state, for messages. */
  readonly where: string;
}

/** The first catcher that takes the error. */
export function catcherFor(visit: Visit, error: StatesError): Catcher | undefined {
  const catchers: JsonObject[] = visit.definition.Catch ?? [];
  const index = catchers.findIndex((catcher) => errorMatches(catcher.ErrorEquals, error));
  return index < 0 ? undefined : { definition: catchers[index]!, index, where: `Catch[${index}]/` };
}
