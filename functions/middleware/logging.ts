import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import type { LogAttributes } from '@aws-lambda-powertools/logger/types';
import type { LogFields, Logger } from '../../lib/core/logger.ts';

const powertools = new Powertools();

/** Adds the request id and the cold start to each line; never the event, which may hold a token. */
export const logging = () => injectLambdaContext(powertools, { logEvent: false, resetKeys: true });

export const logger: Logger = adapt(powertools);

function adapt(target: Powertools): Logger {
  return {
    info: (message, fields) => target.info(message, attributes(fields)),
    warn: (message, fields) => target.warn(message, attributes(fields)),
    error: (message, fields) => target.error(message, attributes(fields)),
    with(fields) {
      const child = target.createChild();
      child.appendKeys(attributes(fields));
      return adapt(child);
    },
  };
}

/** `message` is the line's own key. */
function attributes({ message: detail, ...fields }: LogFields = {}): LogAttributes {
  return { ...fields, ...(detail !== undefined && { detail }) } as LogAttributes;
}
