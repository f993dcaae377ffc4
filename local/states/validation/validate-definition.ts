import { isObject, type JsonObject } from '../json.ts';
import type { ServiceResource } from '../resource.ts';
import { type Diagnostic, Diagnostics } from './diagnostic.ts';
import type { MachineScope } from './machine-scope.ts';
import { validateMachine } from './validate-machine.ts';

export interface ValidationOptions {
  /** Default STANDARD. */
  readonly type?: 'STANDARD' | 'EXPRESS';
  /** Whether there is the action that a task names. Default: there is any. */
  isRecognized?(resource: ServiceResource): boolean;
}

const deepestText = 1_048_576;

/** Everything that is wrong with a definition, errors before warnings; empty where nothing is. */
export function validateDefinition(text: string, options: ValidationOptions = {}): Diagnostic[] {
  const diagnostics = new Diagnostics();
  const definition = parse(text, diagnostics);
  if (definition) {
    const scope: MachineScope = {
      diagnostics,
      express: options.type === 'EXPRESS',
      isRecognized: options.isRecognized ?? (() => true),
      names: new Map(),
      labels: new Set(),
      language: undefined,
      depth: 0,
    };
    validateMachine(definition, '', scope);
  }
  return diagnostics.found.toSorted((a, b) => a.severity.localeCompare(b.severity));
}

function parse(text: string, diagnostics: Diagnostics): JsonObject | undefined {
  if (Buffer.byteLength(text) > deepestText) {
    diagnostics.schema(`The definition is larger than ${deepestText} bytes`, '/');
    return undefined;
  }
  try {
    const definition = JSON.parse(text);
    if (isObject(definition)) return definition;
    diagnostics.notType('OBJECT', '/');
  } catch (error) {
    diagnostics.error('INVALID_JSON_DESCRIPTION', (error as Error).message);
  }
  return undefined;
}
