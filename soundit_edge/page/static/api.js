// Requests to the device that are no change of the music: they give what was answered, or throw why not, in words.

import { t } from "./language.js";

const TIMEOUT_MS = 10000; // without an answer for so long, a request is given up

/** What went wrong, as a sentence for people; `code` is the answer's, 0 where there was none. */
export class Refusal extends Error {
  constructor(sentence, code = 0) {
    super(sentence);
    this.code = code;
  }
}

/** The headers of every request of the page: no form of another page can send them, and no script of one may. */
export const ownHeaders = () => ({ "X-Soundit": "page" });

/**
 * Ask the device for something.
 *
 * @param {string} method
 * @param {string} path
 * @param {unknown} body what is sent as JSON, or a Blob that is sent as it is; undefined: nothing
 * @param {{timeout?: number, signal?: AbortSignal, headers?: Record<string, string>, keepalive?: boolean}} options timeout
 *   in milliseconds; keepalive: the request outlives the page
 * @returns {Promise<any>} what was answered; null where the answer is empty
 * @throws {Refusal}
 */
export async function ask(method, path, body, { timeout = TIMEOUT_MS, signal, headers = {}, keepalive = false } = {}) {
  const raw = body instanceof Blob;
  const limit = AbortSignal.timeout(timeout);
  let answer;
  try {
    answer = await fetch(path, {
      method,
      keepalive,
      headers: { ...ownHeaders(), ...(body === undefined || raw ? {} : { "Content-Type": "application/json" }), ...headers },
      body: body === undefined || raw ? body : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(t("The device does not answer."));
  }
  const text = await answer.text();
  if (!answer.ok) throw new Refusal(sentence(text), answer.status);
  return text ? JSON.parse(text) : null;
}

/** Say what the text of a refused answer says. */
export function sentence(text) {
  try {
    return t(JSON.parse(text).detail);
  } catch {
    return t(text.trim() || "The device refused.");
  }
}
