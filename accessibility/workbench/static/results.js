/* Before and after: the map of changes, the sentence, the tables, what is reached from a place, both journeys. */
import { Refused, job } from "./api.js";
import { $, fill, h, minutes, named, options, settled, signed, w } from "./dom.js";
import { costTable } from "./editor.js";
import { CHANGES, LOST, NEW, TIMES, legend } from "./mapview.js";

const NONE = 5, COMPARE_AFTER_MS = 250, MEASURE_AFTER_MS = 60, REACH_AFTER_MS = 300;

export class Results {
  constructor(book, view, study, editor) {
    this.book = book; this.view = view; this.study = study; this.editor = editor;
    this.answer = null; this.reached = null; this.cell = -1; this.running = {};
    options($("target"), study.targets.map((one) => [one.id, named(one.name)]));
    options($("mode"), study.modes.map((one) => [one.id, named(one.name)]));
    options($("as-of"), study.dates.map((day) => [day, day]), study.dates[study.dates.length - 1]);
    options($("period"), study.periods.map((one) => [one.id, named(one.name)]));
    this.compareSoon = settled(COMPARE_AFTER_MS, () => this.compare());
    this.measureSoon = settled(MEASURE_AFTER_MS, () => this.measure());
    this.reachSoon = settled(REACH_AFTER_MS, () => this.reach());
    for (const id of ["target", "mode", "as-of", "period", "percentile"]) { $(id).addEventListener("change", () => { this.showTargets(); this.compareSoon(); this.reachSoon(); }); }
    book.addEventListener("change", () => { this.measureSoon(); this.compareSoon(); this.reachSoon(); });
    book.addEventListener("open", () => { this.answer = null; this.other = null; $("other-sentence").textContent = ""; this.render(); });
    $("job-stop").addEventListener("click", () => this.stop("compare"));
    $("job-again").addEventListener("click", () => this.compare());
    $("copy-sentence").addEventListener("click", () => this.copy());
    $("reach-on").addEventListener("change", (event) => this.showReach(event.target.checked));
    $("cutoff").addEventListener("input", () => this.paint());
    for (const id of ["origin-lon", "origin-lat"]) { $(id).addEventListener("change", () => this.typedOrigin()); }
    document.querySelectorAll("[data-export]").forEach((one) => one.addEventListener("click", () => this.export(one.dataset.export)));
    view.map.on("click", (event) => { if (!editor.open) { this.pick(view.cells.at(event.latlng)); } });
    this.marker = L.marker(study.origin, { draggable: true, keyboard: false, icon: L.divIcon({ className: "origin-pin", html: h("span", {}, "★"), iconSize: [28, 28] }), zIndexOffset: 800 });
    this.marker.on("dragend", () => { this.putOrigin(); this.reachSoon(); });
    this.putOrigin(); this.showTargets(); this.paint();
  }

  settings(targets = true) {
    const made = { as_of: $("as-of").value, period: $("period").value, percentile: Number($("percentile").value), mode: $("mode").value };
    return targets ? { ...made, targets: [$("target").value] } : made;
  }

  /** What a computation rests on: names and notes are left out, so that typing them recomputes nothing. */
  asked() { return { name: "-", modification: this.book.scenario.modification.filter((one) => one.enabled !== false) }; }
  title() { return { ...this.asked(), name: this.book.scenario.name, ...(this.book.scenario.note ? { note: this.book.scenario.note } : {}) }; }

  stop(kind) { if (this.running[kind]) { this.running[kind].abort(); this.running[kind] = null; } }

  async run(kind, question, told) {
    this.stop(kind);
    const mine = (this.running[kind] = new AbortController());
    try { return await job(question, { told: (state) => { if (this.running[kind] === mine && told) { told(state); } }, signal: mine.signal }); }
    finally { if (this.running[kind] === mine) { this.running[kind] = null; } else { mine.late = true; } }
  }

  async measure() {
    if (!this.book.scenario) { return; }
    try {
      const answer = await this.run("measure", { kind: "measure", scenario: this.asked(), settings: this.settings() });
      this.lines = answer.lines;
      this.view.showChanged(answer.lines, this.editor.open ? this.editor.open.route : null);
      this.editor.measuredLines(answer.lines);
    } catch (error) { this.trouble(error, true); }
  }

