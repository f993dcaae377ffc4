import { evaluateIntrinsic } from '../intrinsics/evaluate-intrinsic.ts';
import type { Json } from '../json.ts';
import { PathNotFoundError } from '../jsonpath/evaluate-path.ts';
import { jsonPath, type PathRoots } from '../jsonpath/json-path.ts';
import type { Visit } from '../visit.ts';
import { intrinsicFailure } from './intrinsic-failure.ts';

/** The value that a field's path leads to. `field` is named in the message where AWS names it. */
export function fieldPath(visit: Visit, path: string, roots: PathRoots, field?: string): Json {
  try {
    if (!path.startsWith('$')) return evaluateIntrinsic(path, roots, visit.branch.run.environment);
    return jsonPath(path).evaluate(roots);
  } catch (error) {
    if (!(error instanceof PathNotFoundError)) throw intrinsicFailure(visit, path, error) ?? error;
    if (path.startsWith('$') && !jsonPath(path).definite) return [];
    if (field === undefined) throw visit.runtimeError(`Invalid path '${path}' : ${error.message}`);
    throw visit.runtimeError(
      `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${JSON.stringify(roots.data)}'`,
    );
  }
}
