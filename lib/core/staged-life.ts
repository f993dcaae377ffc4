import { day } from './durations.ts';

/** What a run has staged is removed after this time, whatever became of the run. */
export const stagedLife = 30 * day;

/** A run is at work at most this long, the time of a review aside. */
export const workTime = day;

/** A failed run is kept for a redrive: Step Functions redrives an execution for so long. */
export const keptTime = 14 * day;

/** A person has at most this long for a review: what they let go is published from what was staged. */
export const longestReview = 14 * day;
