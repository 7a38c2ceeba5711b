/* The line on the desk: which modification is open, what it means, and how edits of it are written. */
import { job } from "./api.js";
import { Bands } from "./bands.js";
import { costTable } from "./costs.js";
import { Courses, bestPlace, trimmed, written } from "./course.js";
import { $, clock, fill, settled, w } from "./dom.js";
import { Pins } from "./pins.js";
import { Running } from "./running.js";
import { StopTable } from "./stoptable.js";

const SNAP_M = 30, FAR_M = 150, RIDE_AFTER_MS = 30;
const TYPES = { add: "add_line", bend: "reroute", rate: "set_frequency", timetable: "set_timetable" };
const KINDS = Object.fromEntries(Object.entries(TYPES).map(([kind, type]) => [type, kind]));

export class Editor {
  constructor(book, view, study) {
    this.book = book; this.view = view; this.open = null; this.measured = [];
    this.courses = new Courses(study);
    this.metres = (a, b) => view.metres(a, b);
    this.pins = new Pins(this, view.map); this.table = new StopTable(this); this.bands = new Bands(this); this.running = new Running(this);
    this.rideSoon = settled(RIDE_AFTER_MS, () => this.ride());
    view.map.on("click", (event) => this.clicked(event));
    book.addEventListener("change", (event) => { if (event.detail.origin !== "edit") { this.reload(); } });
    book.addEventListener("open", () => this.close());
    $("line-name").addEventListener("input", (event) => {
      const name = event.target.value;
      if (name.trim()) { this.write((one) => { one.name = name; }, "line-name"); }
    });
    $("line-both").addEventListener("change", (event) => this.setBoth(event.target.checked));
    $("line-done").addEventListener("click", () => this.close());
  }

  /* ---- opening ---- */
  addLine() {
    const { modification } = this.book.scenario;
    const ids = new Set([...this.courses.study.lines.map((line) => line.id), ...modification.map((one) => one.id)]);
    let n = 1;
    while (ids.has(`new-${n}`)) { n++; }
    const headways = [{ days: "daily", from: "06:00", to: "22:00", every_s: 900 }];
    const line = { type: "add_line", id: `new-${n}`, name: w("new_line", { n }), mode: "bus", both_ways: true, stops: [], headways };
    this.book.edit((all) => all.modification.push(line));
    this.edit(this.book.scenario.modification.length - 1);
    $("line-name").focus(); $("line-name").select();
  }

  find(type, route) { return this.book.scenario.modification.findIndex((one) => one.type === type && (one.route || one.id) === route); }

  bend(route, direction) {
    const index = this.find("reroute", route);
    if (index >= 0) { this.edit(index); return; }
    this.start({ kind: "bend", route, direction, index: -1, both: this.courses.returns(route, direction) });
  }

  rate(route, direction) {
    if (this.find("set_frequency", route) < 0) {
      const bands = (this.courses.way(route, direction).bands || []).filter((band) => band.every_s);
      const headways = bands.map((band) => ({ days: "daily", from: clock(band.from_s), to: clock(band.to_s), every_s: band.every_s }));
      if (!headways.length) { headways.push({ days: "daily", from: "06:00", to: "22:00", every_s: 900 }); }
      this.book.edit((all) => all.modification.push({ type: "set_frequency", route, headways }));
    }
    this.edit(this.find("set_frequency", route));
  }

  static canEdit(one) { return one.type in KINDS; }

  edit(index) {
    const one = this.book.scenario.modification[index], kind = KINDS[one.type];
    const open = { kind, index, route: one.route || one.id };
    if (kind === "bend") { Object.assign(open, { direction: this.courses.directionOf(one), both: one.direction === undefined }); }
    this.start(open);
  }

  start(open) {
    this.open = open; this.way = [];
    this.say("");
    $("line-none").hidden = true; $("line-body").hidden = false;
    $("hint").hidden = !this.hasStops; $("hint").textContent = w("hint_edit");
    this.reload();
    const at = this.course().filter((one) => one.lat !== null).map((one) => [one.lat, one.lon]);
    if (open.kind === "bend" && at.length) { this.view.map.fitBounds(L.latLngBounds(at).pad(0.15), { maxZoom: 15 }); }
    this.onopen();
  }

