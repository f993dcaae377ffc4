import { chosenRule } from '../choice/chosen-rule.ts';
import { isObject, type Json } from '../json.ts';
import type { PathRoots } from '../jsonpath/json-path.ts';
import { ResultPathMatchError, setAtPath } from '../jsonpath/set-at-path.ts';
import { longestSeconds } from '../longest-seconds.ts';
import type { MapItem } from '../map/map-item.ts';
import { Payload } from '../payload.ts';
import { StatesError } from '../states-error.ts';
import type { Visit } from '../visit.ts';
import { fieldPath } from './jsonpath-fields.ts';
import { fillTemplate } from './jsonpath-template.ts';
import { waitUntilByPath } from './jsonpath-wait.ts';
import type { QueryLanguage } from './query-language.ts';

/** Types of states that make something of their own. */
const producers = new Set(['Pass', 'Task', 'Map', 'Parallel']);

/** JSONPath: InputPath → Parameters → work → ResultSelector → ResultPath → OutputPath. */
export const jsonPathLanguage: QueryLanguage = {
  name: 'JSONPath',

  argument(visit) {
    const input = this.input(visit);
    const { Parameters: template } = visit.definition;
    // A Map's Parameters are the older name of its ItemSelector.
    const none = template === undefined || visit.node.type === 'Map';
    const filled = none ? input : fillTemplate(visit, template, rootsOf(visit, input));
    visit.inspect('afterInputPath', input);
    visit.inspect('afterParameters', filled);
    return filled;
  },

  input: (visit) => throughPath(visit, visit.definition.InputPath, visit.input.value),

  async output(visit, result) {
    const { definition } = visit;
    let value = result.value;
    if (definition.ResultSelector !== undefined) {
      value = fillTemplate(visit, definition.ResultSelector, rootsOf(visit, value));
    }
    const placed = placeResult(visit, definition.ResultPath, value);
    if (producers.has(visit.node.type)) {
      visit.inspect('afterResultSelector', value);
      visit.inspect('afterResultPath', placed);
    }
    const output = throughPath(visit, definition.OutputPath, placed);
    return output === result.value ? result : output === visit.input.value ? visit.input : new Payload(output);
  },

  async caught(visit, catcher, errorOutput) {
    return new Payload(placeResult(visit, catcher.definition.ResultPath, errorOutput));
  },

  async assign(visit, template, sources) {
    const data =
      'errorOutput' in sources ? sources.errorOutput : 'result' in sources ? sources.result : this.input(visit);
    return fillTemplate(visit, template, rootsOf(visit, data));
  },

  template(visit, template, _where, item) {
    return fillTemplate(visit, template, rootsOf(visit, this.input(visit), item));
  },

  number(visit, holder, field) {
    const path = holder[`${field}Path`];
    if (path === undefined) return holder[field];
    const value = fieldPath(visit, path, rootsOf(visit, this.input(visit)));
    const fraction = field === 'ToleratedFailurePercentage';
    const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
    const seconds = field.endsWith('Seconds');
    if (seconds && Number.isInteger(number) && (number < 1 || number > longestSeconds)) {
      const range = `from 1 to ${longestSeconds}`;
      throw visit.runtimeError(`The ${field}Path field refers to value "${number}" which is not ${range}: ${path}`);
    }
    if (fraction ? typeof number === 'number' : Number.isInteger(number)) return number;
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    const kind = fraction ? 'float' : 'integer';
    throw visit.runtimeError(`The ${field}Path field refers to value "${shown}" which is not a valid ${kind}: ${path}`);
  },

  async string(visit, holder, field) {
    const path = holder[`${field}Path`];
    if (path === undefined) return holder[field];
    const value = fieldPath(visit, path, rootsOf(visit, this.input(visit)), `${field}Path`);
    if (typeof value === 'string') return value;
    throw visit.runtimeError(
      `The ${field}Path field refers to value "${JSON.stringify(value)}" which is not a string: ${path}`,
    );
  },

  async items(visit, members) {
    const input = this.input(visit);
    visit.inspect('afterInputPath', input);
    const { ItemsPath: path = '$' } = visit.definition;
    const items = fieldPath(visit, path, rootsOf(visit, input));
    if (!Array.isArray(items) && !(members && isObject(items)))
      throw visit.runtimeError(`Reference path "${path.replace('$$', '$')}" must point to array.`);
    visit.inspect('afterItemsPath', items);
    return items;
  },

  async waitUntil(visit) {
    return waitUntilByPath(visit, rootsOf(visit, this.input(visit)));
  },

  async choose(visit) {
    return chosenRule(visit, rootsOf(visit, this.input(visit)));
  },

  async chosenOutput(visit) {
    return this.output(visit, visit.effectiveInput);
  },
};

function rootsOf(visit: Visit, data: Json, item?: MapItem): PathRoots {
  return { data, context: () => visit.contextFor(item), variables: visit.branch.scope };
}

/** InputPath and OutputPath: null stands for an empty object. */
function throughPath(visit: Visit, path: string | null | undefined, data: Json): Json {
  if (path === undefined || path === '$') return data;
  if (path === null) return {};
  return fieldPath(visit, path, rootsOf(visit, data));
}

/** ResultPath: null drops the result, `$` (the default) makes it the output. */
function placeResult(visit: Visit, path: string | null | undefined, result: Json): Json {
  if (path === undefined || path === '$') return result;
  if (path === null) return visit.input.value;
  try {
    return setAtPath(visit.input.value, path, result);
  } catch (error) {
    if (!(error instanceof ResultPathMatchError)) throw error;
    const what = `Unable to apply step "${path}" to input ${visit.input.text}`;
    throw new StatesError('States.ResultPathMatchFailure', visit.explain(what));
  }
}
