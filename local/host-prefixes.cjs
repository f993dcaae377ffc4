'use strict';
/**
 * The SDK puts `sync-` before the host of StartSyncExecution, and no resolver knows `sync-127.0.0.1`. Loading this file makes
 * the process take such a name for the address that it ends in; all other names are looked up as ever.
 */
const dns = require('node:dns');

const prefixedLoopback = /^[a-z]+-(127\.0\.0\.1)$/;
const mark = Symbol.for('local-aws.host-prefixes');

if (!dns.lookup[mark]) {
  const { lookup } = dns;
  const withoutPrefix = (host) => (typeof host === 'string' ? host.replace(prefixedLoopback, '$1') : host);
  dns.lookup = (host, ...rest) => lookup(withoutPrefix(host), ...rest);
  // What promisify makes of the original it makes of this one.
  Object.defineProperties(dns.lookup, { ...Object.getOwnPropertyDescriptors(lookup), [mark]: { value: true } });
}