  close() {
    if (!this.open) { return; }
    this.open = null; this.pins.clear();
    $("line-none").hidden = false; $("line-body").hidden = true; $("hint").hidden = true;
    this.onclose();
  }

  /** A modification is about to be taken away. */
  closing(index) {
    if (!this.open) { return; }
    if (this.open.index === index) { this.close(); } else if (this.open.index > index) { this.open.index--; }
  }

  get now() { return this.open && this.open.index >= 0 ? this.book.scenario.modification[this.open.index] : null; }
  get hasStops() { return Boolean(this.open) && (this.open.kind === "add" || this.open.kind === "bend"); }
  /** Whether what is added is a control point. */
  get passing() { return $("adding").value === "point"; }

  write(change, kind = "") {
    const { index } = this.open;
    if (index >= 0) { this.book.edit((all) => change(all.modification[index]), kind); this.reload(false); }
  }

  /* ---- the course ---- */
  course() {
    const { now } = this;
    if (!this.hasStops) { return []; }
    if (this.open.kind === "add") { return now ? now.stops.map((ref) => this.courses.read(ref)) : []; }
    return now ? this.courses.bent(now, this.open.direction) : this.courses.base(this.open.route, this.open.direction);
  }

  setCourse(course, kind = "") {
    this.say("");
    const kept = trimmed(course);
    if (this.open.kind === "add") { this.write((one) => { one.stops = kept.map(written); this.running.fit(one); }, kind); return; }
    const { route, direction, both, index } = this.open, made = this.courses.rerouted(route, direction, both, kept);
    if (made === null) { this.unbend(); return; }
    if (made === undefined) { this.say(w("cannot_bend")); this.reload(); return; }
    if (index < 0) { this.open.index = this.book.scenario.modification.length; }
    this.book.edit((all) => {
      if (index < 0) { all.modification.push(made); return; }
      if (all.modification[index].enabled === false) { made.enabled = false; }
      all.modification[index] = made;
    }, kind);
    this.reload(false);
  }

  unbend() {
    const { index } = this.open;
    this.open.index = -1;
    if (index >= 0) { this.book.edit((all) => all.modification.splice(index, 1)); }
    this.reload(false);
  }

  setBoth(both) {
    if (this.open.kind === "add") { this.write((one) => { one.both_ways = both; }); return; }
    this.open.both = both;
    this.write((one) => { if (both) { delete one.direction; } else { one.direction = this.open.direction; } });
  }

  drop(i) { const course = this.course(); course.splice(i, 1); this.setCourse(course); }

  clicked(event) {
    if (!this.hasStops) { return; }
    this.place(event.latlng, this.open.kind === "add" && !this.passing ? this.course().length : null);
  }

  /** Put a stop or a control point at a position: at a number of the course, or where it lengthens it least. */
  place(at, number = null) {
    const course = this.course(), [one, told] = this.taken(at, this.passing, this.freeName(course));
    const where = number === null ? bestPlace(course, one, this.metres) : number;
    if ([course[where - 1], course[where]].some((other) => other && one.id && other.id === one.id)) { return; }
    course.splice(where, 0, one);
    this.setCourse(course);
    this.say(told);
  }

  moved(i, at) {
    const course = this.course(), old = course[i];
    const [one, told] = this.taken(at, Boolean(old.pass), old.id ? this.freeName(course) : old.name);
    course[i] = one;
    if ([course[i - 1], course[i + 1]].some((other) => other && one.id && other.id === one.id)) { course.splice(i, 1); }
    this.setCourse(course);
    this.say(told);
  }

  /** Take a position as a control point, as the existing stop near it, or as a new stop. */
  taken(at, pass, name) {
    if (pass) { return [{ pass: true, lat: at.lat, lon: at.lng }, w("point_placed")]; }
    const near = this.view.nearStop(at, SNAP_M);
    if (near) { return [{ id: near.id, name: near.name, lat: near.lat, lon: near.lon }, w("snapped", { name: near.name, m: Math.round(near.m) })]; }
    return [{ id: "", name, lat: at.lat, lon: at.lng }, w("placed")];
  }

