/* A line on the desk: its stops on the map and in a table, its service, and what it would cost. */
import { $, fill, h, w } from "./dom.js";

const SNAP_M = 30, DAYS = ["daily", "weekday", "weekend", "saturday", "sunday"];
const COSTS = ["length_km", "run_min", "trips", "vehicle_km", "vehicle_hours", "vehicles"];
const CLOCK = /^([0-3]?\d):([0-5]\d)$/;

export class Editor {
  constructor(book, view, study) {
    this.book = book; this.view = view; this.study = study; this.open = null; this.measured = [];
    this.layer = L.layerGroup().addTo(view.map);
    view.map.on("click", (event) => this.clicked(event));
    book.addEventListener("change", (event) => { if (event.detail.origin !== "edit") { this.reload(); } });
    book.addEventListener("open", () => this.close());
    $("line-name").addEventListener("input", (event) => { const name = event.target.value; if (name.trim()) { this.write((one) => { one.name = name; }, "line-name"); } });
    $("line-both").addEventListener("change", (event) => this.setBoth(event.target.checked));
    $("line-follow").addEventListener("change", (event) => this.setWay(event.target.value));
    $("line-speed").addEventListener("change", () => this.setWay("straight"));
    $("add-stop").addEventListener("submit", (event) => { event.preventDefault(); this.addByName(); });
    $("paste-take").addEventListener("click", () => this.paste());
    $("add-band").addEventListener("click", () => { this.setBands([...this.bands(), this.nextBand()]); this.focusLast("bands"); });
    $("line-done").addEventListener("click", () => this.close());
    fill($("known-stops"), ...[...new Set(study.stops.names)].map((name) => h("option", { value: name })));
  }

  /* ---- opening ---- */
  addLine() {
    const ids = new Set([...this.study.lines.map((line) => line.id), ...this.book.scenario.modification.map((one) => one.id)]);
    let n = 1;
    while (ids.has(`new-${n}`)) { n++; }
    this.book.edit((all) => all.modification.push({ type: "add_line", id: `new-${n}`, name: w("new_line", { n }), mode: "bus", both_ways: true, stops: [], headways: [{ days: "daily", from: "06:00", to: "22:00", every_s: 900 }] }));
    this.edit(this.book.scenario.modification.length - 1);
    $("line-name").focus(); $("line-name").select();
  }

  bend(route, direction) {
    const index = this.book.scenario.modification.findIndex((one) => one.type === "reroute" && one.route === route);
    if (index >= 0) { this.edit(index); return; }
    this.start({ kind: "bend", route, direction, index: -1, both: this.returns(route, direction) });
  }

  rate(route, direction) {
    let index = this.book.scenario.modification.findIndex((one) => one.type === "set_frequency" && one.route === route);
    if (index < 0) {
      const way = this.way(route, direction), bands = (way.bands || []).filter((band) => band.every_s);
      const text = (s) => `${String(Math.floor(s / 3600)).padStart(2, "0")}:${String(Math.floor((s % 3600) / 60)).padStart(2, "0")}`;
      const headways = bands.length ? bands.map((band) => ({ days: "daily", from: text(band.from_s), to: text(band.to_s), every_s: band.every_s })) : [{ days: "daily", from: "06:00", to: "22:00", every_s: 900 }];
      this.book.edit((all) => all.modification.push({ type: "set_frequency", route, headways }));
      index = this.book.scenario.modification.length - 1;
    }
    this.edit(index);
  }

  edit(index) {
    const one = this.book.scenario.modification[index];
    if (one.type === "add_line") { this.start({ kind: "add", index, route: one.id }); }
    else if (one.type === "set_frequency") { this.start({ kind: "rate", index, route: one.route }); }
    else { this.start({ kind: "bend", index, route: one.route, direction: this.directionOf(one), both: one.direction === undefined }); }
  }

