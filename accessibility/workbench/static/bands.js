/* The service of a line: headway bands, and departures that are stated one by one. */
import { $, fill, h, w } from "./dom.js";

export const DAYS = ["daily", "weekday", "weekend", "saturday", "sunday"];
const CLOCK = /^([0-3]?\d):([0-5]\d)$/;

/** Write a clock time in full; null where it is none. */
export function clockOf(text) {
  const found = CLOCK.exec(text.trim());
  return found ? `${found[1].padStart(2, "0")}:${found[2]}` : null;
}

export class Bands {
  /** `editor` gives the modification that is open (`now`) and writes it (`write`). */
  constructor(editor) {
    this.editor = editor;
    $("add-band").addEventListener("click", () => { this.set([...this.all(), this.next()]); focusLast("bands"); });
    $("add-departures").addEventListener("click", () => {
      const all = this.departures();
      this.setDepartures([...all, { days: "daily", direction: 0, times: ["07:00"] }]);
      focusLast("departures");
    });
  }

  all() { return structuredClone((this.editor.now && this.editor.now.headways) || []); }
  departures() { return structuredClone((this.editor.now && this.editor.now.departures) || []); }
  set(bands) { this.editor.write((one) => { one.headways = bands; }); }

  setDepartures(departures) {
    this.editor.write((one) => { if (departures.length) { one.departures = departures; } else { delete one.departures; } });
  }

  next() {
    const last = this.all().pop();
    if (!last) { return { days: "daily", from: "06:00", to: "22:00", every_s: 900 }; }
    return { days: last.days, from: last.to, to: last.to < "22:00" ? "22:00" : "29:00", every_s: last.every_s };
  }

  show(kind) {
    $("bands-table").hidden = $("add-band").hidden = kind === "timetable";
    $("departures-part").hidden = !this.departures().length;
    $("add-departures").hidden = kind === "rate";
    const focus = document.activeElement ? document.activeElement.dataset.focus : "";
    const bands = this.all(), departures = this.departures();
    fill($("bands"), ...bands.map((band, i) => this.row(band, i, bands.length + departures.length)));
    fill($("departures"), ...departures.map((one, i) => this.departureRow(one, i, bands.length + departures.length)));
    const again = focus ? document.querySelector(`#bands-part [data-focus="${focus}"]`) : null;
    if (again) { again.focus(); }
  }

  change(i, key, value) { const all = this.all(); all[i][key] = value; this.set(all); }

  row(band, i, n) {
    const clock = (key) => h("input", {
      value: band[key], "aria-label": w(`band_${key}`, { n: i + 1 }), "data-focus": `${key}-${i}`, size: 5, autocomplete: "off",
      onchange: (event) => { const text = clockOf(event.target.value); if (text) { this.change(i, key, text); } else { event.target.value = band[key]; } },
    });
    const every = h("input", {
      value: String(band.every_s / 60), "aria-label": w("band_every", { n: i + 1 }), "data-focus": `every-${i}`,
      inputMode: "decimal", size: 4, autocomplete: "off",
      onchange: (event) => {
        const seconds = Math.round(Number(event.target.value) * 60);
        if (seconds > 0) { this.change(i, "every_s", seconds); } else { event.target.value = band.every_s / 60; }
      },
    });
    const gone = h("button", {
      type: "button", className: "quiet small", "aria-label": w("band_delete", { n: i + 1 }), disabled: n < 2,
      onclick: () => { const all = this.all(); all.splice(i, 1); this.set(all); },
    }, "✕");
    const days = daysField(band.days, w("band_days", { n: i + 1 }), `days-${i}`, (value) => this.change(i, "days", value));
    return h("tr", {}, ...[days, clock("from"), clock("to"), every, gone].map((field) => h("td", {}, field)));
  }

  changeDepartures(i, key, value) { const all = this.departures(); all[i][key] = value; this.setDepartures(all); }

  departureRow(one, i, n) {
    const label = (key) => w(`departures_${key}`, { n: i + 1 });
    const days = daysField(one.days, label("days"), `dep-days-${i}`, (value) => this.changeDepartures(i, "days", value));
    const way = h("select", {
      "aria-label": label("direction"), "data-focus": `dep-direction-${i}`,
      onchange: (event) => this.changeDepartures(i, "direction", Number(event.target.value)),
    }, ...[0, 1].map((value) => h("option", { value }, w(value ? "way_back" : "way_there"))));
    way.value = String(one.direction || 0);
    const times = h("textarea", {
      rows: 3, value: one.times.join(" "), "aria-label": label("times"), "data-focus": `dep-times-${i}`,
      onchange: (event) => this.typedTimes(i, event.target),
    });
    const gone = h("button", {
      type: "button", className: "quiet small", "aria-label": label("delete"), disabled: n < 2,
      onclick: () => { const all = this.departures(); all.splice(i, 1); this.setDepartures(all); },
    }, "✕");
    return h("li", {}, h("p", { className: "row" }, days, way, h("span", { className: "soft" }, w("departures_n", { n: one.times.length })), gone), times);
  }

  typedTimes(i, field) {
    const words = field.value.split(/[\s,，;；、]+/).filter(Boolean), wrong = words.find((one) => !clockOf(one));
    field.setAttribute("aria-invalid", String(Boolean(wrong) || !words.length));
    if (wrong || !words.length) { this.editor.say(w("departures_bad", { text: wrong || "" })); return; }
    this.editor.say("");
    this.changeDepartures(i, "times", [...new Set(words.map(clockOf))].sort());
  }
}

function daysField(value, label, focus, change) {
  const select = h("select", { "aria-label": label, "data-focus": focus, onchange: (event) => change(event.target.value) },
    ...DAYS.map((day) => h("option", { value: day }, w(`days_${day}`))));
  select.value = value || "daily";
  return select;
}

function focusLast(id) {
  const last = $(id).lastElementChild, field = last && last.querySelector("select,input,textarea");
  if (field) { field.focus(); }
}
