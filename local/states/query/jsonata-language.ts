import { isObject, type Json, type JsonObject, setMember } from '../json.ts';
import { longestSeconds } from '../longest-seconds.ts';
import { Payload } from '../payload.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { Visit } from '../visit.ts';
import { expressionIn, jsonataExpression } from './jsonata-expression.ts';
import { plainResult, typeName } from './jsonata-result.ts';
import { QueryEvaluationError } from './query-evaluation-error.ts';
import type { QueryLanguage, Sources } from './query-language.ts';

/** Types of states that have a result of their own. */
const withResult = new Set(['Task', 'Map', 'Parallel']);

/** What went beyond the limits of an expression, in AWS's words, by jsonata's code. */
const limitReasons: Readonly<Record<string, string>> = {
  D1011: 'Stack overflow error',
  D1012: 'Expression evaluation timeout',
  D2015: 'Expression evaluation memory limit exceeded',
};

/** JSONata: fields are templates whose `{% %}` strings are expressions over `$states` and the variables. */
export const jsonataLanguage: QueryLanguage = {
  name: 'JSONata',

  async argument(visit) {
    const { Arguments: template } = visit.definition;
    if (template === undefined) return visit.input.value;
    const filled = await evaluate(visit, template, {}, 'Arguments');
    visit.inspect('afterArguments', filled);
    return filled;
  },

  input: (visit) => visit.input.value,

  async output(visit, result) {
    const { Output: template } = visit.definition;
    if (template === undefined) return result;
    return new Payload(await evaluate(visit, template, { result: result.value }, 'Output'));
  },

  async caught(visit, { definition, where }, errorOutput) {
    if (definition.Output === undefined) return new Payload(errorOutput);
    return new Payload(await evaluate(visit, definition.Output, { errorOutput }, `${where}Output`));
  },

  assign: (visit, template, sources, where) => evaluate(visit, template, sources, `${where}Assign`),

  template: (visit, template, where, item) => evaluate(visit, template, { item }, where),

  async number(visit, holder, field, where) {
    const given = holder[field];
    if (given === undefined || typeof given === 'number') return given;
    const value = await evaluate(visit, given, {}, where);
    if (typeof value !== 'number') throw unexpected(visit, given, where, 'number', value);
    checkRange(visit, given, { field, where }, value);
    return value;
  },

  async string(visit, holder, field) {
    const given = holder[field];
    if (given === undefined) return undefined;
    const value = await evaluate(visit, given, {}, field);
    if (typeof value !== 'string') throw unexpected(visit, given, field, 'string', value);
    return value;
  },

  async items(visit, members) {
    const { Items: template } = visit.definition;
    const fits = (value: Json) => Array.isArray(value) || (members && isObject(value));
    if (template === undefined) {
      const input = visit.input.value;
      if (!fits(input)) {
        throw new QueryEvaluationError(visit, `Map state input must be an array but was: ${JSON.stringify(input)}`);
      }
      return input;
    }
    const items = await evaluate(visit, template, {}, 'Items');
    if (!fits(items)) throw unexpected(visit, template, 'Items', 'array', items);
    return items;
  },

  async waitUntil(visit) {
    const { definition } = visit;
    if (definition.Timestamp !== undefined) {
      const text = await evaluate(visit, definition.Timestamp, {}, 'Timestamp');
      const time = typeof text === 'string' ? parseTimestamp(text) : undefined;
      if (time === undefined) {
        const what = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
        throw new QueryEvaluationError(visit, what, 'Timestamp');
      }
      return time;
    }
    const seconds = await this.number(visit, definition, 'Seconds', 'Seconds');
    return visit.enteredTime + (seconds ?? 0) * 1000;
  },

  async choose(visit) {
    const rules: JsonObject[] = visit.definition.Choices;
    for (const [index, rule] of rules.entries()) {
      const where = `Choices[${index}]/Condition`;
      const holds = await evaluate(visit, rule.Condition, {}, where);
      if (typeof holds !== 'boolean') throw unexpected(visit, rule.Condition, where, 'boolean', holds);
      if (holds) return { rule, index };
    }
    return undefined;
  },

  async chosenOutput(visit, rule, where) {
    const template = rule.Output;
    if (template === undefined) return this.output(visit, visit.input);
    return new Payload(await evaluate(visit, template, {}, `${where}Output`));
  },
};

