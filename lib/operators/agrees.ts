import * as z from 'zod';
import { defineQualityRule, type RuleOptions } from '../component/quality-rule.ts';

const schema = z.strictObject({
  own: z.string().min(1).describe('aggregate over the rows of the table, e.g. count(*)'),
  other: z.string().min(1).describe('aggregate over the other rows'),
  by: z.array(z.string().min(1)).default([]).describe('columns of both sides; none: one total'),
  against: z.string().min(1).optional().describe('published table, or another output of the pipeline'),
  within: z.number().min(0).max(1).default(0).describe('how far apart the values may be, as a share of the larger'),
});

/** The other side: a table, or a small dataset that is read whole. */
type Counterpart = ({ readonly table: string } | { readonly with: unknown }) & {
  /** Aggregate over its rows. */
  readonly other: string;
  readonly by?: readonly string[];
  readonly within?: number;
};

/**
 * Share of groups for which two datasets come to the same value. A group that only one of them has does not agree.
 * @example agrees('count(*)', { table: 'flight_delays', other: 'sum(flights)', by: ['day', 'origin'] })
 * @example agrees('sum(amount)', { with: ledger, other: 'sum(booked)', within: 0.001 })
 */
export default defineQualityRule({
  component: 'agrees',
  dimension: 'consistency',
  takesSide: true,
  schema,
  author: (own: string, counterpart: Counterpart, common?: RuleOptions) => {
    // What is no object is told as what it stands in the place of.
    const said = typeof counterpart === 'object' && counterpart !== null ? counterpart : { other: counterpart };
    const { with: side, table: against, ...options } = said as Readonly<Record<string, unknown>>;
    return {
      options: { own, ...options, ...(against !== undefined && { against }) },
      ...('with' in said && { side: side ?? null }),
      common,
    };
  },
  columns: ({ by }) => by,
  others: ({ against, by }) => ({ table: against, columns: by }),
  measure: ({ own, other, by, within }) => ({ form: 'groups', by, own, other, within }),
});