  async compare() {
    if (!this.book.scenario) { return; }
    const started = performance.now();
    this.jobState(w("queued"), 0, true);
    try {
      const answer = await this.run("compare", { kind: "compare", scenario: this.asked(), settings: this.settings() }, (state) => {
        if (state.state === "running") { this.jobState(w("computing", { stage: state.stage || "…" }), state.done / state.total, true); }
      });
      this.answer = answer; this.lines = answer.lines;
      fill($("problems"));
      this.jobState(w("up_to_date"), 1, false);
      this.view.showChanged(answer.lines, this.editor.open ? this.editor.open.route : null);
      this.render();
      document.body.dataset.compared = String(Number(document.body.dataset.compared || 0) + 1);
      document.body.dataset.took = String(Math.round(performance.now() - started));
    } catch (error) {
      if (error.name === "AbortError") { if (!this.running.compare) { this.jobState(w("cancelled"), 0, false, true); } return; }
      this.jobState("", 0, false, true);
      this.trouble(error, false);
    }
  }

  jobState(text, share, busy, again = false) {
    $("job").textContent = text; $("job-bar").hidden = $("job-stop").hidden = !busy; $("job-again").hidden = !again;
    $("job-bar").value = share;
    document.body.dataset.job = busy ? "busy" : "idle";
  }

  trouble(error, quiet) {
    if (error.name === "AbortError") { return; }
    const told = error instanceof Refused ? error.error : { what: error.message, mend: "", notices: [] };
    if (quiet && error instanceof Refused && this.running.compare) { return; }
    fill($("problems"), h("p", { className: "problem" }, told.what), told.mend ? h("p", { className: "soft" }, told.mend) : null,
      told.notices && told.notices.length ? h("ul", {}, ...told.notices.slice(0, 12).map((one) => h("li", {}, `${one.where}: ${one.what}${one.value ? ` (${one.value})` : ""} ${one.mend}`))) : null);
  }

  get data() { return this.answer ? this.answer.targets[$("target").value] : null; }

  render() {
    const { data } = this;
    $("answer").hidden = !data;
    if (data) {
      const { summary } = data;
      $("sentence").textContent = summary.sentence; $("copied").textContent = "";
      fill($("counts"), ...["gain", "lose", "same", "new", "lost", "neither"].flatMap((key) => [h("dt", { className: `is-${key}` }, w(`cells_${key}`)), h("dd", {}, String(summary.counts[key]))]));
      fill($("histogram"), this.histogram(summary.histogram));
      fill($("costs"), this.answer.lines.length ? costTable(this.answer.lines, true) : null);
      fill($("worst"), this.table(summary.worst)); fill($("best"), this.table(summary.best));
      if (this.cell >= 0) { this.pick(this.cell); }
    }
    $("how").textContent = w("draws", { p: $("percentile").value, n: this.study.draws });
    this.paint();
  }

