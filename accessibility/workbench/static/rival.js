/* Another scenario beside the one on the desk: who gains, who loses, what it costs, and how the two differ. */
import { scenarios } from "./api.js";
import { $, fill, h, options, w } from "./dom.js";
import { stopped } from "./runner.js";

const COUNTS = ["gain", "lose", "new", "lost"], COSTS = ["vehicle_km", "vehicle_hours", "vehicles"];

export class Rival {
  constructor(book, runner, results) {
    this.book = book; this.runner = runner; this.results = results;
    $("other").addEventListener("change", () => this.compare());
    $("other-part").addEventListener("toggle", () => { if ($("other-part").open) { this.list(); } });
    book.addEventListener("open", () => { this.list(); fill($("other-answer")); });
    book.addEventListener("list", () => this.list());
    results.addEventListener("answer", () => { if ($("other").value) { this.compare(); } });
  }

  list() {
    const others = this.book.heads.filter((one) => one.id !== this.book.id && !one.problem), chosen = $("other").value;
    options($("other"), [["", others.length ? "—" : w("compare_none")], ...others.map((one) => [one.id, one.name])], others.some((one) => one.id === chosen) ? chosen : "");
  }

  async compare() {
    const id = $("other").value;
    if (!id || !this.results.answer) { fill($("other-answer")); return; }
    const told = (text) => fill($("other-answer"), h("p", { className: "soft" }, text));
    try {
      const whole = await scenarios.read(id), theirs = enabled(whole.scenario), { scenario, settings } = this.results.question();
      const answer = await this.runner.run("other", { kind: "compare", scenario: theirs, settings }, (state) => told(w("computing", { stage: state.stage || "…" })));
      const { sentences } = await this.runner.run("difference", { kind: "difference", scenario, other: theirs });
      this.show(whole.scenario.name, answer, sentences);
    } catch (error) { if (!stopped(error)) { told(error.message); } }
  }

  show(name, answer, sentences) {
    const target = $("target").value, sides = [this.results.answer, answer];
    const row = (key, values) => h("tr", {}, h("th", { scope: "row" }, w(key)), ...values.map((value) => h("td", { className: "n" }, String(value))));
    const sum = (side, key) => Math.round(10 * side.lines.reduce((total, line) => total + (line.after ? line.after[key] : 0) - (line.before ? line.before[key] : 0), 0)) / 10;
    const signed = (value) => (value > 0 ? `+${value}` : String(value).replace("-", "−"));
    const head = h("tr", {}, h("td", {}), h("th", { scope: "col", className: "n" }, w("this_scenario")), h("th", { scope: "col", className: "n" }, name));
    fill($("other-answer"),
      h("table", { className: "mini" }, h("thead", {}, head), h("tbody", {},
        ...COUNTS.map((key) => row(`cells_${key}`, sides.map((side) => side.targets[target].summary.counts[key]))),
        ...COSTS.map((key) => row(`more_${key}`, sides.map((side) => signed(sum(side, key))))))),
      h("p", {}, answer.targets[target].summary.sentence),
      h("h5", {}, w("difference")),
      h("ul", { className: "plain" }, ...(sentences.length ? sentences : [w("difference_none")]).map((one) => h("li", {}, one))));
  }
}

function enabled(scenario) { return { name: "-", modification: scenario.modification.filter((one) => one.enabled !== false) }; }
