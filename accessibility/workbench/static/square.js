/* One square: its times, and the journeys before and after in words. */
import { $, fill, h, minutes, w } from "./dom.js";
import { stopped } from "./runner.js";

export class Square {
  constructor(cells, ids, runner, ask) {
    this.cells = cells; this.ids = ids; this.runner = runner; this.ask = ask; this.cell = -1;
  }

  show(cell, data) {
    this.cell = cell; this.cells.mark(cell);
    if (cell < 0 || !data) { fill($("cell"), h("p", { className: "soft" }, w("square_choose"))); return; }
    const reason = data.reasons[String(data.reason[cell])] || w("unreached");
    const line = (which, values, to) => {
      const name = to.at[cell] >= 0 ? to.names[to.at[cell]] : "";
      return [h("dt", {}, w(which)), h("dd", {}, values[cell] === null ? reason : `${w("minutes", { n: minutes(values[cell]) })} · ${name}`)];
    };
    const box = h("div", { id: "journeys" });
    const facts = [...line("before", data.before, data.before_to), ...line("after", data.after, data.after_to)];
    fill($("cell"), h("h4", {}, `${w("square")} ${this.ids[cell]}`), h("dl", { className: "facts" }, ...facts), box);
    this.journeys(cell, box);
  }

  async journeys(cell, box) {
    box.textContent = w("searching");
    try {
      const answer = await this.runner.run("journey", { kind: "journey", ...this.ask(), cell: this.ids[cell] });
      const side = (title, lines) => h("section", {}, h("h5", {}, title), h("ol", {}, ...lines.map((one) => h("li", {}, one))));
      fill(box, side(w("before_journey"), answer.before), side(w("after_journey"), answer.after));
    } catch (error) { if (!stopped(error)) { box.textContent = error.message; } }
  }
}
