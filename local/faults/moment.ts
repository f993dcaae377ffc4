import * as z from 'zod';

/** Whether something happens before a call has its effect or after. */
export const moment = z.enum(['before', 'after']);
