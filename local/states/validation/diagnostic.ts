/** What is wrong (or doubtful) with a definition, in the shape of ValidateStateMachineDefinition. */
export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: string;
  readonly message: string;
  /** `/States/Wait/Timestamp` */
  readonly location: string;
}

/** Collects what a definition is found guilty of. */
export class Diagnostics {
  readonly found: Diagnostic[] = [];

  schema(message: string, location: string): void {
    this.error('SCHEMA_VALIDATION_FAILED', message, location);
  }

  error(code: string, message: string, location: string): void {
    this.found.push({ severity: 'ERROR', code, message, location });
  }

  warn(code: string, message: string, location: string): void {
    this.found.push({ severity: 'WARNING', code, message, location });
  }
}

/** Diagnostics as the message of InvalidDefinition puts them. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location}`).join(', ');
}
