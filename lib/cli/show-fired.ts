import type { FiredFault } from '../../local/index.ts';
import { counted, type Printer } from './print.ts';

/** What went wrong by plan, rule by rule. */
export function showFired(printer: Printer, log: readonly FiredFault[]): void {
  printer.heading(`faults: ${counted(log.length, 'call')} struck`);
  for (const [rule, fired] of Map.groupBy(log, (one) => one.rule)) {
    const numbers = fired.map(({ nth }) => nth).join(', ');
    printer.line(
      `  ${rule.action.type} ${rule.match.service}:${rule.match.operation}  of the matching calls number ${numbers}`,
    );
  }
}
