import { StatesError } from '../states-error.ts';
import type { Visit } from '../visit.ts';

/** A JSONata expression that failed, or gave what its field cannot take. */
export class QueryEvaluationError extends StatesError {
  /** The field, as a path inside the state: `Arguments/FunctionName`. Undefined where no field is to blame. */
  readonly location: string | undefined;

  constructor(visit: Visit, what: string, location?: string) {
    super('States.QueryEvaluationError', visit.explain(what));
    this.location = location;
  }
}
