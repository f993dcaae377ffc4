import { AwsError } from '../../aws-error.ts';
import { type Diagnostic, describeDiagnostics } from '../../states/validation/diagnostic.ts';
import { validateDefinition } from '../../states/validation/validate-definition.ts';
import { describeJsonError } from './describe-json-error.ts';
import type { MachineType } from './records.ts';
import { isRecognized } from './task-resources.ts';

/** Throws InvalidDefinition where the definition has errors. */
export function validDefinition(text: string, type: MachineType): void {
  const errors = diagnosticsOf(text, type).filter(({ severity }) => severity === 'ERROR');
  if (errors.length === 0) return;
  throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${describeDiagnostics(errors)}'`);
}

/** What is to be said about a definition; mistakes in its JSON in AWS's own words. */
export function diagnosticsOf(text: string, type: MachineType): Diagnostic[] {
  return validateDefinition(text, { type, isRecognized }).map((diagnostic) =>
    diagnostic.code === 'INVALID_JSON_DESCRIPTION' ? { ...diagnostic, message: describeJsonError(text) } : diagnostic,
  );
}
