import { StatesError } from '../states-error.ts';

/** The failure of a Map whose items cannot be had. */
export const itemReaderError = (cause: string) => new StatesError('States.ItemReaderFailed', cause);
