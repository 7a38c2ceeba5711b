/* The scenario on the desk: its content, undo and redo, autosave, and what others did to it meanwhile. */
import { Refused, scenarios } from "./api.js";
import { settled } from "./dom.js";

const SAVE_AFTER_MS = 350, LOOK_EVERY_MS = 4000, RETRY_MS = 2500, KEPT = 200;

export class Book extends EventTarget {
  constructor() {
    super();
    this.heads = [];
    this.clear();
    this.saveSoon = settled(SAVE_AFTER_MS, () => this.save());
    setInterval(() => this.look(), LOOK_EVERY_MS);
    window.addEventListener("beforeunload", (event) => { if (this.dirty) { this.save(); event.preventDefault(); } });
  }

  clear() { this.id = null; this.etag = null; this.scenario = null; this.past = []; this.future = []; this.state = "saved"; this.dirty = false; this.saving = null; this.conflict = null; }
  tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
  setState(state) { this.state = state; this.tell("state"); }

  async refresh() { this.heads = await scenarios.list(); this.tell("list"); }

  async open(id) {
    await this.settle();
    const whole = await scenarios.read(id);
    this.clear();
    this.take(whole);
    this.problem = whole.problem;
    try { localStorage.setItem("scenario", id); } catch { /* private windows keep nothing */ }
    this.tell("open"); this.tell("change", { origin: "open" }); this.setState("saved");
  }

  take(whole) { this.id = whole.id; this.etag = whole.etag; this.scenario = whole.scenario; this.problem = whole.problem; }

  async create(scenario) {
    await this.settle();
    const whole = await scenarios.create(scenario);
    await this.refresh();
    await this.open(whole.id);
  }

  async remove() {
    await this.settle();
    await scenarios.remove(this.id, this.etag);
    this.clear();
    await this.refresh();
    if (this.heads.length) { await this.open(this.heads[0].id); } else { this.tell("open"); }
  }

  /** Change the scenario; edits of one kind in quick succession are undone together. */
  edit(change, kind = "") {
    if (!this.scenario || this.conflict) { return; }
    const before = structuredClone(this.scenario), after = structuredClone(this.scenario);
    change(after);
    if (JSON.stringify(before) === JSON.stringify(after)) { return; }
    const last = this.past[this.past.length - 1], now = Date.now();
    if (kind && last && last.kind === kind && now - last.at < 1500) { last.at = now; }
    else { this.past.push({ scenario: before, kind, at: now }); if (this.past.length > KEPT) { this.past.shift(); } }
    this.future = [];
    this.become(after, "edit");
  }

  become(scenario, origin) {
    this.scenario = scenario; this.dirty = true;
    this.setState("saving"); this.saveSoon(); this.tell("change", { origin });
  }

  step(from, to) {
    const entry = from.pop();
    if (!entry || this.conflict) { return; }
    to.push({ scenario: structuredClone(this.scenario), kind: "", at: 0 });
    this.become(entry.scenario, "undo");
  }
  undo() { this.step(this.past, this.future); }
  redo() { this.step(this.future, this.past); }

  save() {
    if (this.saving) { return this.saving; }
    this.saveSoon.drop();
    this.saving = this.send().finally(() => { this.saving = null; if (this.dirty && !this.conflict && this.state === "saving") { this.saveSoon(); } });
    return this.saving;
  }

  async send() {
    if (!this.dirty || this.conflict || !this.id) { return; }
    const sent = this.scenario, id = this.id;
    this.dirty = false;
    try {
      const whole = await scenarios.save(id, this.etag, sent);
      if (this.id !== id) { return; }
      this.etag = whole.etag;
      const head = this.heads.find((one) => one.id === id);
      if (head) { head.etag = whole.etag; head.name = whole.scenario.name; }
      if (!this.dirty) { this.setState("saved"); }
      this.tell("list");
    } catch (error) {
      this.dirty = true;
      if (error instanceof Refused && (error.status === 409 || error.status === 404)) { this.clash(error.error.current); }
      else if (error instanceof Refused) { this.setState("refused"); this.tell("refused", error.error); }
      else { this.setState("offline"); setTimeout(() => this.save(), RETRY_MS); }
    }
  }

  async settle() {
    while (this.dirty && !this.conflict && this.state !== "refused" && this.state !== "offline") { await this.save(); }
  }

  clash(current) { this.conflict = current || {}; this.setState("conflict"); this.tell("conflict"); }

  async loadTheirs() {
    const id = this.id;
    this.clear();
    await this.refresh();
    const next = this.heads.find((one) => one.id === id) || this.heads[0];
    if (next) { await this.open(next.id); } else { this.tell("open"); }
  }

  async keepMine(name) {
    const mine = { ...structuredClone(this.scenario), name };
    this.clear();
    await this.create(mine);
  }

  /** See whether the files have changed on the disk. */
  async look() {
    if (document.hidden || this.conflict) { return; }
    try {
      const heads = await scenarios.list(), known = JSON.stringify(this.heads), head = heads.find((one) => one.id === this.id);
      const moved = this.id && !this.dirty && !this.saving && (!head || head.etag !== this.etag);
      this.heads = heads;
      if (JSON.stringify(heads) !== known) { this.tell("list"); }
      if (moved) { this.clash(head); }
      if (this.state === "offline") { this.save(); }
    } catch { if (this.dirty) { this.setState("offline"); } }
  }
}
