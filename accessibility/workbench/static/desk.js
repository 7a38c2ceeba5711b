/* The left side: scenarios, their changes, and earlier versions. */
import { scenarios } from "./api.js";
import { $, fill, h, options, w } from "./dom.js";
import { Editor } from "./editor.js";

export class Desk {
  constructor(book, study, act) {
    this.book = book; this.study = study; this.act = act; this.told = new Map();
    $("scenario").addEventListener("change", () => act.open($("scenario").value));
    $("scenario-new").addEventListener("click", () => this.make({ name: `${w("new_name")} ${book.heads.length + 1}`, modification: [] }));
    $("scenario-copy").addEventListener("click", () => book.scenario && this.make({ ...structuredClone(book.scenario), name: w("copy_name", { name: book.scenario.name }) }));
    $("scenario-delete").addEventListener("click", () => { if (book.scenario && window.confirm(w("delete_sure", { name: book.scenario.name }))) { book.remove(); } });
    $("scenario-name").addEventListener("input", (event) => { const name = event.target.value; if (name.trim()) { book.edit((one) => { one.name = name; }, "name"); } });
    $("scenario-note").addEventListener("input", (event) => { const note = event.target.value; book.edit((one) => { if (note) { one.note = note; } else { delete one.note; } }, "note"); });
    $("add-line").addEventListener("click", () => act.addLine());
    $("bend-line").addEventListener("click", () => act.bend(...this.chosenLine()));
    $("rate-line").addEventListener("click", () => act.rate(...this.chosenLine()));
    $("remove-line").addEventListener("click", () => { const [route] = this.chosenLine(); book.edit((one) => one.modification.push({ type: "remove_line", route })); });
    const entries = [];
    study.lines.forEach((line) => line.directions.forEach((way) => {
      const name = (i) => study.stops.names[way.stops[i < 0 ? way.stops.length - 1 : 0]];
      entries.push([JSON.stringify([line.id, way.direction]), `${line.name} · ${w("direction", { n: way.direction + 1, first: name(0), last: name(-1) })}`]);
    }));
    options($("known-line"), entries.filter(([value]) => study.lines.find((line) => line.id === JSON.parse(value)[0]).type === 3).concat(entries.filter(([value]) => study.lines.find((line) => line.id === JSON.parse(value)[0]).type !== 3)));
    $("versions-part").addEventListener("toggle", () => { if ($("versions-part").open) { this.showVersions(); } });
    book.addEventListener("list", () => this.showList());
    book.addEventListener("open", () => { this.showList(); this.showBody(true); });
    book.addEventListener("change", (event) => this.showBody(event.detail.origin !== "edit"));
  }

  /** Make a scenario; until it is open nothing can be added to the one before by mistake. */
  async make(scenario) {
    $("scenario-body").inert = true;
    try { await this.book.create(scenario); } finally { $("scenario-body").inert = false; }
  }

  chosenLine() { return JSON.parse($("known-line").value); }

  showList() {
    options($("scenario"), this.book.heads.map((one) => [one.id, one.problem ? `⚠ ${one.name}` : one.name]), this.book.id || "");
    $("scenario").disabled = !this.book.heads.length;
  }

  showBody(fields) {
    const { scenario } = this.book;
    $("scenario-body").hidden = !scenario;
    $("scenario-copy").disabled = $("scenario-delete").disabled = !scenario;
    if (!scenario) { return; }
    if (fields) { $("scenario-name").value = scenario.name; $("scenario-note").value = scenario.note || ""; }
    const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.focus : "";
    fill($("changes"), ...scenario.modification.map((one, i) => this.entry(one, i)));
    if (!scenario.modification.length) { fill($("changes"), h("li", { className: "soft none" }, w("none_yet"))); }
    if (focused) { const again = document.querySelector(`[data-focus="${focused}"]`); if (again) { again.focus(); } }
  }

  entry(one, i) {
    const text = this.words(one), on = one.enabled !== false;
    const box = h("input", { type: "checkbox", checked: on, "aria-label": `${w("switched_on")}: ${text}`, "data-focus": `on-${i}`, onchange: (event) => {
      const checked = event.target.checked;
      this.book.edit((all) => { if (checked) { delete all.modification[i].enabled; } else { all.modification[i].enabled = false; } });
    } });
    const can = Editor.canEdit(one);
    return h("li", { className: on ? "" : "off" }, box, h("span", { className: "what" }, text), h("span", { className: "acts" },
      can ? h("button", { type: "button", className: "quiet small", "aria-label": `${w("edit")}: ${text}`, "data-focus": `edit-${i}`, onclick: () => this.act.edit(i) }, w("edit")) : null,
      h("button", { type: "button", className: "quiet small", "aria-label": `${w("remove")}: ${text}`, onclick: () => { this.act.closing(i); this.book.edit((all) => all.modification.splice(i, 1)); } }, "✕")));
  }

  /** Hear from the server what changes are called in words. */
  hear({ modification, told }) {
    modification.forEach((one, i) => this.told.set(keyOf(one), told[i]));
    this.showBody(false);
  }

  words(one) { return this.told.get(keyOf(one)) || w("t_other", { kind: w(`t_${one.type}`), line: one.name || one.route || one.id || "" }); }

  async showVersions() {
    if (!this.book.id) { return; }
    const found = await scenarios.versions(this.book.id);
    const rows = found.slice(0, 20).map((one) => h("li", {}, w("version", { n: one.version, when: new Date(one.written * 1000).toLocaleString() }), " ", h("button", { type: "button", className: "quiet small", onclick: async () => {
      const whole = await scenarios.version(this.book.id, one.version);
      this.book.edit((all) => { for (const key of Object.keys(all)) { delete all[key]; } Object.assign(all, whole.scenario); });
      this.showBody(true);
    } }, w("restore"))));
    fill($("versions"), ...(rows.length ? rows : [h("li", {}, w("versions_none"))]));
  }
}

/** A change without its switch: what it is called does not depend on that. */
function keyOf(one) { const { enabled, ...rest } = one; return JSON.stringify(rest); }
