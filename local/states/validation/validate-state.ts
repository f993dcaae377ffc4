import { isObject, type Json, type JsonObject } from '../json.ts';
import type { LanguageName, MachineScope } from './machine-scope.ts';
import { isStateField, onlyIn, stateFields } from './state-fields.ts';
import { stateRules } from './state-rules.ts';
import { validateExpressions } from './validate-expressions.ts';
import { validateFailureHandling } from './validate-failure-handling.ts';
import { languageOf, validateLanguage, type validateMachine } from './validate-machine.ts';
import { warnOfDoubts } from './warn-of-doubts.ts';

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
    diagnostics.notType('OBJECT', place);
    return;
  }
  const { Type: type } = state;
  if (type === undefined) {
    diagnostics.required(['Type'], place);
    return;
  }
  const fields = typeof type === 'string' ? stateFields[type] : undefined;
  if (!fields) {
    diagnostics.notOneOf(Object.keys(stateFields), `${place}/Type`);
    return;
  }
  const language = languageOf(state) ?? scope.language ?? 'JSONPath';
  validateFields(state, language, under);
  validateLanguage(state, place, scope);
  const missing = fields.required.filter((field) => state[field] === undefined);
  if (missing.length > 0) diagnostics.required(missing, place);
  if (fields.goesOn) validateGoingOn(state, under);
  validateExpressions(state, language, under);
  validateFailureHandling(state, under);
  stateRules[type as string]?.(state, language, under);
  warnOfDoubts(state, language, under);
}

/** A state that goes back to JSONPath is told so, and not of what JSONPath does not have. */
function validateFields(state: JsonObject, language: LanguageName, { place, scope }: StateUnderTest): void {
  const { diagnostics } = scope;
  const other = language === 'JSONata' ? 'JSONPath' : 'JSONata';
  const goesBack = language === 'JSONPath' && scope.language === 'JSONata';
  if (goesBack) {
    diagnostics.schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", place);
  }
  const foreign = Object.keys(state).filter((field) => !isStateField(state.Type, field, language));
  for (const field of foreign) {
    if (!isStateField(state.Type, field, other)) diagnostics.unsupported(field, place);
    else if (!goesBack) diagnostics.schema(onlyIn(other, field), place);
  }
}

function validateGoingOn(state: JsonObject, { place, scope }: StateUnderTest): void {
  const { Next: next, End: end } = state;
  if (next !== undefined && typeof next !== 'string') scope.diagnostics.notType('STRING', `${place}/Next`);
  if (end !== undefined && typeof end !== 'boolean') scope.diagnostics.notType('BOOLEAN', `${place}/End`);
  const given = [next !== undefined, end === true].filter(Boolean).length;
  scope.diagnostics.exactlyOne(['Next', 'End'], given, place);
}
