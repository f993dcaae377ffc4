import { AwsError } from '../../aws-error.ts';

export const invalidValue = (message: string) => new AwsError('InvalidParameterValueException', message);

export const missing = (name: string) =>
  new AwsError('MissingRequiredParameterException', `The parameter ${name} is required.`);