  start(open) {
    this.open = open;
    $("line-none").hidden = true; $("line-body").hidden = false;
    $("hint").hidden = open.kind === "rate"; $("hint").textContent = w("hint_edit");
    this.reload();
    const at = this.stops().filter((one) => one.lat !== null).map((one) => [one.lat, one.lon]);
    if (open.kind === "bend" && at.length) { this.view.map.fitBounds(L.latLngBounds(at).pad(0.15), { maxZoom: 15 }); }
    this.onopen();
  }

  close() {
    if (!this.open) { return; }
    this.open = null; this.layer.clearLayers();
    $("line-none").hidden = false; $("line-body").hidden = true; $("hint").hidden = true;
    this.onclose();
  }

  closing(index) {
    if (!this.open) { return; }
    if (this.open.index === index) { this.close(); } else if (this.open.index > index) { this.open.index--; }
  }

  get now() { return this.open && this.open.index >= 0 ? this.book.scenario.modification[this.open.index] : null; }

  write(change, kind = "") {
    const index = this.open.index;
    if (index >= 0) { this.book.edit((all) => change(all.modification[index]), kind); this.reload(false); }
  }

  /* ---- the line as stops ---- */
  way(route, direction) {
    const line = this.study.lines.find((one) => one.id === route);
    return line ? line.directions.find((one) => one.direction === direction) || line.directions[0] : { stops: [], bands: [] };
  }

  returns(route, direction) {
    const line = this.study.lines.find((one) => one.id === route), there = this.way(route, direction);
    const back = line && line.directions.find((one) => one.direction !== direction);
    return Boolean(back) && back.stops[0] === there.stops[there.stops.length - 1];
  }

  directionOf(one) {
    if (one.direction !== undefined) { return one.direction; }
    const line = this.study.lines.find((other) => other.id === one.route);
    if (!line) { return 0; }
    const fits = line.directions.find((way) => {
      const ids = way.stops.map((i) => this.study.stops.ids[i]), from = ids.indexOf(one.from_stop), to = ids.indexOf(one.to_stop);
      if (one.from_stop && one.to_stop) { return from >= 0 && from < to; }
      return one.from_stop ? from > 0 : to >= 0 && to < ids.length - 1;
    });
    return (fits || line.directions[0]).direction;
  }

  known(i) { const s = this.study.stops; return { id: s.ids[i], name: s.names[i], lat: s.lat[i], lon: s.lon[i] }; }

  ref(ref) {
    if (typeof ref !== "string") { return { id: "", name: ref.name, lat: ref.lat, lon: ref.lon }; }
    const i = this.study.stops.ids.indexOf(ref);
    return i >= 0 ? this.known(i) : { id: ref, name: ref, lat: null, lon: null };
  }

  written(stop) { return stop.id ? stop.id : { name: stop.name, lon: Number(stop.lon.toFixed(6)), lat: Number(stop.lat.toFixed(6)) }; }

  base() { return this.way(this.open.route, this.open.direction).stops.map((i) => this.known(i)); }

  stops() {
    const one = this.now;
    if (!this.open || this.open.kind === "rate") { return []; }
    if (this.open.kind === "add") { return one ? one.stops.map((ref) => this.ref(ref)) : []; }
    const base = this.base();
    if (!one || one.type !== "reroute") { return base; }
    const at = (id) => base.findIndex((stop) => stop.id === id);
    const head = one.from_stop ? base.slice(0, at(one.from_stop) + 1) : [], tail = one.to_stop ? base.slice(at(one.to_stop)) : [];
    return [...head, ...(one.stops || []).map((ref) => this.ref(ref)), ...tail];
  }

