import { isObject, type Json, type JsonObject } from '../json.ts';
import type { LanguageName, MachineScope } from './machine-scope.ts';
import { isStateField, stateFields } from './state-fields.ts';
import { stateRules } from './state-rules.ts';
import { validateExpressions } from './validate-expressions.ts';
import { validateFailureHandling } from './validate-failure-handling.ts';
import { languageOf, type validateMachine } from './validate-machine.ts';

/** A state under validation. */
export interface StateUnderTest {
  readonly place: string;
  readonly name: string;
  readonly scope: MachineScope;
  /** Handed in, since levels and states validate each other. */
  readonly validateMachine: typeof validateMachine;
}

/** Validates one state and what is inside of it. */
export function validateState(state: Json, under: StateUnderTest): void {
  const { place, scope } = under;
  const { diagnostics } = scope;
  if (!isObject(state)) {
    diagnostics.schema('Value is not a JSON object', place);
    return;
  }
  const { Type: type } = state;
  if (type === undefined) {
    diagnostics.schema('These fields are required: [Type]', place);
    return;
  }
  const fields = typeof type === 'string' ? stateFields[type] : undefined;
  if (!fields) {
    const known = Object.keys(stateFields).join(', ');
    diagnostics.schema(`Value is not one of [${known}]`, `${place}/Type`);
    return;
  }
  const language = languageOf(state, place, scope) ?? scope.language ?? 'JSONPath';
  validateFields(state, language, under);
  const missing = fields.required.filter((field) => state[field] === undefined);
  if (missing.length > 0) diagnostics.schema(`These fields are required: [${missing.join(', ')}]`, place);
  if (fields.goesOn) validateGoingOn(state, under);
  validateExpressions(state, language, under);
  validateFailureHandling(state, under);
  stateRules[type as string]?.(state, language, under);
}

function validateFields(state: JsonObject, language: LanguageName, { place, scope }: StateUnderTest): void {
  for (const field of Object.keys(state)) {
    if (isStateField(state.Type, field, language)) continue;
    const other = language === 'JSONata' ? 'JSONPath' : 'JSONata';
    const message = isStateField(state.Type, field, other)
      ? `The field '${field}' is not supported when the query language is ${language}`
      : 'Field is not supported';
    scope.diagnostics.schema(message, `${place}/${field}`);
  }
}

function validateGoingOn(state: JsonObject, { place, scope }: StateUnderTest): void {
  const { Next: next, End: end } = state;
  if (next !== undefined && typeof next !== 'string')
    scope.diagnostics.schema('Value is not a String', `${place}/Next`);
  if (end !== undefined && typeof end !== 'boolean') scope.diagnostics.schema('Value is not a Boolean', `${place}/End`);
  if (next === undefined && end !== true) {
    scope.diagnostics.schema('Exactly one of these fields is required: [Next, End]', place);
  }
  if (next !== undefined && end === true) {
    scope.diagnostics.schema('Only one of these fields is allowed: [Next, End]', place);
  }
}
