/* Tables and bars of a change. */
import { h, minutes, signed, w } from "./dom.js";

const CLASSES = ["gain", "lose", "same", "new", "lost", "neither"];

export function countList(counts) {
  return CLASSES.flatMap((key) => [h("dt", { className: `is-${key}` }, w(`cells_${key}`)), h("dd", {}, String(counts[key]))]);
}

/** List squares with both times; choosing one calls `show` with its number. */
export function squareTable(rows, show) {
  if (!rows.length) { return h("p", { className: "soft" }, w("no_square")); }
  const heads = ["square", "before_min", "after_min", "change_min", "to"];
  const body = rows.map((row) => {
    const [before, after] = [row.before_s, row.after_s].map((seconds) => (seconds === null ? null : seconds / 6));
    const change = before === null || after === null ? "–" : signed((after - before) / 10);
    const to = row.before_to === row.after_to ? row.after_to : `${row.before_to || "–"} → ${row.after_to || "–"}`;
    return h("tr", {},
      h("th", { scope: "row" }, h("button", { type: "button", className: "link", onclick: () => show(row.cell) }, row.id)),
      h("td", { className: "n" }, minutes(before)), h("td", { className: "n" }, minutes(after)), h("td", { className: "n" }, change), h("td", {}, to));
  });
  const head = h("tr", {}, ...heads.map((key, i) => h("th", { scope: "col", className: i && i < 4 ? "n" : "" }, w(key))));
  return h("table", { className: "mini" }, h("thead", {}, head), h("tbody", {}, ...body));
}

/** Draw how many squares change by how much; the middle, no change, is cut off at the tallest of the others. */
export function histogram({ edges_min: edges, counts }) {
  const most = Math.max(1, ...counts.filter((_, i) => edges[i - 1] !== -1));
  const edge = (value) => signed(value).replace(".0", "");
  const bars = counts.map((n, i) => {
    const low = edges[i - 1], high = edges[i];
    const text = low === undefined ? w("bar_below", { high: edge(high), n }) : high === undefined ? w("bar_above", { low: edge(low), n }) : w("bar", { low: edge(low), high: edge(high), n });
    const kind = low === -1 ? "same" : high === undefined || low >= 1 ? "lose" : "gain";
    const bar = h("span", { className: `stick ${kind}` });
    bar.style.height = `${Math.min(88, (88 * n) / most)}%`;
    return h("li", { title: text },
      h("span", { className: "count", "aria-hidden": "true" }, n && kind !== "same" ? String(n) : ""), bar,
      h("span", { className: "hidden" }, text),
      h("span", { className: "edge", "aria-hidden": "true" }, low === undefined ? "" : edge(low)));
  });
  return h("ul", { className: "histogram", "aria-label": w("change_min") }, ...bars);
}
