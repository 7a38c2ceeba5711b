/* Before and after: computed when the scenario or the settings change, and shown as map, sentence and tables. */
import { Refused } from "./api.js";
import { costTable } from "./costs.js";
import { $, fill, h, named, options, settled, w } from "./dom.js";
import { Exporting } from "./exporting.js";
import { changeLegend, changeLook, noLegend, reachLegend, reachLook, timeLegend, timeLook } from "./paint.js";
import { Reach } from "./reach.js";
import { Runner, stopped } from "./runner.js";
import { Square } from "./square.js";
import { countList, histogram, squareTable } from "./tables.js";

const MEASURE_AFTER_MS = 10, COMPARE_AFTER_MS = 30;
const SETTINGS = ["target", "mode", "as-of", "period", "percentile"];

export class Results extends EventTarget {
  constructor(book, view, study, editor) {
    super();
    this.book = book; this.view = view; this.study = study; this.editor = editor;
    this.answer = null; this.lines = []; this.runner = new Runner();
    options($("target"), study.targets.map((one) => [one.id, named(one.name)]));
    options($("mode"), study.modes.map((one) => [one.id, named(one.name)]));
    options($("as-of"), study.dates.map((day) => [day, day]), study.dates[study.dates.length - 1]);
    options($("period"), study.periods.map((one) => [one.id, named(one.name)]));
    this.square = new Square(view.cells, study.grid.ids, this.runner, () => this.question());
    this.reach = new Reach(view.map, study.origin, this.runner, { ask: () => (book.scenario ? this.question() : null), paint: () => this.paint() });
    this.exporting = new Exporting(book, () => ({ scenario: this.titled(), settings: this.settings() }));
    this.compareSoon = settled(COMPARE_AFTER_MS, () => this.compare());
    this.measureSoon = settled(MEASURE_AFTER_MS, () => this.measure());
    for (const id of SETTINGS) { $(id).addEventListener("change", () => { this.showTargets(); this.again(); }); }
    book.addEventListener("change", () => this.again());
    book.addEventListener("open", () => { this.answer = null; this.asked = ""; this.measuredFor = ""; this.render(); });
    $("job-stop").addEventListener("click", () => this.runner.stop("compare"));
    $("job-again").addEventListener("click", () => { this.asked = ""; this.compare(); });
    view.map.on("click", (event) => { if (!editor.open) { this.pick(view.cells.at(event.latlng)); } });
    this.showTargets(); this.paint();
  }

  settings() {
    return { as_of: $("as-of").value, period: $("period").value, percentile: Number($("percentile").value), mode: $("mode").value, targets: [$("target").value] };
  }

  /** What a computation rests on: names and notes are left out, so that typing them recomputes nothing. */
  question() {
    const modification = this.book.scenario.modification.filter((one) => one.enabled !== false);
    return { scenario: { name: "-", modification }, settings: this.settings() };
  }

  titled() {
    const { name, note, mark } = this.book.scenario;
    return { ...this.question().scenario, name, ...(note ? { note } : {}), ...(mark ? { mark } : {}) };
  }

  again() { this.measureSoon(); this.compareSoon(); this.reach.soon(); }

  async measure() {
    if (!this.book.scenario) { return; }
    const question = this.question(), key = JSON.stringify(question);
    if (key === this.measuredFor) { return; }
    this.measuredFor = key;
    try { this.takeLines(await this.runner.run("measure", { kind: "measure", ...question }), question.scenario); }
    catch (error) { this.measuredFor = ""; if (!stopped(error) && !(error instanceof Refused)) { this.trouble(error); } }
  }

  /** Take the changed lines, their figures, and what the changes are called in words. */
  takeLines(answer, scenario) {
    this.lines = answer.lines;
    this.view.showChanged(answer.lines, this.editor.open ? this.editor.open.route : null);
    this.editor.measuredLines(answer.lines);
    this.dispatchEvent(new CustomEvent("told", { detail: { modification: scenario.modification, told: answer.told } }));
  }

