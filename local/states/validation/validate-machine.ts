import { isObject, type JsonObject } from '../json.ts';
import type { LanguageName, MachineScope } from './machine-scope.ts';
import { validateState } from './validate-state.ts';
import { validateTransitions } from './validate-transitions.ts';

const topFields = new Set([
  'Comment',
  'QueryLanguage',
  'StartAt',
  'States',
  'TimeoutSeconds',
  'Version',
  'ProcessorConfig',
]);
const deepestNesting = 30;

/** Validates a workflow, or a branch or processor inside of one. `place` is its path in the definition, '' for the whole. */
export function validateMachine(machine: JsonObject, place: string, scope: MachineScope): void {
  const { diagnostics } = scope;
  const location = place || '/';
  if (scope.depth > deepestNesting) {
    diagnostics.error('TOO_DEEPLY_NESTED', `The states are nested more than ${deepestNesting} levels deep`, location);
    return;
  }
  const missing = ['StartAt', 'States'].filter((field) => machine[field] === undefined);
  if (missing.length > 0) {
    diagnostics.schema(`These fields are required: [${missing.join(', ')}]`, location);
    return;
  }
  for (const field of Object.keys(machine)) {
    if (!topFields.has(field)) diagnostics.schema('Field is not supported', `${place}/${field}`);
  }
  if (typeof machine.StartAt !== 'string') diagnostics.schema('Value is not a String', `${place}/StartAt`);
  if (!isObject(machine.States) || Object.keys(machine.States).length === 0) {
    diagnostics.schema('Value is not a non-empty object', `${place}/States`);
    return;
  }
  const limit = machine.TimeoutSeconds;
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    diagnostics.schema('Value is not a positive integer', `${place}/TimeoutSeconds`);
  }
  const language = languageOf(machine, location, scope);
  const inner: MachineScope = { ...scope, language: language ?? scope.language, depth: scope.depth + 1 };
  for (const [name, state] of Object.entries(machine.States)) {
    validateName(name, `${place}/States/${name}`, scope);
    validateState(state, { place: `${place}/States/${name}`, name, scope: inner, validateMachine });
  }
  validateTransitions(machine, place, diagnostics);
}

/** A level's own language; a level inside of a JSONata one cannot go back to JSONPath. */
export function languageOf(holder: JsonObject, location: string, scope: MachineScope): LanguageName | undefined {
  const { QueryLanguage: language } = holder;
  if (language === undefined) return undefined;
  if (language !== 'JSONPath' && language !== 'JSONata') {
    scope.diagnostics.schema('Value is not one of [JSONPath, JSONata]', `${location}/QueryLanguage`);
    return undefined;
  }
  if (language === 'JSONPath' && scope.language === 'JSONata') {
    const message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
    scope.diagnostics.schema(message, location);
  }
  return language;
}

function validateName(name: string, place: string, { names, diagnostics }: MachineScope): void {
  if (name === '' || name.length > 80) {
    diagnostics.error('INVALID_STATE_NAME', 'State names must have 1 to 80 characters', place);
  }
  if (names.has(name)) diagnostics.error('DUPLICATE_STATE_NAME', `Duplicate state name: ${name}`, place);
  names.set(name, place);
}
