import { isObject, type JsonObject } from '../json.ts';
import type { LanguageName, MachineScope } from './machine-scope.ts';
import { validateNumber } from './validate-number.ts';
import { validateState } from './validate-state.ts';
import { validateTransitions } from './validate-transitions.ts';

const topFields = new Set(['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version']);
const innerFields = new Set(['Comment', 'ProcessorConfig', 'StartAt', 'States', 'TimeoutSeconds', 'Version']);
const deepestNesting = 30;
const longestName = 80;

/** Validates a workflow, or a branch or processor inside of one. `place` is its path in the definition, '' for the whole. */
export function validateMachine(machine: JsonObject, place: string, scope: MachineScope): void {
  const { diagnostics } = scope;
  const location = place || '/';
  if (scope.depth > deepestNesting) {
    diagnostics.error('TOO_DEEPLY_NESTED', `The states are nested more than ${deepestNesting} levels deep`, location);
    return;
  }
  const fields = place === '' ? topFields : innerFields;
  for (const field of Object.keys(machine)) if (!fields.has(field)) diagnostics.unsupported(field, location);
  const missing = ['StartAt', 'States'].filter((field) => machine[field] === undefined);
  if (missing.length > 0) {
    diagnostics.required(missing, location);
    return;
  }
  if (typeof machine.StartAt !== 'string') diagnostics.notType('STRING', `${place}/StartAt`);
  if (machine.Version !== undefined && machine.Version !== '1.0') diagnostics.notOneOf(['1.0'], `${place}/Version`);
  validateNumber(machine.TimeoutSeconds, { least: 0 }, `${place}/TimeoutSeconds`, diagnostics);
  const language = place === '' ? languageOf(machine) : undefined;
  if (language) validateLanguage(machine, place, scope);
  if (!isObject(machine.States)) {
    diagnostics.notType('OBJECT', `${place}/States`);
    return;
  }
  if (Object.keys(machine.States).length === 0) {
    diagnostics.schema('Value cannot be empty', `${place}/States`);
    return;
  }
  const inner: MachineScope = { ...scope, language: language ?? scope.language, depth: scope.depth + 1 };
  for (const [name, state] of Object.entries(machine.States)) {
    validateName(name, `${place}/States/${name}`, scope);
    validateState(state, { place: `${place}/States/${name}`, name, scope: inner, validateMachine });
  }
  validateTransitions(machine, place, diagnostics);
}

/** Whatever is not JSONPath by its exact name is taken for JSONata, also where it is no language at all. */
export function languageOf({ QueryLanguage: language }: JsonObject): LanguageName | undefined {
  if (language === undefined) return undefined;
  return language === 'JSONPath' ? 'JSONPath' : 'JSONata';
}

export function validateLanguage({ QueryLanguage: language }: JsonObject, place: string, scope: MachineScope): void {
  const at = `${place}/QueryLanguage`;
  const known = ['JSONPath', 'JSONata'];
  if (language === undefined || known.includes(language)) return;
  if (typeof language === 'string') scope.diagnostics.notOneOf(known, at);
  else scope.diagnostics.notType('STRING', at);
}

function validateName(name: string, place: string, { names, diagnostics }: MachineScope): void {
  if (name.length > longestName) {
    const message = `Invalid State name: ${name} exceeds the ${longestName}-character limit allowed by the service`;
    diagnostics.error('INVALID_STATE_NAME', message, place);
  } else if (name === '') {
    diagnostics.error('INVALID_STATE_NAME', 'Invalid State name: it cannot be empty', place);
  }
  if (names.has(name)) diagnostics.error('DUPLICATE_STATE_NAME', `Duplicate State name: ${name}`, place);
  names.set(name, place);
}
