import type { LocalApp } from '../../local/index.ts';
import { counted, type Printer } from './print.ts';

/** What every role did, as local AWS recorded it. */
export type Access = ReturnType<LocalApp['cloud']['authorizer']['accessReport']>;

/** Resources beyond these are only counted. */
const mostShown = 3;

/** Least privilege, measured: per role what it used, what it never used and what it was denied. */
export function showAccess(printer: Printer, access: Access): void {
  printer.heading('access, by role');
  const idle = access.filter(({ used, denied }) => used.length + denied.length === 0);
  for (const { role, used, neverUsed, denied } of access) {
    if (idle.some((one) => one.role === role)) continue;
    printer.line();
    printer.line(`${printer.paint('bold', role)}`);
    const calls = new Map<string, number>();
    for (const one of used) calls.set(one.action, (calls.get(one.action) ?? 0) + one.calls);
    const usedText = [...calls].map(([action, count]) => `${action} × ${count}`).join(', ');
    printer.line(`  ${printer.paint('green', 'used')}        ${usedText || 'nothing that was allowed'}`);
    for (const { action, resources } of neverUsed) {
      printer.line(`  ${printer.paint('yellow', 'never used')}  ${action} on ${shownResources(resources)}`);
    }
    for (const { action, resource, calls: count } of denied) {
      printer.line(`  ${printer.paint('red', 'denied')}      ${action} on ${resource}, ${counted(count, 'call')}`);
    }
  }
  // What a role that never acted did not use says nothing about its policy.
  if (idle.length > 0) printer.heading('roles that called nothing');
  for (const { role } of idle) printer.line(`  ${role}`);
}

function shownResources(resources: readonly string[]): string {
  const more = resources.length - mostShown;
  const shown = resources.slice(0, mostShown).join(', ') || 'any resource';
  return more > 0 ? `${shown} and ${more} more` : shown;
}
