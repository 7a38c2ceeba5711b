/* Which colour and sign a square gets, and the legend that says so. */
import { $, w } from "./dom.js";
import { CHANGES, LOST, NEW, TIMES } from "./colours.js";

const SAME = 0, GAIN = 1, NEWLY = 3, NO_LONGER = 4, NEVER = 5;
const BOTH = { colour: "#7fa6c9" }, REACHED_NEW = { ...NEW, colour: "#542788" }, REACHED_LOST = { ...LOST, colour: "#e08214", ink: "#1d2733" };

/** Colour the changes of every square. */
export function changeLook(data) {
  return (cell) => {
    const code = data.classes[cell];
    if (code === NEVER) { return { hatch: true }; }
    if (code === NEWLY) { return NEW; }
    if (code === NO_LONGER) { return LOST; }
    if (code === SAME) { return null; }
    const change = (data.after[cell] - data.before[cell]) / 10;
    return code === GAIN ? CHANGES.slice(0, 3).find((one) => change < one.below) || CHANGES[2] : CHANGES.slice(4).find((one) => change <= one.below);
  };
}

export function changeLegend(title) {
  const rows = CHANGES.filter((one) => one.colour).map((one) => ({ ...one, text: w(one.key) }));
  legend([...rows, { ...NEW, text: w(NEW.key) }, { ...LOST, text: w(LOST.key) }, { hatch: true, text: w("unreached") }], `${w("change_min")} · ${title}`);
}

/** Colour the times of every square. */
export function timeLook(data) {
  return (cell) => (data.after[cell] === null ? { hatch: true } : { colour: TIMES.find(([limit]) => data.after[cell] <= limit * 10)[1] });
}

export function timeLegend(title) {
  let low = 0;
  const rows = TIMES.map(([limit, colour]) => {
    const text = limit === Infinity ? `> ${low}` : `${low}–${limit}`;
    low = limit;
    return { colour, text };
  });
  legend([...rows, { hatch: true, text: w("unreached") }], `${w("before_min")} · ${title}`);
}

/** Colour what is reached from a place within a limit (tenths of a minute), and count it. */
export function reachLook({ before, after }, limit) {
  const within = (value) => value !== null && value <= limit;
  return (cell) => {
    const old = within(before[cell]), now = within(after[cell]);
    return old && now ? BOTH : now ? REACHED_NEW : old ? REACHED_LOST : null;
  };
}

export function reachLegend({ before, after }, limit) {
  const within = (value) => value !== null && value <= limit, counts = [0, 0, 0];
  before.forEach((value, cell) => {
    const old = within(value), now = within(after[cell]);
    if (old && now) { counts[0]++; } else if (now) { counts[1]++; } else if (old) { counts[2]++; }
  });
  const n = (i) => ` (${counts[i]})`;
  legend([{ ...BOTH, text: w("within_both", { n: limit / 10 }) + n(0) }, { ...REACHED_NEW, text: w("within_new") + n(1) }, { ...REACHED_LOST, text: w("within_lost") + n(2) }, { text: w("within_none") }], "");
}

export function noLegend() { legend([], ""); }

function legend(rows, title) {
  const box = $("legend");
  box.replaceChildren();
  box.hidden = !rows.length;
  if (!rows.length) { return; }
  const list = document.createElement("ul");
  rows.forEach((row) => {
    const item = document.createElement("li"), swatch = document.createElement("span");
    swatch.className = "box" + (row.hatch ? " hatch" : "");
    swatch.textContent = row.sign || "";
    if (row.colour) { swatch.style.background = row.colour; swatch.style.color = row.ink; }
    item.append(swatch, document.createTextNode(row.text));
    list.append(item);
  });
  if (title) { const head = document.createElement("h2"); head.textContent = title; box.append(head); }
  box.append(list);
}
