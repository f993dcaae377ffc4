/** How a case came out. What is not true says what is wrong. */
export interface Verdict {
  readonly area: string;
  readonly id: string;
  readonly group: 'executions' | 'api' | 'patterns';
  /** Status, output, error and cause; of a call its answer; of a pattern AWS's verdict. */
  readonly outcome: true | string;
  /** The types of events are as recorded, in order; undefined where the recording has none. */
  readonly history?: true | string;
  /** Everything in the events is as recorded, their ids and times aside. */
  readonly details?: true | string;
  /** Why it was not run. */
  readonly skipped?: string;
}

/** What of a case failed, and how. */
export function failuresOf(verdict: Verdict): { what: 'outcome' | 'history' | 'details'; reason: string }[] {
  return (['outcome', 'history', 'details'] as const).flatMap((what) => {
    const found = verdict[what];
    return typeof found === 'string' ? [{ what, reason: found }] : [];
  });
}
