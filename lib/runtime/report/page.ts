import type { Gate } from '../../component/plan.ts';
import { decisionNote } from '../../core/decision-note.ts';
import { fallbackText } from '../../core/fallback-text.ts';
import { html, type Markup } from '../../core/markup.ts';
import type { QualityReport } from '../assess/quality-report.ts';
import { bytes, count, percent } from './figures.ts';
import { durationPlot, qualityPlot, rowPlot, rulePlot } from './plots.ts';
import { style } from './style.ts';
import { driftTable, ledgerTable, rulesTable, samplesOf, takenTable } from './tables.ts';

const gateWords = {
  pass: 'passed the gate',
  review: 'held for review',
  fail: 'failed the gate',
} as const;

/** The report of a run as one HTML page that needs nothing else and runs nothing. */
export function reportPage(report: QualityReport, gate: Gate): string {
  const { pipeline, run, score, totals } = report;
  const published = Object.values(totals.tables).reduce((sum, rows) => sum + rows, 0);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${pipeline}: quality ${percent(score)}</title>
${style}
</head>
<body>
<header><h1>${pipeline}</h1><span class="badge ${report.gate}">${gateWords[report.gate]}</span><span>quality ${percent(score)}</span></header>
<p class="faint"><code>${run}</code></p>
<p class="faint">started ${report.startedAt} by ${triggerOf(report)}, assessed ${report.assessedAt}, plan <code>${report.planDigest.slice(0, 12)}</code></p>
${reviewNote(report)}
<main>
<dl>
${tile('rows read', count(totals.rowsIn))}
${tile('rows in tables', count(published))}
${tile('rejected', count(totals.rejected))}
${tile('filtered', count(totals.filtered))}
${tile('merged', count(totals.merged))}
${tile('input', `${count(totals.inputFiles)} ${totals.inputFiles === 1 ? 'file' : 'files'}, ${bytes(totals.inputBytes)}`)}
</dl>
${section('Quality', [qualityPlot(report, gate), rulesTable(report)])}
${samplesOf(report)}
${fallbackSection(report)}
${driftSection(report)}
${section('What became of the rows', [rowPlot(report), ledgerTable(report)])}
${section('Rows taken by rules', [rulePlot(report), takenTable(report)])}
${section('Time', [durationPlot(report)])}
</main>
</body>
</html>
`;
  return page.text;
}

/** The page is made before anybody has decided, and is never changed; who saves it later has the decision in this place. */
function reviewNote({ gate, run, pipeline }: QualityReport): Markup | undefined {
  if (gate !== 'review') return undefined;
  return decisionNote(
    html`What is decided in the review stands with the run: <code>npx penstock run show ${run}</code> tells what and by whom, <code>npx penstock audit --pipeline ${pipeline}</code> when.`,
  );
}

function fallbackSection({ fallbacks = [] }: QualityReport): Markup | undefined {
  if (fallbacks.length === 0) return undefined;
  const items = fallbacks.map(
    (use) => html`<li><code>${use.source}</code>: ${fallbackText(use)}, because of ${use.error}</li>`,
  );
  return section('Sources that were not read', [html`<ul>${items}</ul>`]);
}

function driftSection(report: QualityReport): Markup | undefined {
  const table = driftTable(report);
  return table && section('Columns of the input', [table]);
}

function section(title: string, parts: readonly (Markup | undefined)[]): Markup {
  const shown = parts.filter((part) => part !== undefined);
  return html`<section><h2>${title}</h2>${shown.length > 0 ? shown : html`<p class="faint">none</p>`}</section>`;
}

function tile(name: string, value: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function triggerOf({ trigger }: QualityReport): string {
  if (trigger.kind === 'file') return trigger.key;
  if (trigger.kind === 'event') return `the event ${trigger.id}`;
  if (trigger.kind === 'batch') return `files of ${trigger.place}, batch ${trigger.number}`;
  if (trigger.kind === 'folder') return `the files of ${trigger.folder}`;
  if (trigger.kind === 'replay') return `a replay of rejects of ${trigger.of}`;
  if (trigger.kind === 'backfill') return `slice ${trigger.slice} of the backfill ${trigger.of}`;
  if (trigger.kind === 'pipeline') return `the completion of ${trigger.run}`;
  return trigger.kind === 'schedule' ? `the schedule of ${trigger.time}` : `hand (${trigger.requestId})`;
}
