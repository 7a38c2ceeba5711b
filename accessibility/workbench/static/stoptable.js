/* The stops and control points of the open line as a table: everything that the mouse can do, by keyboard. */
import { bestPlace } from "./course.js";
import { $, fill, h, w } from "./dom.js";

const APART = /\s*[\t,，;；]\s*|\s+(?=-?\d+\.\d+)/;

export class StopTable {
  constructor(editor) {
    this.editor = editor;
    $("add-stop").addEventListener("submit", (event) => { event.preventDefault(); this.add(); });
    $("paste-take").addEventListener("click", () => this.paste());
    fill($("known-stops"), ...[...new Set(editor.courses.study.stops.names)].map((name) => h("option", { value: name })));
  }

  show() {
    const course = this.editor.course(), focus = document.activeElement ? document.activeElement.dataset.focus : "";
    let number = 0;
    fill($("stops"), ...course.map((one, i) => this.row(one, i, course.length, one.pass ? 0 : ++number)));
    const again = focus ? document.querySelector(`#stops [data-focus="${focus}"]`) : null;
    if (again && !again.disabled) { again.focus(); }
  }

  row(one, i, n, number) {
    const what = one.pass ? w("point") : one.id ? w("stop_known") : w("stop_new");
    const dot = h("span", { className: one.pass ? "dot point" : one.id ? "dot" : "dot fresh", title: what }, one.pass ? "" : String(number));
    const place = [h("td", {}, this.field(one, i, "lon")), h("td", {}, this.field(one, i, "lat"))];
    const name = one.pass ? h("span", { className: "soft" }, w("point")) : this.field(one, i, "name");
    return h("tr", {},
      h("td", {}, dot, h("span", { className: "hidden" }, what)),
      ...(one.id ? [h("td", { colSpan: 3, className: "known" }, name)] : [h("td", {}, name), ...place]),
      h("td", { className: "acts" },
        this.button(i, "up", "↑", () => this.swap(i, -1), i === 0),
        this.button(i, "down", "↓", () => this.swap(i, 1), i === n - 1),
        one.id ? null : this.button(i, one.pass ? "halt" : "pass", one.pass ? "■" : "◆", () => this.toggle(i), !one.pass && (i === 0 || i === n - 1)),
        this.button(i, "delete", "✕", () => this.editor.drop(i), false)));
  }

  field(one, i, key) {
    const value = key === "name" ? one.name : one[key] === null ? "" : Number(one[key]).toFixed(6).replace(/0+$/, "");
    return h("input", {
      value, "aria-label": w(`stop_${key}`, { n: i + 1 }), "data-focus": `${key}-${i}`, autocomplete: "off",
      inputMode: key === "name" ? "text" : "decimal", maxLength: 80, readOnly: Boolean(one.id),
      onchange: (event) => this.change(i, key, event.target.value),
    });
  }

  button(i, key, sign, act, disabled) {
    const label = w(`stop_${key}`, { n: i + 1 });
    return h("button", { type: "button", className: "quiet small", "aria-label": label, title: label, "data-focus": `${key}-${i}`, disabled, onclick: act }, sign);
  }

  change(i, key, text) {
    const course = this.editor.course(), value = key === "name" ? text.trim() : Number(text);
    const good = key === "name" ? value : text.trim() && Math.abs(value) <= (key === "lon" ? 180 : 90);
    if (good) { course[i] = { ...course[i], [key]: value }; this.editor.setCourse(course); } else { this.editor.reload(); }
  }

  swap(i, by) {
    const course = this.editor.course();
    [course[i], course[i + by]] = [course[i + by], course[i]];
    this.editor.setCourse(course);
    const moved = document.querySelector(`#stops [data-focus="${by < 0 ? "up" : "down"}-${i + by}"]`);
    if (moved && !moved.disabled) { moved.focus(); }
  }

  /** Let the line stop at a control point, or pass a new stop. */
  toggle(i) {
    const course = this.editor.course(), { lat, lon, pass } = course[i];
    course[i] = pass ? { id: "", name: this.editor.freeName(course), lat, lon } : { pass: true, lat, lon };
    this.editor.setCourse(course);
    const other = document.querySelector(`#stops [data-focus="${pass ? "pass" : "halt"}-${i}"]`);
    if (other && !other.disabled) { other.focus(); }
  }

  /** Read a row: "name, lon, lat", "lon, lat" of a control point, or the name or id of a known stop. */
  parsed(row, pass = false) {
    const parts = row.trim().split(APART).filter(Boolean), numbers = parts.map(Number);
    const [lon, lat] = numbers.slice(pass && parts.length === 2 ? 0 : 1);
    const placed = Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
    if (placed) { return pass ? { pass: true, lon, lat } : { id: "", name: parts[0], lon, lat }; }
    return pass ? null : this.editor.courses.named(row.trim());
  }

  add() {
    const pass = this.editor.passing, one = this.parsed($("add-stop-name").value, pass);
    if (!one) { this.editor.say(w(pass ? "point_bad" : "paste_bad", { n: 1 })); return; }
    const course = this.editor.course(), last = this.editor.open.kind === "add" && !pass;
    course.splice(last ? course.length : bestPlace(course, one, this.editor.metres), 0, one);
    $("add-stop-name").value = "";
    this.editor.setCourse(course);
  }

  paste() {
    const rows = $("paste").value.split(/\r?\n/).filter((row) => row.trim()), found = [];
    for (let i = 0; i < rows.length; i++) {
      const stop = this.parsed(rows[i]);
      if (stop) { found.push(stop); } else if (i) { this.editor.say(w("paste_bad", { n: i + 1 })); return; } // a first row may be a heading
    }
    if (!found.length) { this.editor.say(w("paste_bad", { n: 1 })); return; }
    $("paste").value = "";
    this.editor.setCourse([...this.editor.course(), ...found]);
    this.editor.say(w("pasted", { n: found.length }));
  }
}
