interface Movie {
  readonly title: string;
  readonly released: string;
  readonly genre: string | null;
  readonly rating: number | null;
  readonly gross: number;
  readonly budget: number | null;
}

/** Puts a verdict on a movie. */
export function rate({ title, released, genre, rating, gross, budget }: Movie) {
  return {
    title: title.replace(/^(.*), (The|A|An)$/, '$2 $1'),
    released,
    genre: genre ?? 'Unknown',
    rating,
    gross,
    verdict: budget === null ? 'unknown' : gross >= budget ? 'hit' : 'flop',
  };
}