  async compare() {
    if (!this.book.scenario) { return; }
    const question = this.question(), key = JSON.stringify(question);
    if (key === this.asked) { return; }
    const started = performance.now();
    this.asked = key;
    this.jobState(w("queued"), 0, true);
    try {
      const answer = await this.runner.run("compare", { kind: "compare", ...question }, (state) => {
        if (state.state === "running") { this.jobState(w("computing", { stage: state.stage || "…" }), state.done / state.total, true); }
      });
      this.answer = answer;
      fill($("problems"));
      this.jobState(w("up_to_date"), 1, false);
      this.takeLines(answer, question.scenario);
      this.render();
      document.body.dataset.compared = String(Number(document.body.dataset.compared || 0) + 1);
      document.body.dataset.took = String(Math.round(performance.now() - started));
      this.dispatchEvent(new CustomEvent("answer"));
    } catch (error) {
      if (stopped(error)) {
        if (!this.runner.running.compare) { this.asked = ""; this.jobState(w("cancelled"), 0, false, true); }
        return;
      }
      this.asked = "";
      this.jobState("", 0, false, true);
      this.trouble(error);
    }
  }

  jobState(text, share, busy, again = false) {
    $("job").textContent = text; $("job-bar").hidden = $("job-stop").hidden = !busy; $("job-again").hidden = !again;
    $("job-bar").value = share;
    document.body.dataset.job = busy ? "busy" : "idle";
  }

  trouble(error) {
    const told = error instanceof Refused ? error.error : { what: error.message, mend: "", notices: [] };
    const notices = (told.notices || []).slice(0, 12).map((one) => h("li", {}, `${one.where}: ${one.what}${one.value ? ` (${one.value})` : ""} ${one.mend}`));
    fill($("problems"), h("p", { className: "problem" }, told.what), told.mend ? h("p", { className: "soft" }, told.mend) : null, notices.length ? h("ul", {}, ...notices) : null);
  }

  get target() { return this.study.targets.find((one) => one.id === $("target").value); }
  get data() { return (this.answer && this.answer.targets[$("target").value]) || null; }

  render() {
    const { data } = this;
    $("answer").hidden = !data;
    if (data) {
      const { summary } = data, show = (cell) => this.goTo(cell);
      $("sentence").textContent = summary.sentence; $("copied").textContent = "";
      fill($("counts"), ...countList(summary.counts));
      fill($("histogram"), histogram(summary.histogram));
      fill($("costs"), this.answer.lines.length ? costTable(this.answer.lines, true) : null);
      fill($("worst"), squareTable(summary.worst, show)); fill($("best"), squareTable(summary.best, show));
      if (this.square.cell >= 0) { this.square.show(this.square.cell, data); }
    }
    const street = !$("mode").value.endsWith("transit");
    $("how").textContent = street ? w("how_streets") : w("draws", { p: $("percentile").value, n: this.study.draws });
    this.paint();
  }

  goTo(cell) {
    const { map, cells } = this.view;
    map.setView(cells.centre(cell), Math.max(map.getZoom(), 13));
    this.pick(cell);
  }

  pick(cell) { this.square.show(cell, this.data); }

  paint() {
    const { data } = this, title = named(this.target.name);
    if (this.reach.on) { this.view.cells.set(reachLook(this.reach.times, this.reach.limit)); reachLegend(this.reach.times, this.reach.limit); return; }
    if (!data) { this.view.cells.set(null); noLegend(); return; }
    const { counts, n } = data.summary, plain = !this.answer.lines.length && counts.same + counts.neither === n;
    this.view.cells.set(plain ? timeLook(data) : changeLook(data));
    if (plain) { timeLegend(title); } else { changeLegend(title); }
  }

  showTargets() { this.view.showTargets(this.target ? this.target.places : []); }
}
