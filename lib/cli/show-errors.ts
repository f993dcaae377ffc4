import { faultsOf, showFault } from './describe-error.ts';
import { Printer } from './print.ts';

/** Shows every problem behind an error to a person. */
export function showErrors(error: unknown, stream: NodeJS.WriteStream): void {
  const printer = new Printer(stream, false);
  for (const fault of faultsOf(error)) showFault(printer, fault);
}
