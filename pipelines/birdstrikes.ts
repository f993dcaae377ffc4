import {
  aggregate,
  cast,
  complete,
  deduplicate,
  fileArrives,
  from,
  lake,
  pipeline,
  rename,
  s3,
  sanitize,
  within,
} from 'penstock';
import * as z from 'zod';

const strike = z.object({
  'Airport Name': z.string(),
  'Aircraft Make Model': z.string(),
  'Effect Amount of damage': z.enum(['None', 'Minor', 'Medium', 'Substantial']),
  'Flight Date': z.iso.date(),
  'Aircraft Airline Operator': z.string(),
  'Origin State': z.string(),
  'Phase of flight': z.string(),
  'Wildlife Size': z.enum(['Small', 'Medium', 'Large']),
  'Wildlife Species': z.string(),
  'Time of day': z.enum(['Dawn', 'Day', 'Dusk', 'Night']),
  'Cost Repair': z.int().min(0),
  'Cost Total $': z.int().min(0),
  'Speed IAS in knots': z.int().max(400).nullable(),
});

const strikes = from(s3({ prefix: 'landing/birdstrikes/', format: 'csv' }), strike).pipe(
  sanitize(),
  rename({
    'Airport Name': 'airport',
    'Aircraft Make Model': 'aircraft',
    'Effect Amount of damage': 'damage',
    'Flight Date': 'flight_date',
    'Aircraft Airline Operator': 'operator',
    'Origin State': 'state',
    'Phase of flight': 'phase',
    'Wildlife Size': 'size',
    'Wildlife Species': 'species',
    'Time of day': 'time_of_day',
    'Cost Repair': 'repair_cost',
    'Cost Total $': 'cost',
    'Speed IAS in knots': 'speed_knots',
  }),
  cast({ cost: 'DECIMAL(12,2)', repair_cost: 'DECIMAL(12,2)' }),
  deduplicate({
    key: ['flight_date', 'airport', 'aircraft', 'operator', 'species', 'phase', 'time_of_day', 'speed_knots', 'cost'],
  }),
);

const costBySpecies = strikes.pipe(
  aggregate({
    by: ['species', 'size'],
    measures: { strikes: 'count(*)', cost: 'sum(cost)', worst: 'max(cost)', first_seen: 'min(flight_date)' },
  }),
);

export default pipeline('birdstrikes', {
  on: [fileArrives('landing/birdstrikes/')],
  quality: [complete('speed_knots', { atLeast: 0.5 }), within('speed_knots', 1, 400, { atLeast: 0.99 })],
  gate: { pass: 0.8, review: 0.6 },
  outputs: [strikes.to(lake({ table: 'birdstrikes' })), costBySpecies.to(lake({ table: 'birdstrike_costs' }))],
});