  setStops(stops, kind = "") {
    this.say("");
    if (this.open.kind === "add") { this.write((one) => { one.stops = stops.map((stop) => this.written(stop)); }, kind); return; }
    const base = this.base(), n = base.length;
    const same = (a, b) => a && b && a.id && a.id === b.id;
    let head = 0, tail = 0;
    while (head < n && head < stops.length && same(base[head], stops[head])) { head++; }
    while (tail < n - head && tail < stops.length - head && same(base[n - 1 - tail], stops[stops.length - 1 - tail])) { tail++; }
    if (head === n && stops.length === n) { this.unbend(); return; }
    if (!head && !tail) { this.say(w("cannot_bend")); this.reload(); return; }
    const made = { type: "reroute", route: this.open.route };
    if (!this.open.both) { made.direction = this.open.direction; }
    if (head) { made.from_stop = base[head - 1].id; }
    if (tail) { made.to_stop = base[n - tail].id; }
    made.stops = stops.slice(head, stops.length - tail).map((stop) => this.written(stop));
    const index = this.open.index;
    if (index < 0) { this.open.index = this.book.scenario.modification.length; }
    this.book.edit((all) => {
      if (index < 0) { all.modification.push(made); }
      else { if (all.modification[index].enabled === false) { made.enabled = false; } all.modification[index] = made; }
    }, kind);
    this.reload(false);
  }

  unbend() {
    const index = this.open.index;
    this.open.index = -1;
    if (index >= 0) { this.book.edit((all) => all.modification.splice(index, 1)); }
    this.reload(false);
  }

  setBoth(both) {
    if (this.open.kind === "add") { this.write((one) => { one.both_ways = both; }); return; }
    this.open.both = both;
    this.write((one) => { if (both) { delete one.direction; } else { one.direction = this.open.direction; } });
  }

  setWay(follow) {
    const speed = Number($("line-speed").value);
    $("line-speed").hidden = $("line-speed-label").hidden = follow !== "straight";
    this.write((one) => { delete one.hop_s; if (follow === "straight" && speed > 0) { one.speed_kmh = speed; } else { delete one.speed_kmh; } });
  }

  /* ---- on the map ---- */
  clicked(event) {
    if (!this.open || this.open.kind === "rate") { return; }
    this.place(event.latlng, this.open.kind === "add" ? this.stops().length : null);
  }

  /** Put a stop at a position, into the line at a number, or where it lengthens the line least. */
  place(at, number = null) {
    const stops = this.stops(), near = this.view.nearStop(at, SNAP_M);
    const stop = near ? { id: near.id, name: near.name, lat: near.lat, lon: near.lon } : { id: "", name: this.freeName(stops), lat: at.lat, lon: at.lng };
    const where = number === null ? this.bestPlace(stops, stop) : number;
    if ((stops[where - 1] && stop.id && stops[where - 1].id === stop.id) || (stops[where] && stop.id && stops[where].id === stop.id)) { return; }
    stops.splice(where, 0, stop);
    this.setStops(stops);
    this.say(near ? w("snapped", { name: near.name, m: Math.round(near.m) }) : w("placed"));
  }

  freeName(stops) {
    const names = new Set([...stops.map((one) => one.name), ...this.study.stops.names]);
    let n = 1;
    while (names.has(w("stop_default", { n }))) { n++; }
    return w("stop_default", { n });
  }

  bestPlace(stops, stop) {
    const far = (a, b) => this.view.metres([a.lat, a.lon], [b.lat, b.lon]);
    if (stops.length < 2) { return stops.length; }
    let best = [Infinity, stops.length];
    for (let i = 1; i < stops.length; i++) { best = least(best, [far(stops[i - 1], stop) + far(stop, stops[i]) - far(stops[i - 1], stops[i]), i]); }
    best = least(best, [2 * far(stop, stops[0]), 0]);
    return least(best, [2 * far(stop, stops[stops.length - 1]), stops.length])[1];
  }

  moved(i, at) {
    const stops = this.stops(), near = this.view.nearStop(at, SNAP_M), old = stops[i];
    stops[i] = near ? { id: near.id, name: near.name, lat: near.lat, lon: near.lon } : { id: "", name: old.id ? this.freeName(stops) : old.name, lat: at.lat, lon: at.lng };
    if ((stops[i - 1] && near && stops[i - 1].id === near.id) || (stops[i + 1] && near && stops[i + 1].id === near.id)) { stops.splice(i, 1); }
    this.setStops(stops);
    this.say(near ? w("snapped", { name: near.name, m: Math.round(near.m) }) : w("placed"));
  }