  table(rows) {
    if (!rows.length) { return h("p", { className: "soft" }, "–"); }
    return h("table", { className: "mini" }, h("thead", {}, h("tr", {}, ...["square", "before_min", "after_min", "change_min", "to"].map((key, i) => h("th", { scope: "col", className: i && i < 4 ? "n" : "" }, w(key))))),
      h("tbody", {}, ...rows.map((row) => {
        const before = row.before_s === null ? null : row.before_s / 6, after = row.after_s === null ? null : row.after_s / 6;
        return h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", className: "link", onclick: () => { this.view.map.setView(this.view.cells.centre(row.cell), Math.max(this.view.map.getZoom(), 13)); this.pick(row.cell); } }, row.id)),
          h("td", { className: "n" }, minutes(before)), h("td", { className: "n" }, minutes(after)), h("td", { className: "n" }, before === null || after === null ? "–" : signed((after - before) / 10)), h("td", {}, row.before_to === row.after_to ? row.after_to : `${row.before_to} → ${row.after_to}`));
      })));
  }

  histogram({ edges_min: edges, counts }) {
    const most = Math.max(1, ...counts.filter((_, i) => !(edges[i - 1] === -1)));
    const bars = counts.map((n, i) => {
      const low = edges[i - 1], high = edges[i], middle = low === -1;
      const text = low === undefined ? w("bar_below", { high, n }) : high === undefined ? w("bar_above", { low, n }) : w("bar", { low: signed(low).replace(".0", ""), high: signed(high).replace(".0", ""), n });
      const bar = h("span", { className: `stick ${middle ? "same" : high === undefined || low >= 1 ? "lose" : "gain"}` });
      bar.style.height = `${Math.min(100, (100 * n) / most)}%`;
      return h("li", { title: text }, bar, h("span", { className: "hidden" }, text), h("span", { className: "edge", "aria-hidden": "true" }, low === undefined ? "" : signed(low).replace(".0", "")));
    });
    return h("ul", { className: "histogram", "aria-label": w("change_min") }, ...bars);
  }

  /* ---- colours ---- */
  paint() {
    const cutoff = Number($("cutoff").value);
    $("cutoff-value").textContent = w("minutes", { n: cutoff });
    if ($("reach-on").checked && this.reached) { this.paintReach(cutoff * 10); return; }
    const { data } = this;
    if (!data) { this.view.cells.set(null); legend([], ""); return; }
    const plain = !this.answer.lines.length && data.summary.counts.same + data.summary.counts.neither === data.summary.n;
    if (plain) { this.paintTimes(data); return; }
    this.view.cells.set((cell) => {
      const code = data.classes[cell];
      if (code === NONE) { return { hatch: true }; }
      if (code === 3) { return NEW; }
      if (code === 4) { return LOST; }
      if (code === 0) { return null; }
      const change = (data.after[cell] - data.before[cell]) / 10;
      return code === 1 ? CHANGES.slice(0, 3).find((one) => change < one.below) || CHANGES[2] : CHANGES.slice(4).find((one) => change <= one.below);
    });
    legend([...CHANGES.filter((one) => one.colour).map((one) => ({ ...one, text: w(one.key) })), { ...NEW, text: w(NEW.key) }, { ...LOST, text: w(LOST.key) }, { hatch: true, text: w("unreached") }], `${w("change_min")} · ${named(this.study.targets.find((one) => one.id === $("target").value).name)}`);
  }

  paintTimes(data) {
    this.view.cells.set((cell) => (data.after[cell] === null ? { hatch: true } : { colour: TIMES.find(([limit]) => data.after[cell] <= limit * 10)[1] }));
    let low = 0;
    legend([...TIMES.map(([limit, colour]) => { const text = limit === Infinity ? `> ${low}` : `${low}–${limit}`; low = limit; return { colour, text }; }), { hatch: true, text: w("unreached") }], `${w("before_min")} · ${named(this.study.targets.find((one) => one.id === $("target").value).name)}`);
  }

  paintReach(limit) {
    const { before, after } = this.reached, both = { colour: "#7fa6c9" };
    this.view.cells.set((cell) => {
      const old = before[cell] !== null && before[cell] <= limit, now = after[cell] !== null && after[cell] <= limit;
      return old && now ? both : now ? { ...NEW, colour: "#542788" } : old ? { ...LOST, colour: "#e08214", ink: "#1d2733" } : null;
    });
    legend([{ ...both, text: w("within_both", { n: limit / 10 }) }, { ...NEW, colour: "#542788", text: w("within_new") }, { ...LOST, colour: "#e08214", ink: "#1d2733", text: w("within_lost") }], "");
  }

  showTargets() { const target = this.study.targets.find((one) => one.id === $("target").value); this.view.showTargets(target ? target.places : []); }

  /* ---- from one place ---- */
  showReach(on) {
    $("reach-body").hidden = !on;
    if (on) { this.marker.addTo(this.view.map); this.reachSoon(); } else { this.marker.remove(); this.stop("reach"); }
    this.paint();
  }
  putOrigin() { const at = this.marker.getLatLng(); $("origin-lon").value = at.lng.toFixed(5); $("origin-lat").value = at.lat.toFixed(5); }
  typedOrigin() {
    const lon = Number($("origin-lon").value), lat = Number($("origin-lat").value);
    if (Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lon) <= 180 && Math.abs(lat) <= 90) { this.marker.setLatLng([lat, lon]); this.reachSoon(); } else { this.putOrigin(); }
  }
  async reach() {
    if (!$("reach-on").checked || !this.book.scenario) { return; }
    const at = this.marker.getLatLng();
    $("reach-state").textContent = w("queued");
    try {
      this.reached = await this.run("reach", { kind: "reach", scenario: this.asked(), settings: this.settings(), lon: at.lng, lat: at.lat }, (state) => { if (state.stage) { $("reach-state").textContent = w("computing", { stage: state.stage }); } });
      $("reach-state").textContent = w("up_to_date");
      document.body.dataset.reached = String(Number(document.body.dataset.reached || 0) + 1);
      this.paint();
    } catch (error) { if (error.name !== "AbortError") { $("reach-state").textContent = error.message; } }
  }

  /* ---- one square ---- */
  pick(cell) {
    this.cell = cell; this.view.cells.mark(cell);
    const { data } = this;
    if (cell < 0 || !data) { return; }
    const to = (one) => (one.at[cell] >= 0 ? one.names[one.at[cell]] : "");
    const reason = data.reasons[String(data.reason[cell])] || "";
    const line = (which, values, nearest) => [h("dt", {}, w(which)), h("dd", {}, values[cell] === null ? reason || w("unreached") : `${w("minutes", { n: minutes(values[cell]) })} · ${to(nearest)}`)];
    const box = h("div", { id: "journeys" });
    fill($("cell"), h("h4", {}, `${w("square")} ${this.study.grid.ids[cell]}`), h("dl", { className: "facts" }, ...line("before", data.before, data.before_to), ...line("after", data.after, data.after_to)), box);
    this.journeys(cell, box);
  }

  async journeys(cell, box) {
    box.textContent = w("searching");
    try {
      const answer = await this.run("journey", { kind: "journey", scenario: this.asked(), settings: this.settings(), cell: this.study.grid.ids[cell] });
      const side = (title, lines) => h("section", {}, h("h5", {}, title), h("ol", {}, ...lines.map((one) => h("li", {}, one))));
      fill(box, side(w("before_journey"), answer.before), side(w("after_journey"), answer.after));
    } catch (error) { if (error.name !== "AbortError") { box.textContent = error.message; } }
  }

  /* ---- taking away ---- */
  async copy() {
    const text = $("sentence").textContent;
    try { await navigator.clipboard.writeText(text); }
    catch {
      const range = document.createRange(); range.selectNodeContents($("sentence"));
      const chosen = getSelection(); chosen.removeAllRanges(); chosen.addRange(range); document.execCommand("copy");
    }
    $("copied").textContent = w("copied");
  }

  async export(format) {
    if (!this.book.id) { return; }
    $("export-state").textContent = "";
    try {
      await this.book.settle();
      const path = format === "toml" ? `/api/scenarios/${this.book.id}/toml` : await job({ kind: "export", format, scenario: this.title(), settings: this.settings() }, { file: true, told: (state) => { $("export-state").textContent = w("computing", { stage: state.stage || format }); } });
      $("export-state").textContent = "";
      const link = h("a", { href: path, download: "" });
      document.body.append(link); link.click(); link.remove();
    } catch (error) { $("export-state").textContent = error.message; }
  }

  async compareOther(id) {
    $("other-sentence").textContent = "";
    if (!id) { return; }
    try {
      const { scenarios } = await import("./api.js");
      const whole = await scenarios.read(id);
      const asked = { name: "-", modification: whole.scenario.modification.filter((one) => one.enabled !== false) };
      const answer = await this.run("other", { kind: "compare", scenario: asked, settings: this.settings() }, (state) => { $("other-sentence").textContent = w("computing", { stage: state.stage || "…" }); });
      $("other-sentence").textContent = w("other_scenario", { name: whole.scenario.name, sentence: answer.targets[$("target").value].summary.sentence });
    } catch (error) { if (error.name !== "AbortError") { $("other-sentence").textContent = error.message; } }
  }
}
