import { describe, expect, test } from 'vitest';
import { decidedPage } from '../../lib/cli/decided-page.ts';
import type { Run } from '../../lib/cli/find-run.ts';
import { decisionNote } from '../../lib/core/decision-note.ts';
import { html } from '../../lib/core/markup.ts';

const page = html`<h1>orders</h1>${decisionNote(html`see <code>run show</code>`)}<p>rows</p>`.text;
const run = (review?: object) =>
  ({
    state: 'Completed',
    transitions: [
      { state: 'AwaitingReview', phase: 'Undecided', at: Date.UTC(2026, 10, 20) },
      { state: 'AwaitingReview', phase: 'Decided', at: Date.UTC(2026, 10, 21, 6) },
    ],
    review,
  }) as unknown as Run;

describe('the page of a report that is saved after a review', () => {
  test('says what was decided, by whom and when, in the place that was left for it', () => {
    const released = { 'table.orders': { table: 'orders', rows: 4, held: 2 } };
    expect(decidedPage(page, run({ decision: 'release', by: 'Ada <ada@example.com>', released }))).toBe(
      '<h1>orders</h1><p id="decision">Decided in review at 2026-11-21 06:00:00 UTC: released in part by Ada &#60;ada@example.com&#62;; held: 2 of orders. The run is Completed.</p><p>rows</p>',
    );
  });

  test.each([
    ['nobody has decided', { deadline: 1 }],
    ['there was no review', undefined],
  ])('stays as it is where %s', (_, review) => expect(decidedPage(page, run(review))).toBe(page));

  test('stays as it is where it has no place for that', () =>
    expect(decidedPage('<h1>orders</h1>', run({ decision: 'approve', by: 'Ada' }))).toBe('<h1>orders</h1>'));
});
