import { isObject, type JsonObject } from '../json.ts';
import type { LanguageName } from './machine-scope.ts';
import { validateItemReader, validateResultWriter } from './validate-item-access.ts';
import { validateItemBatcher } from './validate-item-batcher.ts';
import { validateNumber } from './validate-number.ts';
import type { StateUnderTest } from './validate-state.ts';

const longestLabel = 40;
/** White space, wildcards, brackets, quotes, controls: what a name in an ARN cannot have. */
const illegalInLabel = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}\ufffe\uffff]/u;

const distributedOnly = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'];
const processors = ['ItemProcessor', 'Iterator'];

/** A Map has one processor; what only child executions can do needs the distributed mode. */
export function validateMap(state: JsonObject, language: LanguageName, under: StateUnderTest): void {
  const { place, scope, validateMachine } = under;
  const { diagnostics } = scope;
  const given = processors.filter((field) => state[field] !== undefined);
  diagnostics.exactlyOne(processors, given.length, place);
  const [field] = given;
  if (field === undefined) return;
  const processor = state[field];
  if (!isObject(processor)) {
    diagnostics.notType('OBJECT', `${place}/${field}`);
    return;
  }
  // Express children can do no more than an express machine.
  const express = scope.express || processor.ProcessorConfig?.ExecutionType === 'EXPRESS';
  validateMachine(processor, `${place}/${field}`, { ...scope, express });
  const mode = validateMode(processor, `${place}/${field}/ProcessorConfig`, under);
  if (mode !== 'DISTRIBUTED') {
    for (const only of distributedOnly) {
      if (state[only] === undefined) continue;
      diagnostics.schema(`Field '${only}' is only supported in DISTRIBUTED mode`, place);
    }
  }
  validateNumbers(state, language, under);
  validateItemReader(state.ItemReader, language, `${place}/ItemReader`, diagnostics);
  validateItemBatcher(state.ItemBatcher, language, `${place}/ItemBatcher`, diagnostics);
  validateResultWriter(state.ResultWriter, language, `${place}/ResultWriter`, diagnostics);
  if (state.Label !== undefined) validateLabel(state.Label, under);
}

function validateMode(processor: JsonObject, at: string, { scope }: StateUnderTest): string {
  const { ProcessorConfig: config } = processor;
  const { diagnostics } = scope;
  if (config === undefined) return 'INLINE';
  if (!isObject(config)) {
    diagnostics.notType('OBJECT', at);
    return 'INLINE';
  }
  const { Mode: mode = 'INLINE', ExecutionType: type } = config;
  const [modes, types] = [
    ['INLINE', 'DISTRIBUTED'],
    ['STANDARD', 'EXPRESS'],
  ];
  if (!modes!.includes(mode)) diagnostics.notOneOf(modes!, `${at}/Mode`);
  if (mode === 'INLINE' && type !== undefined) diagnostics.unsupported('ExecutionType', at);
  if (mode !== 'DISTRIBUTED') return mode;
  if (type === undefined) diagnostics.required(['ExecutionType'], at);
  else if (!types!.includes(type)) diagnostics.notOneOf(types!, `${at}/ExecutionType`);
  if (scope.express) {
    const message = "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines";
    diagnostics.schema(message, `${at}/Mode`);
  }
  return mode;
}

function validateNumbers(state: JsonObject, language: LanguageName, { place, scope }: StateUnderTest): void {
  const limits = {
    MaxConcurrency: { least: 0 },
    ToleratedFailureCount: { least: 0 },
    ToleratedFailurePercentage: { least: 0, most: 100, fraction: true },
  };
  for (const [field, limit] of Object.entries(limits)) {
    const both = [field, `${field}Path`];
    if (both.every((name) => state[name] !== undefined)) scope.diagnostics.exactlyOne(both, 2, place);
    const computed = language === 'JSONata';
    validateNumber(state[field], { ...limit, computed }, `${place}/${field}`, scope.diagnostics);
  }
}

function validateLabel(label: unknown, { place, scope }: StateUnderTest): void {
  const at = `${place}/Label`;
  const invalid = (message: string) => scope.diagnostics.error('INVALID_LABEL_NAME', message, at);
  if (typeof label !== 'string') {
    scope.diagnostics.notType('STRING', at);
    return;
  }
  const illegal = illegalInLabel.exec(label)?.[0];
  if (label === '') invalid('Invalid Label name: it cannot be empty');
  else if (label.length > longestLabel) {
    invalid(`Invalid Label name: ${label} exceeds the ${longestLabel}-character limit allowed by the service`);
  } else if (illegal !== undefined) {
    invalid(`Invalid Label name: ${label} contains an invalid character: ${JSON.stringify(illegal)}`);
  } else {
    if (scope.labels.has(label)) {
      scope.diagnostics.error('DUPLICATE_LABEL_NAME', `Duplicate Label name: ${label}`, at);
    }
    scope.labels.add(label);
  }
}