  draw() {
    this.layer.clearLayers();
    const stops = this.stops().map((stop, i) => ({ ...stop, i })).filter((stop) => stop.lat !== null);
    if (!this.open || this.open.kind === "rate") { return; }
    const measured = this.measured.find((line) => line.id === this.open.route), direction = this.open.kind === "add" ? 0 : this.open.direction;
    const way = measured && measured.after.trips ? measured.directions.find((one) => one.direction === direction) || measured.directions[0] : this.open.kind === "bend" && this.open.index < 0 ? this.way(this.open.route, direction) : null;
    const straight = stops.map((stop) => [stop.lat, stop.lon]), course = way && way.stops.length === stops.length ? way.course : straight;
    L.polyline(course, { pane: "editing", color: "#fff", weight: 10, opacity: 0.95, interactive: false }).addTo(this.layer);
    L.polyline(course, { pane: "editing", color: "#00573f", weight: 5, className: "drawn-line" })
      .on("click", (event) => { L.DomEvent.stopPropagation(event); this.place(event.latlng); }).addTo(this.layer);
    stops.forEach((stop) => {
      const dot = h("span", { className: stop.id ? "dot" : "dot fresh" }, String(stop.i + 1));
      const marker = L.marker([stop.lat, stop.lon], { icon: L.divIcon({ className: "stop-pin", html: dot, iconSize: [22, 22] }), draggable: true, keyboard: false, title: stop.name, zIndexOffset: 500 });
      marker.on("dragend", () => this.moved(stop.i, marker.getLatLng()));
      marker.on("click", (event) => { L.DomEvent.stopPropagation(event); const row = $("stops").rows[stop.i]; if (row) { row.scrollIntoView({ block: "nearest" }); const field = row.querySelector("input,button"); if (field) { field.focus(); } } });
      marker.on("contextmenu", (event) => { L.DomEvent.preventDefault(event.originalEvent); this.drop(stop.i); });
      marker.addTo(this.layer);
    });
  }

  drop(i) { const stops = this.stops(); stops.splice(i, 1); this.setStops(stops); }

  /* ---- in the tables ---- */
  reload(fields = true) {
    if (!this.open) { return; }
    const one = this.now;
    if (this.open.index >= 0 && !(one && { add: "add_line", bend: "reroute", rate: "set_frequency" }[this.open.kind] === one.type && (one.route || one.id) === this.open.route)) {
      const at = this.book.scenario.modification.findIndex((other) => (other.route || other.id) === this.open.route && other.type === { add: "add_line", bend: "reroute", rate: "set_frequency" }[this.open.kind]);
      if (at >= 0) { this.open.index = at; } else if (this.open.kind === "bend") { this.open.index = -1; } else { this.close(); return; }
    }
    const { kind } = this.open, now = this.now, line = this.study.lines.find((other) => other.id === this.open.route);
    $("line-head").textContent = kind === "add" ? w("t_add_line", { name: now.name || now.id, stops: "" }).replace(/[：:]\s*$/, "") : line ? line.name : this.open.route;
    $("line-fields").hidden = $("line-way").hidden = kind !== "add";
    $("stops-part").hidden = kind === "rate"; $("bands-part").hidden = kind === "bend";
    $("line-both").parentNode.hidden = kind === "rate";
    $("line-both").checked = kind === "add" ? Boolean(now.both_ways) : Boolean(this.open.both);
    if (kind === "add") {
      if (fields) { $("line-name").value = now.name || ""; }
      const straight = now.speed_kmh !== undefined;
      $("line-follow").value = straight ? "straight" : "streets";
      $("line-speed").hidden = $("line-speed-label").hidden = !straight;
      if (straight) { $("line-speed").value = now.speed_kmh; }
    }
    if (kind !== "rate") { this.stopRows(); }
    if (kind !== "bend") { this.bandRows(); }
    this.draw(); this.figures();
  }

