// Sends a file to be tried, and says how far that is: fetch does not tell how much of a body has gone out.

import { Refusal, ownHeaders, sentence } from "../api.js";
import { t } from "../language.js";

/**
 * Send a file.
 *
 * @param {File} file
 * @param {Record<string, string>} choices what is to be done with it
 * @param {(share: number) => void} onProgress
 * @param {AbortSignal} signal breaks it off
 * @returns {Promise<any>} how the trial stands
 * @throws {Refusal}
 */
export function send(file, choices, onProgress, signal) {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open("POST", `/api/trials?${new URLSearchParams(choices)}`);
    for (const [name, value] of Object.entries(ownHeaders())) request.setRequestHeader(name, value);
    // What the browser takes the file for may be anything, or nothing; the device looks for itself.
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-Name", encodeURIComponent(file.name.toWellFormed?.() ?? file.name));
    request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText));
      else reject(new Refusal(sentence(request.responseText), request.status));
    };
    request.onerror = () => reject(new Refusal(t("The device does not answer.")));
    request.onabort = () => reject(new DOMException("", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
