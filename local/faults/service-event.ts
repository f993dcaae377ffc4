/** The operation of `events` as which the fault hook sees what services put on the default bus. */
export const serviceEvent = 'ServiceEvent';