  stopRows() {
    const stops = this.stops(), focus = document.activeElement ? document.activeElement.dataset.focus : "";
    const field = (stop, i, key, label, parse) => h("input", { value: key === "name" ? stop.name : stop[key] === null ? "" : Number(stop[key]).toFixed(6).replace(/0+$/, ""), "aria-label": w(label, { n: i + 1 }), "data-focus": `${key}-${i}`, autocomplete: "off", inputMode: parse ? "decimal" : "text", maxLength: 80, readOnly: Boolean(stop.id),
      onchange: (event) => this.changeStop(i, key, event.target.value) });
    const button = (i, key, sign, act, disabled) => h("button", { type: "button", className: "quiet small", "aria-label": w(`stop_${key}`, { n: i + 1 }), "data-focus": `${key}-${i}`, disabled, onclick: act }, sign);
    fill($("stops"), ...stops.map((stop, i) => h("tr", {}, h("td", {}, h("span", { className: stop.id ? "dot" : "dot fresh", title: stop.id ? w("stop_known") : w("stop_new") }, String(i + 1))),
      h("td", {}, field(stop, i, "name", "stop_name", false)), h("td", {}, field(stop, i, "lon", "stop_lon", true)), h("td", {}, field(stop, i, "lat", "stop_lat", true)),
      h("td", { className: "acts" }, button(i, "up", "↑", () => this.swap(i, -1), i === 0), button(i, "down", "↓", () => this.swap(i, 1), i === stops.length - 1), button(i, "delete", "✕", () => this.drop(i), false)))));
    const again = focus ? document.querySelector(`#stops [data-focus="${focus}"]`) : null;
    if (again && !again.disabled) { again.focus(); }
    if (this.open.kind === "add" && stops.length < 2) { this.say(w("two_stops")); } else if (this.open.kind === "bend" && this.open.index < 0) { this.say(w("unbent")); }
  }

  changeStop(i, key, text) {
    const stops = this.stops(), stop = { ...stops[i] }, value = key === "name" ? text.trim() : Number(text);
    const good = key === "name" ? value : Number.isFinite(value) && text.trim() && Math.abs(value) <= (key === "lon" ? 180 : 90);
    if (good) { stop[key] = value; stops[i] = stop; this.setStops(stops); } else { this.reload(); }
  }

  swap(i, by) {
    const stops = this.stops();
    [stops[i], stops[i + by]] = [stops[i + by], stops[i]];
    this.setStops(stops);
    const moved = document.querySelector(`#stops [data-focus="${by < 0 ? "up" : "down"}-${i + by}"]`);
    if (moved && !moved.disabled) { moved.focus(); }
  }

