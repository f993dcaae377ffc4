import { evaluateIntrinsic } from '../intrinsics/evaluate-intrinsic.ts';
import { isObject, type Json, type JsonObject, setMember } from '../json.ts';
import { PathNotFoundError } from '../jsonpath/evaluate-path.ts';
import { jsonPath, type PathRoots } from '../jsonpath/json-path.ts';
import type { Visit } from '../visit.ts';
import { intrinsicFailure } from './intrinsic-failure.ts';

/** Templates without any `.$` member are the same every time and are handed on as they are. */
const constant = new WeakMap<object, boolean>();

/** Fills a payload template: members whose names end in `.$` are paths or intrinsic functions. */
export function fillTemplate(visit: Visit, template: Json, roots: PathRoots): Json {
  if (typeof template !== 'object' || template === null || isConstant(template)) return template;
  if (Array.isArray(template)) return template.map((item) => fillTemplate(visit, item, roots));
  const filled: JsonObject = {};
  for (const [key, value] of Object.entries<Json>(template)) {
    if (key.endsWith('.$')) setMember(filled, key.slice(0, -2), evaluateMember(visit, key, value, roots));
    else setMember(filled, key, fillTemplate(visit, value, roots));
  }
  return filled;
}

function isConstant(template: object): boolean {
  let known = constant.get(template);
  if (known === undefined) {
    known = Array.isArray(template)
      ? template.every(isConstantValue)
      : Object.entries(template).every(([key, value]) => !key.endsWith('.$') && isConstantValue(value));
    constant.set(template, known);
  }
  return known;
}

const isConstantValue = (value: Json) => !(Array.isArray(value) || isObject(value)) || isConstant(value);

function evaluateMember(visit: Visit, key: string, text: string, roots: PathRoots): Json {
  const { environment } = visit.branch.run;
  try {
    if (!text.startsWith('$')) return evaluateIntrinsic(text, roots, environment);
    return jsonPath(text).evaluate(roots);
  } catch (error) {
    if (!(error instanceof PathNotFoundError)) throw intrinsicFailure(visit, text, error) ?? error;
    if (text.startsWith('$') && !jsonPath(text).definite) return [];
    throw visit.runtimeError(
      `The JSONPath '${text}' specified for the field '${key}' could not be found in the input '${JSON.stringify(roots.data)}'`,
    );
  }
}
