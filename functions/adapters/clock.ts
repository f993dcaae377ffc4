import { realClock } from '../../lib/core/clock.ts';

export const clock = realClock();
