/* One computation of a kind at a time: asking again stops the one before. */
import { job } from "./api.js";

export class Runner {
  constructor() { this.running = {}; }

  stop(kind) { if (this.running[kind]) { this.running[kind].abort(); this.running[kind] = null; } }

  async run(kind, question, told) {
    this.stop(kind);
    const mine = (this.running[kind] = new AbortController()), current = () => this.running[kind] === mine;
    try { return await job(question, { told: (state) => { if (told && current()) { told(state); } }, signal: mine.signal }); }
    finally { if (current()) { this.running[kind] = null; } }
  }
}

/** Errors of computations that were stopped are none. */
export function stopped(error) { return error.name === "AbortError"; }
