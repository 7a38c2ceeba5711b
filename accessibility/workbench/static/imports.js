/* Files of an office as changes: a scenario file, line sheets, a driving plan. Nothing on the desk is lost. */
import { Refused, imports } from "./api.js";
import { $, fill, h, w } from "./dom.js";

const MAX_BYTES = 3_000_000;

export class Imports {
  constructor(book, desk) {
    this.book = book; this.desk = desk; this.files = [];
    $("import-files").addEventListener("change", () => { this.files = [...$("import-files").files]; this.take(); });
  }

  async take(route = "") {
    if (!this.files.length) { return; }
    const bytes = this.files.reduce((sum, file) => sum + file.size, 0);
    if (bytes > MAX_BYTES) { this.say(w("import_large", { mb: MAX_BYTES / 1e6 })); return; }
    this.say(w("import_reading"));
    try {
      const files = await Promise.all(this.files.map(async (file) => ({ name: file.name, content: await base64(file) })));
      await this.put(await imports({ files, system: $("import-system").value, ...(route ? { route } : {}) }));
    } catch (error) { this.refused(error); }
    $("import-files").value = ""; // the same file can be chosen again once it is mended
  }

  /** Put the changes onto the desk: a scenario file as a scenario of its own, lines behind the changes there are. */
  async put({ kind, scenario, told, notices }) {
    if (kind === "scenario" || !this.book.scenario) { await this.desk.make(scenario); }
    else { this.book.edit((all) => all.modification.push(...renamed(scenario.modification, all.modification))); }
    this.say(w(kind === "scenario" ? "import_scenario" : "import_changes", { n: scenario.modification.length }), told, notices);
    if (kind !== "scenario" && !(await this.saved())) { this.book.undo(); }
  }

  /** Say whether the server keeps the scenario with what was added; it says itself why not. */
  async saved() { await this.book.settle(); return this.book.state !== "refused"; }

  refused(error) {
    const told = error instanceof Refused ? error.error : { what: error.message, mend: "", notices: [] };
    this.say(told.what, told.mend ? [told.mend] : [], told.notices || [], true);
    if (told.code !== "import-line") { return; }
    const field = $("known-line"), name = field.selectedOptions.length ? field.selectedOptions[0].textContent : "";
    const [route] = field.value ? JSON.parse(field.value) : [""];
    if (!route || $("scenario-body").hidden) { return; }
    $("import-answer").append(h("button", { type: "button", className: "quiet", id: "import-for", onclick: () => this.take(route) }, w("import_for", { name: name.split(" · ")[0] })));
  }

  say(text, told = [], notices = [], wrong = false) {
    $("import-state").textContent = text; $("import-state").className = wrong ? "problem" : "";
    const lines = notices.map((one) => h("li", { className: one.severity }, [one.where, one.what].filter(Boolean).join(": ") + (one.value ? ` (${one.value})` : ""), one.mend ? ` ${one.mend}` : ""));
    fill($("import-answer"), told.length ? h("ul", {}, ...told.map((one) => h("li", {}, one))) : null,
      notices.length ? h("h5", {}, w("import_notices")) : null, notices.length ? h("ul", { className: "notices" }, ...lines) : null);
  }
}

/** Give lines whose identifier the scenario has already another one. */
function renamed(made, present) {
  const ids = new Set(present.map((one) => one.id).filter(Boolean));
  return made.map((one) => {
    if (!one.id || !ids.has(one.id)) { return one; }
    let n = 2;
    while (ids.has(`${one.id}-${n}`)) { n++; }
    return { ...one, id: `${one.id}-${n}` };
  });
}

function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}
