import { describe, expect, test } from 'vitest';
import { html } from '../../../lib/core/markup.ts';
import type { QualityReport } from '../../../lib/runtime/assess/quality-report.ts';
import { percent } from '../../../lib/runtime/report/figures.ts';
import { reportPage } from '../../../lib/runtime/report/page.ts';

const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'> & </style></title> \u0000\u001b[31m \ud800 漢字`;
const gate = { pass: 0.9, review: 0.5, reviewSeconds: 60 };

function report(text: string): QualityReport {
  const rule = {
    rule: text,
    component: 'within',
    dimension: text as 'accuracy',
    output: `table.${text}`,
    table: text,
    options: { [text]: text, nested: { [text]: [text] } },
    total: 10,
    passed: 4,
    share: 0.4,
    atLeast: 0.5,
    broken: true,
    onBreak: 'review' as const,
    observed: text,
    allowed: text,
  };
  return {
    reportVersion: 1,
    pipeline: text,
    run: text,
    planDigest: text,
    trigger: { kind: 'file', bucket: text, key: text, versionId: text, size: 1, sequencer: text },
    gate: 'review',
    score: 0.4,
    dimensions: { [text]: 0.4 },
    rules: [rule],
    totals: {
      inputFiles: 1,
      inputBytes: 1536,
      rowsIn: 12,
      multiplied: 0,
      rejected: 2,
      filtered: 0,
      merged: 0,
      tables: { [text]: 10 },
    },
    ledger: [
      { node: text, rowsIn: 12, multiplied: 0, rowsOut: 10, rejected: 2, filtered: 0, merged: 0, rules: { [text]: 2 } },
    ],
    stages: { [text]: { chunks: 2, milliseconds: { [text]: 1234 }, peakMemoryBytes: 1 } },
    samples: { [text]: [{ [text]: text, 'a column': null, 'another column': { [text]: text } }] },
    startedAt: text,
    assessedAt: text,
  };
}

describe('the report page', () => {
  test('shows hostile text as text, wherever it comes in', () => {
    const page = reportPage(report(hostile), gate);
    // Whatever is a tag or an attribute is what a report with harmless text has.
    const skeleton = (text: string) => [...text.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
    expect(skeleton(page)).toEqual(skeleton(reportPage(report('x'.repeat(hostile.length)), gate)));
    expect(page).not.toMatch(/<script|<img|onerror='/);
    expect(page).not.toMatch(/[^\P{Cc}\n]|\p{Cs}/u);
    expect(page).toContain('漢字');
  });

  test('needs nothing beside itself and runs nothing', () => {
    const page = reportPage(report('x'), gate);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/\b(src|href|srcset|action)=|url\(|@import|<script|\son\w+=|javascript:/i);
  });

  test('closes every element that it opens', () => {
    const open: string[] = [];
    const empty = ['meta', 'br', '!doctype'];
    for (const [, close, name, , self] of reportPage(report('x'), gate).matchAll(
      /<(\/?)([!\w]+)((?:"[^"]*"|[^">])*?)(\/?)>/g,
    )) {
      if (close) expect(open.pop()).toBe(name);
      else if (!self && !empty.includes(name!)) open.push(name!);
    }
    expect(open).toEqual([]);
  });

  test('says what each figure is to those who do not see it', () => {
    const page = reportPage(report('x'), gate);
    const svgs = page.match(/<svg (?!.*aria-hidden)[^>]*>/g)!;
    expect(svgs.length).toBeGreaterThanOrEqual(4);
    for (const svg of svgs) expect(svg).toMatch(/role="img" aria-label="[^"]+"/);
    for (const head of page.match(/<th[ >][^>]*/g)!) expect(head).toContain('scope=');
    expect(page).toContain('<html lang="en">');
  });

  test('has what the report holds', () => {
    const page = reportPage(report('x'), gate);
    for (const text of [
      'held for review',
      'npx penstock run show',
      '40.00 %',
      '✗ broken',
      'at least 50.00 %, else review',
      '1.5 KB',
      '1.2 s',
    ])
      expect(page).toContain(text);
  });

  test('of a run without rows, rules and stages stands all the same', () => {
    const none = { ...report('x'), rules: [], dimensions: {}, ledger: [], stages: {}, samples: {} };
    const page = reportPage(none, gate);
    expect(page).toContain('none');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('draws what is there, however small, and nothing for what is not', () => {
    const step = {
      node: 'n',
      rowsIn: 1_000_000,
      multiplied: 0,
      rowsOut: 999_999,
      rejected: 1,
      filtered: 0,
      merged: 0,
      rules: {},
    };
    const page = reportPage({ ...report('x'), ledger: [step] }, gate);
    expect(page).toMatch(/class="bad" x="[\d.]+" y="\d+" width="1.0"[^>]*><title>1 rejected/);
    expect(page).not.toContain('0 filtered</title>');
  });
});

test('a template escapes what comes in and keeps what templates made', () => {
  const inner = html`<b>${'<&>'}</b>`;
  expect(html`<p title="${`"'`}">${[inner, 1, undefined]}</p>`.text).toBe(
    '<p title="&#34;&#39;"><b>&#60;&#38;&#62;</b>1</p>',
  );
});

test.each([
  [1, '100.00 %'],
  [0.999999, '99.99 %'],
  [0.989999, '98.99 %'],
  [0.57, '57.00 %'],
  [0.5, '50.00 %'],
  [0, '0.00 %'],
])('a share of %s is %s', (share, text) => {
  expect(percent(share)).toBe(text);
});
