/** What is wrong (or doubtful) with a definition, in the shape of ValidateStateMachineDefinition. */
export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: string;
  readonly message: string;
  /** `/States/Wait/Timestamp`; undefined where it is about the definition as a whole. */
  readonly location?: string;
}

/** Collects what a definition is found guilty of. */
export class Diagnostics {
  readonly found: Diagnostic[] = [];

  schema(message: string, location: string): void {
    this.error('SCHEMA_VALIDATION_FAILED', message, location);
  }

  unsupported(field: string, location: string): void {
    this.schema(`Field '${field}' is not supported`, location);
  }

  required(fields: readonly string[], location: string): void {
    this.schema(`These fields are required: [${fields.join(', ')}]`, location);
  }

  notType(type: 'STRING' | 'BOOLEAN' | 'ARRAY' | 'OBJECT', location: string): void {
    this.schema(`Expected value of type [${type}]`, location);
  }

  notOneOf(values: readonly string[], location: string): void {
    this.schema(`Value should be one of the following: [${values.join(', ')}]`, location);
  }

  /** Of some fields an object has one. */
  exactlyOne(fields: readonly string[], given: number, location: string): void {
    const list = `[${fields.join(', ')}]`;
    if (given === 0) this.schema(`This object should have only one of the following fields: ${list}`, location);
    if (given > 1) this.schema(`There should only be one of the following fields: ${list}`, location);
  }

  error(code: string, message: string, location?: string): void {
    this.found.push({ severity: 'ERROR', code, message, ...(location === undefined ? {} : { location }) });
  }

  warn(code: string, message: string, location: string): void {
    this.found.push({ severity: 'WARNING', code, message, location });
  }
}

/** Diagnostics as the message of InvalidDefinition puts them. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location ?? null}`).join(', ');
}
