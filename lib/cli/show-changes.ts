import type { PlanChange } from '../aws/operate-runs.ts';
import type { Printer } from './print.ts';

/** What the plan that is deployed has otherwise than that of an earlier run. */
export function showChanges(printer: Printer, changes: readonly PlanChange[] | undefined): void {
  if (!changes) printer.line('  the plan is another one; how it differs is not known');
  else printer.line(changes.length === 0 ? '  on the same plan' : '  on another plan:');
  for (const { what, name, change, members } of changes ?? [])
    printer.line(`    ${what} ${name} ${change}${members ? `: ${members.join(', ')}` : ''}`);
}
