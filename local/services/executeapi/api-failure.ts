import { STATUS_CODES } from 'node:http';
import type { ApiResponse, Header } from './api-request.ts';

const messages: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** An answer that API Gateway gives by itself. The caller gets the bare message of the status; logs get the reason. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly headers: readonly Header[];

  constructor(status: number, reason: string, headers: readonly Header[] = []) {
    super(reason);
    this.name = 'ApiFailure';
    this.status = status;
    this.headers = headers;
  }

  get response(): ApiResponse {
    const body = Buffer.from(JSON.stringify({ message: messages[this.status] ?? STATUS_CODES[this.status] }));
    return { status: this.status, headers: [['content-type', 'application/json'], ...this.headers], body };
  }
}
