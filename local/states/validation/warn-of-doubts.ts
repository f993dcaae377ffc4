import { isObject, type Json, type JsonObject } from '../json.ts';
import type { LanguageName } from './machine-scope.ts';
import type { StateUnderTest } from './validate-state.ts';

const looksLikePath = (value: Json) => typeof value === 'string' && /^\$\$?[.[]|^\$$|^States\.\w+\(/.test(value);

/** Warns of texts that look as if they were to be evaluated, and are not. */
export function warnOfDoubts(state: JsonObject, language: LanguageName, { place, scope }: StateUnderTest): void {
  if (language !== 'JSONPath') return;
  const { diagnostics } = scope;
  for (const field of ['Parameters', 'ResultSelector', 'ItemSelector']) {
    for (const name of plainPaths(state[field])) {
      const message = `The value of '${name}' looks like a JSONPath. Instead of '${name}', use '${name}.$' to evaluate it as a JSONPath at runtime.`;
      diagnostics.warn('NO_DOLLAR', message, `${place}/${field}`);
    }
  }
  if (state.Type === 'Pass' && isObject(state.Result)) {
    for (const name of Object.keys(state.Result).filter((key) => key.endsWith('.$'))) {
      const message = `The value of '${name}' will not evaluate as a JSONPath or Intrinsic Function at runtime. Instead of 'Result', use 'Parameters' to evaluate it as a JSONPath or Intrinsic Function at runtime.`;
      diagnostics.warn('PASS_RESULT_IS_STATIC', message, `${place}/Result`);
    }
  }
  for (const field of state.Type === 'Fail' ? ['Error', 'Cause'] : []) {
    if (!looksLikePath(state[field])) continue;
    const message = `The value of '${field}' looks like a JSONPath. Instead of '${field}', use '${field}Path' to evaluate it as a JSONPath at runtime.`;
    diagnostics.warn('NO_PATH', message, `${place}/${field}`);
  }
}

/** The names of members, however deep, that hold what looks like a path. */
function* plainPaths(template: Json): Generator<string> {
  if (Array.isArray(template)) for (const item of template) yield* plainPaths(item);
  if (!isObject(template)) return;
  for (const [key, value] of Object.entries(template)) {
    if (!key.endsWith('.$') && looksLikePath(value)) yield key;
    yield* plainPaths(value);
  }
}
