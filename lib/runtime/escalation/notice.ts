import type { Incident, Standing } from './incident.ts';

/** What a receiver gets. SNS takes subjects of 100 ASCII characters. */
export interface Notice {
  /** Of the incident and the level: the same where a receiver is told twice. */
  readonly id: string;
  readonly subject: string;
  readonly message: string;
}

/** @param level from 1 */
export function noticeOf(incident: Incident, level: number, standing: Standing): Notice {
  const { id, pipeline, at, type } = incident;
  const { subject, lines } = tellings[type](incident, standing);
  const text = [...lines, '', `pipeline  ${pipeline}`, `since     ${new Date(at).toISOString()}`, `level     ${level}`];
  return {
    id: `${id}#${level}`,
    subject: subject.replace(/[^\x20-\x7e]/g, '?').slice(0, 100),
    message: text.join('\n'),
  };
}

type Telling = (incident: Incident, standing: Standing) => { subject: string; lines: string[] };

const tellings: Readonly<Record<Incident['type'], Telling>> = {
  PipelineFailed: ({ pipeline, run, error = '', reason = '' }, standing) => ({
    subject: `penstock: ${pipeline} failed (${error})`,
    lines: [
      `Run ${run} failed with ${error}; nothing of it was published.`,
      reason,
      '',
      `npx penstock run show ${run}`,
      `npx penstock run ${standing === 'kept' ? 'redrive' : 'retry'} ${run}`,
      `npx penstock run acknowledge ${run}`,
    ],
  }),
  ReviewRequested: ({ pipeline, run, deadline }) => ({
    subject: `penstock: ${pipeline} waits for a decision`,
    lines: [
      `Run ${run} waits for a decision, until ${deadline}.`,
      '',
      `npx penstock review show ${run}`,
      `npx penstock run acknowledge ${run}`,
    ],
  }),
  ReviewReminded: ({ pipeline, run, deadline }) => ({
    subject: `penstock: ${pipeline} still waits for a decision`,
    lines: [
      `Run ${run} still waits; at ${deadline} it is decided without anybody.`,
      '',
      `npx penstock review show ${run}`,
    ],
  }),
  CircuitOpened: ({ system, error = 'failures' }) => ({
    subject: `penstock: ${system} is left alone`,
    lines: [
      `The system "${system}" is left alone, because it failed again and again with ${error}. Runs wait for it.`,
      '',
      `npx penstock circuits show ${system}`,
    ],
  }),
};
