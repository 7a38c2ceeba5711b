/* A table of what lines take to run, before and after. */
import { h, w } from "./dom.js";

const COSTS = ["length_km", "run_min", "layover_min", "trips", "vehicle_km", "vehicle_hours", "vehicles"];

const shown = (figures, key) => (figures ? String(figures[key]) : "–");

function rowsOf(line, named) {
  return COSTS.map((key, i) => h("tr", {},
    named && i === 0 ? h("th", { scope: "rowgroup", rowSpan: COSTS.length }, line.name) : null,
    h("th", { scope: "row" }, w(key)),
    h("td", { className: "n" }, shown(line.before, key)),
    h("td", { className: "n", "data-cost": key }, shown(line.after, key))));
}

export function costTable(lines, named) {
  const head = h("tr", {}, ...(named ? [h("th", { scope: "col" }, w("line"))] : []), h("td", {}),
    h("th", { scope: "col", className: "n" }, w("before")), h("th", { scope: "col", className: "n" }, w("after")));
  const body = h("tbody", {}, ...lines.flatMap((line) => rowsOf(line, named)));
  const straight = lines.some((line) => [line.before, line.after].some((figures) => figures && figures.straight));
  return h("div", {}, h("table", { className: "mini" }, h("thead", {}, head), body),
    straight ? h("p", { className: "soft" }, w("straight")) : null);
}
