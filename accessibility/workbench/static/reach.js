/* From one place: a marker that is dragged or typed, and what is reached from it before and after. */
import { $, h, settled, w } from "./dom.js";
import { stopped } from "./runner.js";

const REACH_AFTER_MS = 60;

export class Reach {
  /** `ask` gives the scenario and the settings of a question, `paint` colours the map anew. */
  constructor(map, at, runner, { ask, paint }) {
    this.map = map; this.runner = runner; this.ask = ask; this.paint = paint; this.times = null; this.known = "";
    this.soon = settled(REACH_AFTER_MS, () => this.compute());
    const icon = L.divIcon({ className: "origin-pin", html: h("span", {}, "★"), iconSize: [28, 28] });
    this.marker = L.marker(at, { draggable: true, keyboard: false, icon, zIndexOffset: 800 }).on("dragend", () => { this.written(); this.soon(); });
    $("reach-on").addEventListener("change", (event) => this.show(event.target.checked));
    $("cutoff").addEventListener("input", () => { this.cutoffText(); this.paint(); });
    for (const id of ["origin-lon", "origin-lat"]) { $(id).addEventListener("change", () => this.typed()); }
    this.written(); this.cutoffText();
  }

  get on() { return $("reach-on").checked && this.times !== null; }
  get limit() { return Number($("cutoff").value) * 10; }
  cutoffText() { $("cutoff-value").textContent = w("minutes", { n: $("cutoff").value }); }

  show(on) {
    $("reach-body").hidden = !on;
    if (on) { this.marker.addTo(this.map); this.soon(); } else { this.marker.remove(); this.runner.stop("reach"); }
    this.paint();
  }

  written() {
    const at = this.marker.getLatLng();
    $("origin-lon").value = at.lng.toFixed(5); $("origin-lat").value = at.lat.toFixed(5);
  }

  typed() {
    const [lon, lat] = [$("origin-lon"), $("origin-lat")].map((field) => (field.value.trim() ? Number(field.value) : NaN));
    if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) { this.marker.setLatLng([lat, lon]); this.soon(); } else { this.written(); }
  }

  async compute() {
    const question = this.ask();
    if (!$("reach-on").checked || !question) { return; }
    const at = this.marker.getLatLng(), key = JSON.stringify([question, at]);
    if (key === this.known) { return; }
    $("reach-state").textContent = w("queued");
    try {
      this.times = await this.runner.run("reach", { kind: "reach", ...question, lon: at.lng, lat: at.lat }, (state) => {
        if (state.stage) { $("reach-state").textContent = w("computing", { stage: state.stage }); }
      });
      this.known = key;
      $("reach-state").textContent = w("up_to_date");
      document.body.dataset.reached = String(Number(document.body.dataset.reached || 0) + 1);
      this.paint();
    } catch (error) { if (!stopped(error)) { $("reach-state").textContent = error.message; } }
  }
}
