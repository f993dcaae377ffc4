import {
  aggregate,
  cast,
  complete,
  deduplicate,
  fileArrives,
  filter,
  from,
  lake,
  map,
  pipeline,
  rename,
  s3,
  sanitize,
  unique,
  validate,
  within,
} from 'penstock';
import * as z from 'zod';

const movie = z.object({
  Title: z.string(),
  'US Gross': z.int().min(0).nullable(),
  'Worldwide Gross': z.int().min(0).nullable(),
  'Production Budget': z.int().positive().nullable(),
  'Release Date': z.string(),
  'MPAA Rating': z.enum(['G', 'PG', 'PG-13', 'R', 'NC-17', 'Open', 'Not Rated']).nullable(),
  'Major Genre': z.string().nullable(),
  'IMDB Rating': z.number().min(0).max(10).nullable(),
});

const rated = z.object({
  title: z.string(),
  released: z.iso.date(),
  genre: z.string(),
  rating: z.number().nullable(),
  gross: z.int(),
  verdict: z.enum(['flop', 'hit', 'unknown']),
});

const movies = from(s3({ prefix: 'landing/movies/', format: 'json' }), movie).pipe(
  sanitize(),
  rename({
    Title: 'title',
    'Worldwide Gross': 'gross',
    'Production Budget': 'budget',
    'Release Date': 'released',
    'Major Genre': 'genre',
    'IMDB Rating': 'rating',
  }),
  cast({ released: { type: 'DATE', format: '%b %d %Y' } }),
  validate({ 'released before the list was made': { column: 'released', holds: "released < DATE '2011-01-01'" } }),
  filter('gross > 0', { rule: 'earned nothing' }),
  deduplicate({ key: ['title', 'released'], keep: 'latest', by: 'gross' }),
  map(rated, ({ title, released, genre, rating, gross, budget }) => ({
    title: title.replace(/^(.*), (The|A|An)$/, '$2 $1'),
    released,
    genre: genre ?? 'Unknown',
    rating,
    gross,
    verdict: budget === null ? 'unknown' : gross >= budget ? 'hit' : 'flop',
  })),
);

const genres = movies.pipe(
  aggregate({
    by: ['genre'],
    measures: {
      movies: 'count(*)',
      gross: 'sum(gross)',
      meanRating: 'round(avg(rating::DECIMAL(4,2)), 2)',
      hits: "count(*) FILTER (verdict = 'hit')",
    },
  }),
);

export default pipeline('movies', {
  on: [fileArrives('landing/movies/')],
  quality: [
    complete('rating', { atLeast: 0.8 }),
    unique(['title', 'released'], { atLeast: 1, onBreak: 'fail' }),
    within('gross', 1, 5_000_000_000),
  ],
  gate: { pass: 0.95, review: 0.8 },
  outputs: [movies.to(lake({ table: 'movies' })), genres.to(lake({ table: 'movie_genres' }))],
});
