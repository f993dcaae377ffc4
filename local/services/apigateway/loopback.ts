/** Whether an address is of this machine: local AWS opens connections to nowhere else. */
export function isLoopback(address: string): boolean {
  return URL.canParse(address) && ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(address).hostname);
}
