import { PenstockError } from '../core/errors/penstock-error.ts';
import { DefinitionInvalidError, type Problem } from '../definition/index.ts';
import type { Printer } from './print.ts';

/** One problem as it is shown and as programs get it. */
export type Fault = Problem & { readonly code: string };

/** Every problem behind an error. */
export function faultsOf(error: unknown): Fault[] {
  if (error instanceof DefinitionInvalidError)
    return error.problems.map((problem) => ({ ...problem, code: error.code }));
  if (error instanceof PenstockError) {
    const { problem, received, allowed, change, code } = error;
    return [{ part: '', problem, received, allowed, change, code }];
  }
  const { message, stack } = error as Error;
  return [
    {
      part: '',
      problem: message ?? String(error),
      change: 'see the stack',
      received: stack?.split('\n').slice(0, 6).join('\n'),
      code: 'UNEXPECTED',
    },
  ];
}

/** Shows a problem in its four parts, with its place. */
export function showFault(printer: Printer, fault: Fault, place?: string): void {
  const where = [fault.at ?? place, fault.part].filter(Boolean).join('  ');
  printer.line(`${printer.paint('red', '✗')} ${printer.paint('bold', fault.problem)}`);
  if (where) printer.line(`    at        ${where}`);
  if (fault.received !== undefined) printer.line(`    received  ${text(fault.received)}`);
  if (fault.allowed !== undefined) printer.line(`    allowed   ${text(fault.allowed)}`);
  printer.line(`    change    ${fault.change}`);
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(text).join(', ');
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? String(value);
}