/** Evaluates a template: every `{% %}` string in it, at any depth; all else stays as it is. */
async function evaluate(visit: Visit, template: Json, sources: Sources, where: string): Promise<Json> {
  const bindings = bindingsOf(visit, sources);
  return fill(visit, template, bindings, where);
}

async function fill(visit: Visit, template: Json, bindings: Record<string, Json>, where: string): Promise<Json> {
  if (typeof template === 'string') {
    const expression = expressionIn(template);
    return expression === undefined ? template : evaluateExpression(visit, expression, bindings, where);
  }
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries()) items.push(await fill(visit, item, bindings, `${where}[${index}]`));
    return items;
  }
  if (!isObject(template)) return template;
  const filled: JsonObject = {};
  for (const [key, value] of Object.entries(template)) {
    setMember(filled, key, await fill(visit, value, bindings, `${where}/${key}`));
  }
  return filled;
}

async function evaluateExpression(
  visit: Visit,
  text: string,
  bindings: Record<string, Json>,
  where: string,
): Promise<Json> {
  const { environment } = visit.branch.run;
  const named = `The JSONata expression '${text}' specified for the field '${where}'`;
  let value: Json;
  let plain: Json;
  try {
    value = await jsonataExpression(text).evaluate(bindings, {
      random: () => environment.random(),
      now: () => environment.clock.now(),
    });
    plain = plainResult(value);
  } catch (error) {
    const { code = '', message } = error as { code?: string; message?: string };
    const reason = limitReasons[code] ?? (code ? `${code}: ${message}` : message);
    throw new QueryEvaluationError(visit, `${named} threw an error during evaluation. ${reason}`, where);
  }
  if (value === undefined) throw new QueryEvaluationError(visit, `${named} returned nothing (undefined).`, where);
  if (plain === undefined)
    throw new QueryEvaluationError(visit, `${named} returned an unsupported result type.`, where);
  return plain;
}

/** `$states` with context, result and error made only when they are asked for, and the variables. */
function bindingsOf(visit: Visit, sources: Sources): Record<string, Json> {
  const states: JsonObject = { input: visit.input.value };
  let context: Json;
  Object.defineProperty(states, 'context', {
    enumerable: true,
    get: () => {
      context ??= visit.contextFor(sources.item);
      return context;
    },
  });
  if (sources.result !== undefined && withResult.has(visit.node.type)) states.result = sources.result;
  if (sources.errorOutput !== undefined) states.errorOutput = sources.errorOutput;
  return { ...visit.branch.scope.visible(), states };
}

/** The shortest time that a field of seconds may name. */
const shortestSeconds: Readonly<Record<string, number>> = { Seconds: 0, TimeoutSeconds: 1, HeartbeatSeconds: 1 };

function checkRange(
  visit: Visit,
  template: Json,
  { field, where }: { field: string; where: string },
  value: number,
): void {
  const least = shortestSeconds[field];
  if (least === undefined || (value >= least && value <= longestSeconds)) return;
  const what = `The JSONata expression '${expressionIn(template)}' specified for the field '${where}' returned a value that is out of range. Expected a value from ${least} to ${longestSeconds}, but was: ${value}`;
  throw new QueryEvaluationError(visit, what, where);
}

function unexpected(visit: Visit, template: Json, where: string, expected: string, value: Json): QueryEvaluationError {
  const text = typeof template === 'string' ? (expressionIn(template) ?? template) : JSON.stringify(template);
  const what = `The JSONata expression '${text}' specified for the field '${where}' returned an unexpected result type. Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`;
  return new QueryEvaluationError(visit, what, where);
}
