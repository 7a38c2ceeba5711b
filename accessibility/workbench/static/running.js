/* How a new line runs: over the streets, at a speed, or in a stated time; and how long it stands at stops. */
import { $, w } from "./dom.js";

export class Running {
  constructor(editor) {
    this.editor = editor;
    for (const id of ["line-follow", "line-speed", "line-run", "line-dwell"]) { $(id).addEventListener("change", () => this.typed()); }
  }

  show(line) {
    const way = line.hop_s ? "time" : line.speed_kmh !== undefined ? "straight" : "streets";
    $("line-follow").value = way;
    for (const [name, wanted] of [["speed", "straight"], ["run", "time"]]) {
      $(`line-${name}`).hidden = $(`line-${name}-label`).hidden = way !== wanted;
    }
    if (way === "straight") { $("line-speed").value = line.speed_kmh; }
    if (way === "time") { $("line-run").value = String(Math.round(sum(line.hop_s) / 6) / 10); }
    $("line-dwell").value = line.dwell_s && line.dwell_s.length > 2 ? String(line.dwell_s[1]) : "";
  }

  typed() {
    const way = $("line-follow").value, speed = Number($("line-speed").value), minutes = Number($("line-run").value);
    const dwell = $("line-dwell").value.trim(), dwell_s = Math.round(Number(dwell));
    if (dwell && !(dwell_s >= 0 && dwell_s <= 3600)) { this.editor.say(w("dwell_bad")); return; }
    this.editor.write((line) => {
      delete line.hop_s; delete line.speed_kmh; delete line.dwell_s;
      if (way === "straight") { line.speed_kmh = speed > 0 ? speed : 20; }
      if (way === "time") { line.hop_s = [Math.round(60 * (minutes > 0 ? minutes : 20))]; }
      if (dwell) { line.dwell_s = [0, dwell_s, 0]; }
      this.fit(line);
    });
    this.show(this.editor.now);
  }

  /** Share a stated running time out by straight distance, and dwells among the stops, as the stops now are. */
  fit(line) {
    const course = line.stops.map((ref) => this.editor.courses.read(ref)), calls = course.filter((one) => !one.pass).length;
    if (line.dwell_s) {
      const middle = line.dwell_s.length > 2 ? line.dwell_s[1] : 0;
      line.dwell_s = Array.from({ length: calls }, (_, i) => (i === 0 || i === calls - 1 ? 0 : middle));
    }
    if (line.hop_s && calls > 1) {
      const hops = [];
      course.forEach((one, i) => {
        if (i === 0) { return; }
        const last = course[i - 1], known = one.lat !== null && last.lat !== null;
        const metres = known ? this.editor.metres([last.lat, last.lon], [one.lat, one.lon]) : 500;
        if (last.pass) { hops[hops.length - 1] += metres; } else { hops.push(metres); }
      });
      const total = sum(line.hop_s), metres = sum(hops) || 1;
      const ends = hops.map((_, i) => Math.round((total * sum(hops.slice(0, i + 1))) / metres));
      line.hop_s = ends.map((end, i) => end - (ends[i - 1] || 0));
    }
  }
}

function sum(values) { return values.reduce((total, value) => total + value, 0); }
