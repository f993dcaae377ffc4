import type { RunEstimate } from './command.ts';
import { bytes, counted, duration, type Printer, thousands } from './print.ts';

/** Quotas that a run hardly touches tell nothing. */
const shownQuotas = 5;

/** Time, cost and quotas of a run, with the arithmetic. */
export function showEstimate(printer: Printer, estimate: RunEstimate): void {
  const { stages, items, quotas, first, assumes } = estimate;
  printer.heading(`A run over ${bytes(estimate.bytes)} of ${estimate.format}`);
  printer.line(
    `  about ${duration(estimate.seconds * 1000)} and $${money(estimate.dollars)}${estimate.solo ? ', all stages in one chunk' : ''}`,
  );
  printer.table(
    ['stage', 'chunks', 'at once', 'a chunk reads', 'writes', 'takes', 'in all', 'because a chunk takes'],
    stages.map((one) => [
      one.stage,
      one.empty > 0 ? `${thousands(one.chunks - one.empty)} of ${thousands(one.chunks)}` : thousands(one.chunks),
      thousands(one.concurrency),
      bytes(one.bytesIn),
      bytes(one.bytesOut),
      duration(one.chunkSeconds * 1000),
      duration(one.seconds * 1000),
      one.arithmetic,
    ]),
    { right: ['chunks', 'at once', 'a chunk reads', 'writes', 'takes', 'in all'] },
  );
  printer.heading('Cost of the run, in US dollars at list prices (us-east-1)');
  printer.table(
    ['for', 'quantity', 'each', 'dollars', 'because'],
    items.map(({ what, quantity, unit, price, dollars, arithmetic }) => [
      what,
      `${thousands(Math.round(quantity))} ${unit}`,
      price.toFixed(10).replace(/0+$/, ''),
      money(dollars),
      arithmetic,
    ]),
    { right: ['quantity', 'each', 'dollars'] },
  );
  printer.heading('Quotas, the nearest first');
  printer.table(
    ['used', 'of', 'quota', 'because'],
    quotas
      .slice(0, shownQuotas)
      .map(({ share, quota, limit, used, unit, arithmetic }) => [
        percent(share),
        `${amount(used, unit)} of ${amount(limit, unit)}`,
        quota,
        arithmetic,
      ]),
    { right: ['used'] },
  );
  for (const { share, quota, change } of quotas)
    if (share >= 1) printer.line(`  ${printer.paint('red', '✗')} this run would meet ${quota}: ${change}`);
  printer.line(
    first
      ? `  as the input grows, the first to be met is "${first.quota}", at about ${bytes(first.atBytes)}: ${first.change}`
      : '  no input below 1,000 PB would meet one of them',
  );
  printer.heading('This assumes');
  for (const one of assumes) printer.line(`  - ${one}`);
  printer.line(printer.paint('dim', `  ${counted(quotas.length, 'quota')} looked at; --json shows all`));
}

function money(dollars: number): string {
  return dollars >= 0.1 ? dollars.toFixed(2) : dollars.toFixed(4);
}

function percent(share: number): string {
  return share >= 0.001 ? `${(share * 100).toFixed(1)} %` : '< 0.1 %';
}

function amount(value: number, unit: string): string {
  return unit === 'bytes' ? bytes(value) : `${thousands(Math.round(value))} ${unit}`;
}
