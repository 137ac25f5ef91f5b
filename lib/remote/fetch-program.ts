import { text as allOf } from 'node:stream/consumers';
import type { Fetched, FetchRequest } from '../template/values.ts';
import { fetchUrl } from './fetch-url.ts';

/**
 * A program of its own (`fetch.ts` starts it and waits): reads a FetchRequest as JSON from its input, so that no password is seen
 * among its arguments, and prints a Fetched as JSON, the body in base64.
 */
const request = JSON.parse(await allOf(process.stdin)) as FetchRequest;
const fetched: Fetched = await fetchUrl(request).catch((error: NodeJS.ErrnoException) => ({
  failure: error.message === '' ? (error.code ?? 'it failed') : error.message,
}));
process.stdout.write(
  JSON.stringify('failure' in fetched ? fetched : { ...fetched, body: Buffer.from(fetched.body).toString('base64') }),
);
