/* The open line on the map: its course, stops and control points, all of which can be dragged. */
import { $, h } from "./dom.js";

export class Pins {
  constructor(editor, map) {
    this.editor = editor;
    this.lines = L.layerGroup().addTo(map);
    this.layer = L.layerGroup().addTo(map);
  }

  clear() { this.lines.clearLayers(); this.layer.clearLayers(); }

  draw(course, way) {
    this.follow(course, way);
    this.layer.clearLayers();
    let number = 0;
    course.forEach((one, i) => {
      const shown = one.pass ? 0 : ++number;
      if (one.lat !== null) { this.pin(one, i, shown); }
    });
  }

  /** Draw the line along its way; the pins stay, so that one that is being dragged is not lost. */
  follow(course, way) {
    this.lines.clearLayers();
    const straight = course.filter((one) => one.lat !== null).map((one) => [one.lat, one.lon]);
    const line = way.length > 1 ? way : straight;
    L.polyline(line, { pane: "editing", color: "#fff", weight: 10, opacity: 0.95, interactive: false }).addTo(this.lines);
    L.polyline(line, { pane: "editing", color: "#00573f", weight: 5, className: "drawn-line" })
      .on("click", (event) => { L.DomEvent.stopPropagation(event); this.editor.place(event.latlng); }).addTo(this.lines);
  }

  pin(one, i, number) {
    const dot = h("span", { className: one.pass ? "dot point" : one.id ? "dot" : "dot fresh" }, one.pass ? "" : String(number));
    const size = one.pass ? [16, 16] : [22, 22];
    const icon = L.divIcon({ className: one.pass ? "stop-pin point-pin" : "stop-pin", html: dot, iconSize: size });
    L.marker([one.lat, one.lon], { icon, draggable: true, keyboard: false, title: one.name || "", zIndexOffset: one.pass ? 480 : 500 })
      .on("dragend", (event) => this.editor.moved(i, event.target.getLatLng()))
      .on("click", (event) => { L.DomEvent.stopPropagation(event); this.showRow(i); })
      .on("contextmenu", (event) => { L.DomEvent.preventDefault(event.originalEvent); this.editor.drop(i); })
      .addTo(this.layer);
  }

  showRow(i) {
    const row = $("stops").rows[i];
    if (!row) { return; }
    row.scrollIntoView({ block: "nearest" });
    const field = row.querySelector("input,button");
    if (field) { field.focus(); }
  }
}
