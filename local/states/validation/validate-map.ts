import { isObject, type JsonObject } from '../json.ts';
import { parseResource } from '../resource.ts';
import type { LanguageName } from './machine-scope.ts';
import type { StateUnderTest } from './validate-state.ts';

const longestLabel = 40;
/** White space, wildcards, brackets, quotes, controls: what a name in an ARN cannot have. */
const illegalInLabel = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}\ufffe\uffff]/u;

const distributedOnly = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'];

/** A Map has one processor; what only child executions can do needs the distributed mode. */
export function validateMap(state: JsonObject, _language: LanguageName, under: StateUnderTest): void {
  const { place, scope, validateMachine } = under;
  const { diagnostics } = scope;
  const field = state.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor';
  const processor = state[field];
  if (processor === undefined) {
    diagnostics.schema('These fields are required: [ItemProcessor]', place);
    return;
  }
  if (!isObject(processor)) {
    diagnostics.schema('Value is not a JSON object', `${place}/${field}`);
    return;
  }
  validateMachine(processor, `${place}/${field}`, scope);
  const mode = validateMode(processor, `${place}/${field}/ProcessorConfig`, under);
  if (mode !== 'DISTRIBUTED') {
    for (const only of distributedOnly) {
      if (state[only] !== undefined)
        diagnostics.schema(`${only} is only supported in DISTRIBUTED mode`, `${place}/${only}`);
    }
  } else if (scope.express) {
    diagnostics.schema('Express state machine does not support DISTRIBUTED mode', `${place}/${field}/ProcessorConfig`);
  }
  validateNumbers(state, under);
  validateAccess(state, under);
  if (state.Label !== undefined) validateLabel(state.Label, under);
}

function validateMode(processor: JsonObject, at: string, { scope }: StateUnderTest): string {
  const { ProcessorConfig: config } = processor;
  if (config === undefined) return 'INLINE';
  const { Mode: mode = 'INLINE', ExecutionType: type } = config;
  if (mode !== 'INLINE' && mode !== 'DISTRIBUTED')
    scope.diagnostics.schema('Value is not one of [INLINE, DISTRIBUTED]', `${at}/Mode`);
  if (mode === 'DISTRIBUTED' && type === undefined)
    scope.diagnostics.schema('These fields are required: [ExecutionType]', at);
  if (type !== undefined && type !== 'STANDARD' && type !== 'EXPRESS') {
    scope.diagnostics.schema('Value is not one of [STANDARD, EXPRESS]', `${at}/ExecutionType`);
  }
  return mode;
}

function validateNumbers(state: JsonObject, { place, scope }: StateUnderTest): void {
  const limits: Record<string, number> = {
    MaxConcurrency: Number.MAX_SAFE_INTEGER,
    ToleratedFailureCount: Number.MAX_SAFE_INTEGER,
    ToleratedFailurePercentage: 100,
  };
  for (const [field, most] of Object.entries(limits)) {
    const value = state[field];
    if (value !== undefined && state[`${field}Path`] !== undefined) {
      scope.diagnostics.schema(`Only one of these fields is allowed: [${field}, ${field}Path]`, place);
    }
    if (typeof value === 'number' && (value < 0 || value > most))
      scope.diagnostics.schema('Value is out of range', `${place}/${field}`);
  }
}

function validateAccess(state: JsonObject, { place, scope }: StateUnderTest): void {
  for (const field of ['ItemReader', 'ResultWriter']) {
    const { Resource: arn } = state[field] ?? {};
    if (state[field] === undefined || (field === 'ResultWriter' && arn === undefined)) continue;
    const at = `${place}/${field}/Resource`;
    if (arn === undefined) scope.diagnostics.schema('These fields are required: [Resource]', `${place}/${field}`);
    else if (typeof arn !== 'string' || parseResource(arn)?.kind !== 'service') {
      scope.diagnostics.schema('Value is not a valid resource ARN', at);
    }
  }
}

function validateLabel(label: unknown, { place, scope }: StateUnderTest): void {
  const at = `${place}/Label`;
  if (typeof label !== 'string' || label === '') {
    scope.diagnostics.error('INVALID_LABEL_NAME', 'The label cannot be empty', at);
    return;
  }
  if (label.length > longestLabel) {
    scope.diagnostics.error('INVALID_LABEL_NAME', `The label cannot exceed ${longestLabel} characters`, at);
    return;
  }
  const illegal = illegalInLabel.exec(label)?.[0];
  if (illegal !== undefined) {
    scope.diagnostics.error(
      'INVALID_LABEL_NAME',
      `The label contains an invalid character: ${JSON.stringify(illegal)}`,
      at,
    );
    return;
  }
  if (scope.labels.has(label)) scope.diagnostics.error('DUPLICATE_LABEL_NAME', `Duplicate label: ${label}`, at);
  scope.labels.add(label);
}
