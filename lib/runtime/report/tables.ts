import { html, type Markup } from '../../core/markup.ts';
import type { QualityReport } from '../assess/quality-report.ts';
import type { RuleScore } from '../assess/score.ts';
import { count, percent } from './figures.ts';
import { takenByRules } from './taken-by-rules.ts';

/** Every rule with what it found and what it asked for. */
export function rulesTable({ rules }: QualityReport): Markup | undefined {
  if (rules.length === 0) return undefined;
  const rows = rules.map(
    (rule) => html`<tr>
<td class="short">${resultOf(rule)}</td>
<td class="words"><code>${rule.rule}</code> ${optionsOf(rule)}</td><td class="name">${rule.table}</td><td class="short">${rule.dimension}</td>
<td class="number">${percent(rule.share)}</td><td class="number">${rule.allowed === undefined ? `${count(rule.passed)} of ${count(rule.total)}` : 'all'}</td>
<td class="name">${rule.atLeast > 0 ? html`at least ${percent(rule.atLeast)}, else ${rule.onBreak}` : 'counts in the score'}${foundOf(rule)}</td></tr>`,
  );
  return html`<div class="wide" tabindex="0"><table><caption>Rules</caption><thead><tr><th scope="col">result</th><th scope="col">rule</th><th scope="col">table</th><th scope="col">dimension</th><th scope="col" class="number">share</th><th scope="col" class="number">rows</th><th scope="col">threshold</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** A rule without a threshold breaks nothing, but may be far from holding. */
function resultOf({ broken, share, atLeast }: RuleScore): Markup {
  if (broken) return html`<strong class="bad">✗ broken</strong>`;
  if (share === 1 || atLeast > 0) return html`<span class="good">✓ holds</span>`;
  return html`<span class="warn">△ in part</span>`;
}

function optionsOf({ options }: RuleScore): Markup {
  const shown = Object.entries(options).map(([name, value]) => `${name}: ${textOf(value)}`);
  return html`<span class="faint">${shown.join(', ')}</span>`;
}

function foundOf({ observed, allowed }: RuleScore): Markup | undefined {
  if (observed === undefined) return undefined;
  return html`<br><span class="faint">${observed}${allowed === undefined ? '' : `, asked for ${allowed}`}</span>`;
}

/** Some of the rows that break rules, folded up. */
export function samplesOf({ samples = {}, rules }: QualityReport): Markup | undefined {
  const shown = rules.filter(({ rule }) => (samples[rule] ?? []).length > 0);
  if (shown.length === 0) return undefined;
  const parts = shown.map((score) => {
    const rows = samples[score.rule]!;
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const head = columns.map((column) => html`<th scope="col">${column}</th>`);
    const body = rows.map((row) => html`<tr>${columns.map((column) => cell(row[column]))}</tr>`);
    const all = score.total - score.passed;
    const summary = html`<code>${score.rule}</code>: ${count(all)} break it, ${rows.length} shown`;
    return html`<details><summary>${summary}</summary><div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div></details>`;
  });
  return html`<section><h2>Rows that break rules</h2>${parts}</section>`;
}

/** The ledger: every line balances. */
export function ledgerTable({ ledger }: QualityReport): Markup {
  const routes = ledger.some(({ routed }) => routed !== undefined);
  const losses = ['rejected', 'filtered', 'merged', ...(routes ? (['routed'] as const) : [])] as const;
  const rows = ledger.map((step) => {
    const counts = [step.rowsIn, step.multiplied, step.rowsOut, ...losses.map((name) => step[name] ?? 0)];
    return html`<tr><td><code>${step.node}</code></td>${counts.map((rows) => html`<td class="number">${count(rows)}</td>`)}</tr>`;
  });
  const heads = ['in', 'multiplied', 'out', ...losses].map((name) => html`<th scope="col" class="number">${name}</th>`);
  return html`<div class="wide" tabindex="0"><table><caption>Ledger: in + multiplied = out + ${losses.join(' + ')}</caption><thead><tr><th scope="col">step</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** What rules took, with their whole names. */
export function takenTable({ ledger }: QualityReport): Markup | undefined {
  const { shown, more } = takenByRules(ledger);
  if (shown.length === 0) return undefined;
  const rows = shown.map(
    ({ rule, node, fate, rows }) =>
      html`<tr><td class="words">${rule}</td><td class="name"><code>${node}</code></td><td class="short">${fate}</td><td class="number">${count(rows)}</td></tr>`,
  );
  const rest = more > 0 ? html`<p class="faint">and ${more} more rules</p>` : undefined;
  return html`<div class="wide" tabindex="0"><table><thead><tr><th scope="col">rule</th><th scope="col">step</th><th scope="col">its rows</th><th scope="col" class="number">rows</th></tr></thead><tbody>${rows}</tbody></table></div>${rest}`;
}

/** How the columns of files differ from those of their contracts. */
export function driftTable({ drift = [] }: QualityReport): Markup | undefined {
  if (drift.length === 0) return undefined;
  const rows = drift.map(
    ({ source, column, change, found, action, files }) =>
      html`<tr><td><code>${source}</code></td><td>${column}</td><td class="short">${change}</td><td>${found ?? ''}</td><td class="short">${action === 'evolve' ? 'went on' : 'quarantined'}</td><td>${files.join(', ')}</td></tr>`,
  );
  return html`<div class="wide" tabindex="0"><table><caption>Columns that differ from the contract</caption><thead><tr><th scope="col">source</th><th scope="col">column</th><th scope="col">is</th><th scope="col">found</th><th scope="col">rows</th><th scope="col">files</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function cell(value: unknown): Markup {
  return value === null || value === undefined ? html`<td class="faint">NULL</td>` : html`<td>${textOf(value)}</td>`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
