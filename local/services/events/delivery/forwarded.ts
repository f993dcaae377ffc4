/**
 * Marks an entry of PutEvents as an event on its way from one bus to another, so that it keeps its id, time and account.
 * A symbol, so that no request over HTTP can carry it.
 */
export const forwarded = Symbol('forwarded');
