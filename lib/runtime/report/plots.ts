import type { Gate } from '../../component/plan.ts';
import { html, type Markup } from '../../core/markup.ts';
import type { QualityReport } from '../assess/quality-report.ts';
import { type Bar, barPlot, type Tone } from './bars.ts';
import { count, duration, percent } from './figures.ts';
import { fates, takenByRules } from './taken-by-rules.ts';

/** A bar for each dimension, with the bounds of the gate. */
export function qualityPlot({ dimensions }: QualityReport, gate: Gate): Markup | undefined {
  const bars = Object.entries(dimensions).map(([dimension, share]): Bar => {
    const tone: Tone = share >= gate.pass ? 'good' : share >= gate.review ? 'warn' : 'bad';
    return { label: dimension, value: percent(share), parts: [{ size: share, tone, name: percent(share) }] };
  });
  if (bars.length === 0) return undefined;
  const pass = { at: gate.pass, name: `pass ${percent(gate.pass)}` };
  const marks =
    gate.pass - gate.review < 0.2 ? [pass] : [pass, { at: gate.review, name: `review ${percent(gate.review)}` }];
  return barPlot({ title: 'Quality by dimension', bars, whole: 1, marks });
}

/** For each step the rows that came in or were made of them, parted by what became of them. */
export function rowPlot({ ledger }: QualityReport): Markup | undefined {
  const bars = ledger.map((step): Bar => {
    const parts = fates.map(({ name, tone, of }) => {
      const rows = step[of] ?? 0;
      return { size: rows, tone, name: `${count(rows)} ${name}` };
    });
    const { node: label, rowsIn, multiplied } = step;
    return { label, value: multiplied > 0 ? `${count(rowsIn)} + ${count(multiplied)}` : count(rowsIn), parts };
  });
  if (bars.length === 0) return undefined;
  const there = fates.filter(({ of }) => ledger.some((step) => (step[of] ?? 0) > 0));
  const key = there.map(
    ({ name, tone }) =>
      html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${tone}" width="10" height="10"/></svg>${name}</li>`,
  );
  return html`<ul class="key">${key}</ul>${barPlot({ title: 'Rows into each step and what became of them', bars })}`;
}

/** The rules that took most rows. */
export function rulePlot({ ledger }: QualityReport): Markup | undefined {
  const bars = takenByRules(ledger).shown.map(({ rule, rows, fate, tone, node }): Bar => {
    return { label: rule, value: count(rows), parts: [{ size: rows, tone, name: `${count(rows)} ${fate}, ${node}` }] };
  });
  return bars.length === 0 ? undefined : barPlot({ title: 'Rows taken by each rule', bars });
}

/** Work of all chunks of a stage, by phase. */
export function durationPlot({ stages }: QualityReport): Markup | undefined {
  const bars = Object.entries(stages).flatMap(([stage, { chunks, milliseconds }]) =>
    Object.entries(milliseconds)
      .filter(([, spent]) => spent > 0)
      .map(([phase, spent]): Bar => {
        const label = `${stage}${chunks > 1 ? ` × ${chunks}` : ''}: ${phase}`;
        return { label, value: duration(spent), parts: [{ size: spent, tone: 'plain', name: duration(spent) }] };
      }),
  );
  return bars.length === 0 ? undefined : barPlot({ title: 'Time of all chunks by stage and phase', bars });
}
