import { AwsError } from '../../aws-error.ts';

export const notFound = (message: string) => new AwsError('EntityNotFoundException', message);
export const alreadyThere = (message: string) => new AwsError('AlreadyExistsException', message);
export const invalidInput = (message: string) => new AwsError('InvalidInputException', message);
export const changedMeanwhile = (table: string) =>
  new AwsError('ConcurrentModificationException', `Update table failed due to concurrent modifications: ${table}`);
