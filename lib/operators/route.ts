import * as z from 'zod';
import { defineOperator } from '../component/operator.ts';
import { refusal } from '../component/refusal.ts';

const otherwise = 'otherwise';
const schema = z
  .strictObject({
    routes: z
      .record(z.string().min(1), z.string().min(1))
      .refine(
        (routes) => Object.keys(routes).length > 0,
        refusal('has no route', {
          allowed: 'a name with a condition, or several',
          change: 'give each route a name and a condition, e.g. { eu: "country = \'DE\'" }',
        }),
      )
      .refine(
        (routes) => !Object.hasOwn(routes, otherwise),
        refusal('has a condition for "otherwise", which takes what is left', {
          allowed: 'names other than "otherwise"',
          change: 'name the route otherwise, or leave it out',
        }),
      )
      .describe('route → DuckDB expression; a row takes the first for which it is true'),
    to: z.string().min(1).describe('the route whose rows go on here; "otherwise": those that no route takes'),
  })
  .superRefine(({ routes, to }, context) => {
    const allowed = [...Object.keys(routes), otherwise];
    if (!allowed.includes(to))
      context.addIssue({ code: 'invalid_value', values: allowed, path: ['to'], input: to, message: 'is not a route' });
  });

type Routes = Readonly<Record<string, string>>;

/**
 * Parts rows by rule: each takes exactly one route, the first whose condition is true, or "otherwise". There is a step
 * for each route, on the same dataset; all of them have to be used, so that no row gets lost between them.
 * @example route({ domestic: "country = 'DE'", abroad: 'country IS NOT NULL' }, 'abroad')
 * @example route({ domestic: "country = 'DE'", abroad: 'country IS NOT NULL' }, 'otherwise')
 */
export default defineOperator({
  component: 'route',
  schema,
  author: (routes: Routes, to: string) => ({ options: { routes, to } }),
  shape: ({ routes, to }) => ({
    form: 'route',
    routes: Object.entries(routes).map(([name, sql]) => ({ name, condition: { sql, path: ['routes', name] } })),
    otherwise,
    to,
  }),
});