  freeName(course) {
    const names = new Set([...course.map((one) => one.name), ...this.courses.study.stops.names]);
    let n = 1;
    while (names.has(w("stop_default", { n }))) { n++; }
    return w("stop_default", { n });
  }

  /* ---- showing ---- */
  reload(fields = true) {
    if (!this.open || !this.found()) { return; }
    const { kind, route } = this.open, { now } = this, line = this.courses.line(route);
    $("line-head").textContent = kind === "add" ? w("line_head_new", { name: now.name || now.id }) : line ? line.name : route;
    $("line-fields").hidden = $("line-way").hidden = kind !== "add";
    $("stops-part").hidden = !this.hasStops; $("bands-part").hidden = kind === "bend";
    $("line-both").parentNode.hidden = !this.hasStops;
    $("line-both").checked = kind === "add" ? Boolean(now.both_ways) : Boolean(this.open.both);
    if (kind === "add") {
      if (fields) { $("line-name").value = now.name || ""; }
      this.running.show(now);
    }
    if (this.hasStops) { this.table.show(); this.advise(); this.pins.draw(this.course(), this.way); this.rideSoon(); }
    if (kind !== "bend") { this.bands.show(kind); }
    this.figures();
  }

  /** Find the open modification again after undo or a change elsewhere; false where it is gone. */
  found() {
    const { kind, route, index } = this.open, { now } = this;
    if (index < 0 || (now && now.type === TYPES[kind] && (now.route || now.id) === route)) { return true; }
    this.open.index = this.find(TYPES[kind], route);
    if (this.open.index >= 0 || kind === "bend") { return true; }
    this.close();
    return false;
  }

  advise() {
    const calls = this.course().filter((one) => !one.pass).length;
    if (this.open.kind === "add" && calls < 2) { this.say(w("two_stops")); }
    else if (this.open.kind === "bend" && this.open.index < 0) { this.say(w("unbent")); }
  }

  /** Ask how a bus gets along the course over the streets; until then, and without streets, it is straight. */
  async ride() {
    if (!this.hasStops) { return; }
    const { now } = this, course = this.course().filter((one) => one.lat !== null), { open } = this;
    const positions = course.map((one) => [one.lon, one.lat]), key = JSON.stringify(positions);
    const line = this.courses.line(open.route), bus = line ? line.type === 3 : !now || !now.mode || now.mode === "bus";
    if (positions.length < 2 || positions.length > 200 || !bus || (now && now.speed_kmh !== undefined)) { this.way = []; this.pins.follow(this.course(), this.way); return; }
    let hops;
    try { hops = (await job({ kind: "ride", positions })).hops; } catch { return; } // it stays as drawn; the computation tells what is wrong
    const still = this.open === open && JSON.stringify(this.course().filter((one) => one.lat !== null).map((one) => [one.lon, one.lat])) === key;
    if (!still) { return; }
    this.way = hops.flatMap((hop, i) => alongStreets(hop.course, course[i], course[i + 1]));
    this.pins.follow(this.course(), this.way);
    this.warnFar(hops, course);
  }

  /** Say which new stop or control point lies far from every street that a bus may use. */
  warnFar(hops, course) {
    course.forEach((one, i) => {
      const hop = hops[Math.max(0, i - 1)].course, street = i ? hop[hop.length - 2] : hop[1];
      const m = street && !one.id ? Math.round(this.metres([one.lat, one.lon], street)) : 0;
      if (m > FAR_M) { this.say(w("far", { name: one.pass ? w("point") : one.name, m })); }
    });
  }

  measuredLines(lines) { this.measured = lines; if (this.open) { this.figures(); } }

  figures() {
    const line = this.measured.find((one) => one.id === this.open.route);
    fill($("figures"), line ? costTable([line], false) : null);
  }

  say(text) { $("line-state").textContent = text; }
}

/** Draw a hop along its streets; at control points, which nobody walks to, it stays on the street. */
function alongStreets(way, from, to) {
  if (way.length < 3) { return [[from.lat, from.lon], [to.lat, to.lon]]; }
  return way.slice(from.pass ? 1 : 0, to.pass ? -1 : undefined);
}