  parsed(row) {
    const parts = row.trim().split(/\s*[\t,，;；]\s*|\s+(?=-?\d+\.\d+)/).filter(Boolean), [lon, lat] = [Number(parts[1]), Number(parts[2])];
    if (parts.length >= 3 && Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lon) <= 180 && Math.abs(lat) <= 90) { return { id: "", name: parts[0], lon, lat }; }
    const text = row.trim(), at = this.study.stops.ids.indexOf(text) >= 0 ? this.study.stops.ids.indexOf(text) : this.study.stops.names.indexOf(text);
    return at >= 0 ? this.known(at) : null;
  }

  addByName() {
    const stop = this.parsed($("add-stop-name").value);
    if (!stop) { this.say(w("paste_bad", { n: 1 })); return; }
    const stops = this.stops();
    stops.splice(this.open.kind === "add" ? stops.length : this.bestPlace(stops, stop), 0, stop);
    $("add-stop-name").value = "";
    this.setStops(stops);
  }

  paste() {
    const rows = $("paste").value.split(/\r?\n/).filter((row) => row.trim()), found = [];
    for (let i = 0; i < rows.length; i++) {
      const stop = this.parsed(rows[i]);
      if (stop) { found.push(stop); } else if (i) { this.say(w("paste_bad", { n: i + 1 })); return; } // a first row may be a heading
    }
    if (!found.length) { this.say(w("paste_bad", { n: 1 })); return; }
    $("paste").value = "";
    this.setStops([...this.stops(), ...found]);
    this.say(w("pasted", { n: found.length }));
  }

  bands() { return structuredClone((this.now && this.now.headways) || []); }
  nextBand() { const last = this.bands().pop(); return { days: last ? last.days : "daily", from: last ? last.to : "06:00", to: last && last.to < "22:00" ? "22:00" : "23:30", every_s: last ? last.every_s : 900 }; }
  setBands(bands) { this.write((one) => { one.headways = bands; }); }
  focusLast(id) { const row = $(id).rows[$(id).rows.length - 1]; if (row) { row.querySelector("select,input").focus(); } }

  bandRows() {
    const bands = this.bands(), focus = document.activeElement ? document.activeElement.dataset.focus : "";
    const change = (i, key, value) => { const all = this.bands(); all[i][key] = value; this.setBands(all); };
    const time = (band, i, key) => h("input", { value: band[key], "aria-label": w(`band_${key}`, { n: i + 1 }), "data-focus": `${key}-${i}`, size: 5, autocomplete: "off", onchange: (event) => { const found = CLOCK.exec(event.target.value.trim()); if (found) { change(i, key, `${found[1].padStart(2, "0")}:${found[2]}`); } else { event.target.value = band[key]; } } });
    fill($("bands"), ...bands.map((band, i) => h("tr", {},
      h("td", {}, (() => { const select = h("select", { "aria-label": w("band_days", { n: i + 1 }), "data-focus": `days-${i}`, onchange: (event) => change(i, "days", event.target.value) }, ...DAYS.map((day) => h("option", { value: day }, w(`days_${day}`)))); select.value = band.days || "daily"; return select; })()),
      h("td", {}, time(band, i, "from")), h("td", {}, time(band, i, "to")),
      h("td", {}, h("input", { value: String(band.every_s / 60), "aria-label": w("band_every", { n: i + 1 }), "data-focus": `every-${i}`, inputMode: "decimal", size: 4, autocomplete: "off", onchange: (event) => { const value = Math.round(Number(event.target.value) * 60); if (value > 0) { change(i, "every_s", value); } else { event.target.value = band.every_s / 60; } } })),
      h("td", {}, h("button", { type: "button", className: "quiet small", "aria-label": w("band_delete", { n: i + 1 }), disabled: bands.length < 2, onclick: () => { const all = this.bands(); all.splice(i, 1); this.setBands(all); } }, "✕")))));
    const again = focus ? document.querySelector(`#bands [data-focus="${focus}"]`) : null;
    if (again) { again.focus(); }
  }

  /* ---- what it would cost ---- */
  measuredLines(lines) { this.measured = lines; if (this.open) { this.draw(); this.figures(); } }

  figures() {
    const line = this.measured.find((one) => one.id === this.open.route);
    fill($("figures"), line ? costTable([line], false) : null);
  }

  say(text) { $("line-state").textContent = text; }
}

function least(a, b) { return b[0] < a[0] ? b : a; }

/** A table of what lines cost before and after. */
export function costTable(lines, named) {
  const show = (value) => (value === undefined || value === null ? "–" : String(value));
  const rows = lines.flatMap((line) => COSTS.map((key, i) => h("tr", {},
    named && i === 0 ? h("th", { scope: "rowgroup", rowSpan: COSTS.length }, line.name) : null,
    h("th", { scope: "row" }, w(key)), h("td", { className: "n" }, show(line.before && line.before.trips ? line.before[key] : null)), h("td", { className: "n", "data-cost": key }, show(line.after.trips ? line.after[key] : null)))));
  const head = h("tr", {}, ...(named ? [h("th", { scope: "col" }, "")] : []), h("th", { scope: "col" }, ""), h("th", { scope: "col", className: "n" }, w("before")), h("th", { scope: "col", className: "n" }, w("after")));
  const straight = lines.some((line) => line.after.straight || (line.before && line.before.straight));
  const box = h("div", {}, h("table", { className: "mini" }, h("thead", {}, head), h("tbody", {}, ...rows)));
  if (straight) { box.append(h("p", { className: "soft" }, w("straight"))); }
  return box;
}
