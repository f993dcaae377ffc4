import { isObject, type Json, type JsonObject } from '../json.ts';
import type { LanguageName } from './machine-scope.ts';
import { isDefinite, isIntrinsic, isJsonPath, referencePathMistake } from './paths.ts';
import { validateAssignments } from './validate-assign.ts';
import { validateJsonata } from './validate-jsonata.ts';
import type { StateUnderTest } from './validate-state.ts';

/** Fields that are templates: filled on every visit. */
const templates = [
  'Parameters',
  'ResultSelector',
  'ItemSelector',
  'Assign',
  'Arguments',
  'Output',
  'Credentials',
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Items',
];
const pathFields = [
  'InputPath',
  'OutputPath',
  'ItemsPath',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'ErrorPath',
  'CausePath',
  'MaxConcurrencyPath',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentagePath',
];
/** Fields that JSONata may compute. */
const scalars = [
  'Seconds',
  'Timestamp',
  'TimeoutSeconds',
  'HeartbeatSeconds',
  'Error',
  'Cause',
  'MaxConcurrency',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
];

/** Types of states whose Output and Assign have a result to go by. */
const withResult = new Set(['Task', 'Map', 'Parallel']);

/** Paths, intrinsic functions and JSONata expressions can be parsed. */
export function validateExpressions(state: JsonObject, language: LanguageName, under: StateUnderTest): void {
  const { place, scope } = under;
  validateAssignments(state, place, scope.diagnostics);
  if (language === 'JSONPath') {
    for (const field of pathFields) validatePath(state[field], `${place}/${field}`, under);
    validateReferencePath(state.ResultPath, `${place}/ResultPath`, under);
    for (const field of templates) walkTemplate(state[field], `${place}/${field}`, under);
    return;
  }
  for (const field of [...templates, ...scalars]) {
    const result = (field === 'Output' || field === 'Assign') && withResult.has(state.Type);
    validateJsonata(state[field], `${place}/${field}`, scope.diagnostics, { result });
  }
  for (const [index, rule] of (Array.isArray(state.Choices) ? state.Choices : []).entries()) {
    validateJsonata(rule, `${place}/Choices[${index}]`, scope.diagnostics);
  }
  for (const [index, catcher] of (Array.isArray(state.Catch) ? state.Catch : []).entries()) {
    validateJsonata(catcher, `${place}/Catch[${index}]`, scope.diagnostics, { errorOutput: true });
  }
}

function validatePath(path: Json, place: string, { scope }: StateUnderTest): void {
  if (path === undefined || (path === null && /\/(InputPath|OutputPath)$/.test(place))) return;
  const valid = isJsonPath(path) || (/\/(ErrorPath|CausePath)$/.test(place) && isIntrinsic(path));
  if (typeof path !== 'string') scope.diagnostics.notType('STRING', place);
  else if (!valid) scope.diagnostics.schema('Value must be a valid JSONPath.', place);
  else if (/\/ItemsPath$/.test(place) && !isDefinite(path)) {
    scope.diagnostics.schema('Value is not a Reference Path', place);
  }
}

/** Results go into the state's own data: neither the context nor a variable takes them. */
function validateReferencePath(path: Json, place: string, { scope }: StateUnderTest): void {
  if (path === undefined || path === null) return;
  const mistake = referencePathMistake(path);
  const valid = mistake === undefined && isDefinite(path) && /^\$(?:[.[]|$)/.test(path);
  if (!valid) scope.diagnostics.schema(mistake ?? 'Value is not a Reference Path', place);
}

function walkTemplate(template: Json, place: string, under: StateUnderTest): void {
  if (Array.isArray(template)) {
    for (const [index, item] of template.entries()) walkTemplate(item, `${place}[${index}]`, under);
    return;
  }
  if (!isObject(template)) return;
  for (const [key, value] of Object.entries(template)) {
    const at = `${place}/${key}`;
    if (!key.endsWith('.$')) walkTemplate(value, at, under);
    else if (!isJsonPath(value) && !isIntrinsic(value)) {
      const message = `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`;
      under.scope.diagnostics.schema(message, at);
    }
  }
}
