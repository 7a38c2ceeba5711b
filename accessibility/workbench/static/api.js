/* The server's JSON. An answer that is an error becomes a Refused with words in it. */
export class Refused extends Error {
  constructor(status, error) {
    super(error.what || String(status));
    this.status = status;
    this.error = error;
  }
}

async function ask(method, path, body, headers = {}) {
  const request = { method, headers: { ...headers }, credentials: "same-origin" };
  if (body !== undefined) {
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const answer = await fetch(path, request);
  if (answer.status === 204) { return null; }
  if (!answer.ok) {
    let error = { code: "http", what: `HTTP ${answer.status}`, mend: "", notices: [] };
    if ((answer.headers.get("content-type") || "").startsWith("application/json")) { error = (await answer.json()).error; }
    throw new Refused(answer.status, error);
  }
  return answer.json();
}

export const scenarios = {
  list: () => ask("GET", "/api/scenarios").then((answer) => answer.scenarios),
  read: (id) => ask("GET", `/api/scenarios/${encodeURIComponent(id)}`),
  create: (scenario) => ask("POST", "/api/scenarios", scenario),
  save: (id, etag, scenario) => ask("PUT", `/api/scenarios/${encodeURIComponent(id)}`, scenario, { "if-match": `"${etag}"` }),
  remove: (id, etag) => ask("DELETE", `/api/scenarios/${encodeURIComponent(id)}`, undefined, { "if-match": `"${etag}"` }),
  versions: (id) => ask("GET", `/api/scenarios/${encodeURIComponent(id)}/versions`).then((answer) => answer.versions),
  version: (id, number) => ask("GET", `/api/scenarios/${encodeURIComponent(id)}/versions/${number}`),
};

/** Put the question what changes some files make. */
export const imports = (body, options) => followed("/api/imports", body, options);

export async function study() {
  for (;;) {
    try { return await ask("GET", "/api/study"); }
    catch (error) { if (!(error instanceof Refused && error.status === 503)) { throw error; } }
  }
}

/** Put a question, follow it, return the answer; `told` hears its state, `signal` stops it. */
export const job = (question, options) => followed("/api/jobs", question, options);

async function followed(where, question, { told = () => {}, signal, file = false } = {}) {
  let state = await ask("POST", where, question);
  const path = `/api/jobs/${state.id}`;
  const stop = () => ask("DELETE", path).catch(() => {});
  if (signal) {
    if (signal.aborted) { stop(); }
    signal.addEventListener("abort", stop, { once: true });
  }
  while (state.state === "queued" || state.state === "running") {
    told(state);
    state = await ask("GET", `${path}?wait=20`);
  }
  if (signal) { signal.removeEventListener("abort", stop); }
  told(state);
  if (state.state === "cancelled") { throw new DOMException("cancelled", "AbortError"); }
  if (state.state === "failed") { throw new Refused(422, state.error); }
  return file ? `${path}/result` : ask("GET", `${path}/result`);
}
