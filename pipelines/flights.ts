import {
  aggregate,
  complete,
  deduplicate,
  derive,
  enrich,
  every,
  fileArrives,
  filter,
  from,
  lake,
  pipeline,
  s3,
  sanitize,
  unique,
  within,
} from 'penstock';
import * as z from 'zod';

const flight = z.object({
  date: z.date(),
  delay: z.int(),
  distance: z.int().min(0),
  origin: z.string().min(3),
  destination: z.string().min(3),
});

const airport = z.object({
  iata: z.string(),
  name: z.string(),
  city: z.string().nullable(),
  state: z.string().nullable(),
});

const flights = from(s3({ prefix: 'landing/flights/', format: 'parquet' }), flight);
const airports = from(s3({ key: 'reference/airports.csv' }), airport);

const clean = flights.pipe(
  sanitize(),
  filter('distance > 0'),
  derive({ day: 'date::date', late: 'delay > 15' }),
  deduplicate({ key: ['date', 'origin', 'destination'], keep: 'latest', by: 'date' }),
  enrich({ with: airports, on: 'origin = iata', take: ['city', 'state'] }),
);

const daily = clean.pipe(
  aggregate({
    by: ['day', 'origin'],
    measures: { flights: 'count(*)', meanDelay: 'avg(delay)', lateFlights: 'count(*) FILTER (late)' },
  }),
);

export default pipeline('flights', {
  on: [fileArrives('landing/flights/'), every('1 day')],
  quality: [
    complete('origin', { atLeast: 0.99 }),
    unique(['date', 'origin', 'destination']),
    within('delay', -120, 3000),
  ],
  gate: { pass: 0.98, review: 0.9 },
  outputs: [clean.to(lake({ table: 'flights', partitionBy: ['day'] })), daily.to(lake({ table: 'flight_delays' }))],
});
