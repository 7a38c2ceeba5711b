/* The map: streets, lines, stops, places, and the squares with their colours and signs. */
import { named, w } from "./dom.js";

const METRO = ["#7b1f3a", "#4a5d23", "#8a4b9c", "#9a6b00", "#2b5f8a", "#5c5346"];

export class MapView {
  constructor(study) {
    this.study = study;
    this.map = L.map("map", { zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 90, maxZoom: 18, minZoom: 9 });
    const [west, south, east, north] = study.area;
    this.map.fitBounds([[south, west], [north, east]]);
    this.map.attributionControl.setPrefix("Leaflet").addAttribution(w("licence"));
    L.control.zoom({ position: "topleft", zoomInTitle: w("zoom_in"), zoomOutTitle: w("zoom_out") }).addTo(this.map);
    L.control.scale({ position: "bottomright", imperial: false, maxWidth: 120 }).addTo(this.map);
    const box = this.map.getContainer();
    box.setAttribute("role", "application"); box.setAttribute("aria-label", w("map"));
    for (const [name, z] of [["cells", 215], ["lines", 420], ["changed", 430], ["editing", 450]]) { this.map.createPane(name).style.zIndex = z; }
    this.map.getPane("cells").style.pointerEvents = "none";
    Atlas.drawStreets(this.map, study.base, false);
    this.names = new Atlas.Names(this.map, study.base.labels);
    this.cells = new Cells(study.grid).addTo(this.map);
    this.canvas = L.canvas({ pane: "lines", padding: 0.3 });
    this.drawLines();
    this.stops = L.layerGroup(); this.targets = L.layerGroup().addTo(this.map); this.changed = L.layerGroup().addTo(this.map);
    this.setStops(study.stops);
    this.map.on("zoomend", () => this.showStops());
    this.names.draw();
    box.dataset.ready = "yes";
  }

  drawLines() {
    let metro = 0;
    const ordered = this.study.lines.slice().sort((a, b) => (b.type === 3) - (a.type === 3));
    for (const line of ordered.reverse()) {
      const rail = line.type !== 3, colour = rail ? METRO[metro++ % METRO.length] : "#2f7d72";
      line.directions.slice(0, 1).forEach((way) => {
        const look = { renderer: this.canvas, pane: "lines", color: colour, weight: rail ? 4 : 1.8, opacity: rail ? 0.9 : 0.55 };
        L.polyline(way.course, look).bindTooltip(() => document.createTextNode(line.name), { sticky: true }).addTo(this.map);
      });
    }
  }

  setStops(stops) {
    this.stopData = stops;
    this.stops.clearLayers();
    stops.ids.forEach((id, i) => {
      if (stops.lat[i] === null) { return; }
      L.circleMarker([stops.lat[i], stops.lon[i]], { renderer: this.canvas, pane: "lines", radius: 3, weight: 1.4, color: "#1d4f49", fillColor: "#fff", fillOpacity: 1 })
        .bindTooltip(() => document.createTextNode(stops.names[i])).addTo(this.stops);
    });
    this.showStops();
  }

  showStops() {
    const wanted = this.map.getZoom() >= 13;
    if (wanted !== this.map.hasLayer(this.stops)) { if (wanted) { this.stops.addTo(this.map); } else { this.stops.remove(); } }
  }

  /** Mark the destinations of the set that is looked at. */
  showTargets(ids) {
    const wanted = new Set(ids);
    this.targets.clearLayers();
    this.names.places = [];
    for (const [id, name, , lat, lon] of this.study.places) {
      if (!wanted.has(id)) { continue; }
      const marker = L.circleMarker([lat, lon], { radius: 6, weight: 2.5, color: "#1d2733", fillColor: "#ffd84d", fillOpacity: 1, pane: "lines", renderer: this.canvas })
        .bindTooltip(() => document.createTextNode(named(name))).addTo(this.targets);
      this.names.places.push({ text: named(name), at: [lat, lon], rank: 5, from: 11.5, layer: marker });
    }
    this.names.draw();
  }

  /** Draw the lines that a scenario changes, the former course dashed. */
  showChanged(lines, openId) {
    this.changed.clearLayers();
    for (const line of lines) {
      L.polyline(line.former, { pane: "changed", color: "#7f3b08", weight: 2.5, dashArray: "3 6", interactive: false }).addTo(this.changed);
      if (!line.after || line.id === openId) { continue; }
      line.directions.slice(0, 1).forEach((way) => {
        L.polyline(way.course, { pane: "changed", color: "#fff", weight: 8, opacity: 0.9, interactive: false }).addTo(this.changed);
        L.polyline(way.course, { pane: "changed", color: "#00573f", weight: 4 }).bindTooltip(() => document.createTextNode(line.name), { sticky: true }).addTo(this.changed);
      });
    }
  }

  metres(a, b) { return this.map.distance(a, b); }

  /** Find the existing stop within some metres of a position. */
  nearStop(at, within) {
    const { ids, names, lat, lon } = this.study.stops;
    let best = null;
    for (let i = 0; i < ids.length; i++) {
      if (lat[i] === null || Math.abs(lat[i] - at.lat) > 0.002 || Math.abs(lon[i] - at.lng) > 0.002) { continue; }
      const m = this.metres(at, [lat[i], lon[i]]);
      if (m <= within && (!best || m < best.m)) { best = { id: ids[i], name: names[i], lat: lat[i], lon: lon[i], m }; }
    }
    return best;
  }
}

const Cells = L.Layer.extend({
  initialize(grid) { this.grid = grid; this.look = null; this.marked = -1; },
  onAdd(map) {
    this.canvas = L.DomUtil.create("canvas", "cells", map.getPane("cells"));
    map.on("moveend zoomend viewreset resize", this.draw, this);
    this.draw();
  },
  set(look) { this.look = look; this.draw(); },
  mark(cell) { this.marked = cell; this.draw(); },
  corner(i) { return [this.grid.lat[i], this.grid.lon[i]]; },
  corners(cell) {
    const n = this.grid.n_columns, row = Math.floor(cell / n), at = row * (n + 1) + (cell % n);
    return [at, at + 1, at + n + 2, at + n + 1];
  },
  centre(cell) {
    const [a, , c] = this.corners(cell), p = this.corner(a), q = this.corner(c);
    return L.latLng((p[0] + q[0]) / 2, (p[1] + q[1]) / 2);
  },
  /** Find the square that holds a position, -1 outside. */
  at(position) {
    const n = this.grid.n_columns * this.grid.n_rows;
    for (let cell = 0; cell < n; cell++) {
      const ring = this.corners(cell).map((i) => this.corner(i));
      let inside = true;
      for (let k = 0; k < 4 && inside; k++) {
        const [y0, x0] = ring[k], [y1, x1] = ring[(k + 1) % 4];
        inside = (x1 - x0) * (position.lat - y0) - (y1 - y0) * (position.lng - x0) >= 0;
      }
      if (inside) { return cell; }
    }
    return -1;
  },
  draw() {
    const map = this._map;
    if (!map) { return; }
    const size = map.getSize(), ratio = window.devicePixelRatio || 1, canvas = this.canvas;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    canvas.width = size.x * ratio; canvas.height = size.y * ratio;
    canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    const points = this.grid.lat.map((lat, i) => map.latLngToContainerPoint([lat, this.grid.lon[i]]));
    const cells = this.grid.n_columns * this.grid.n_rows, hatch = this.look ? this.hatch(pen) : null;
    for (let cell = 0; cell < cells; cell++) {
      const look = this.look ? this.look(cell) : null;
      if (!look && cell !== this.marked) { continue; }
      const ring = this.corners(cell).map((i) => points[i]);
      pen.beginPath();
      ring.forEach((p, k) => (k ? pen.lineTo(p.x, p.y) : pen.moveTo(p.x, p.y)));
      pen.closePath();
      if (look && (look.colour || look.hatch)) { pen.globalAlpha = look.hatch ? 0.55 : 0.82; pen.fillStyle = look.hatch ? hatch : look.colour; pen.fill(); pen.globalAlpha = 1; }
      const wide = ring[1].x - ring[0].x;
      if (look && look.sign && wide > 11) {
        pen.fillStyle = look.ink; pen.font = `700 ${Math.min(18, wide * 0.6)}px sans-serif`; pen.textAlign = "center"; pen.textBaseline = "middle";
        pen.fillText(look.sign, (ring[0].x + ring[2].x) / 2, (ring[0].y + ring[2].y) / 2);
      }
      if (cell === this.marked) { pen.lineWidth = 3; pen.strokeStyle = "#d4580a"; pen.stroke(); }
    }
  },
  hatch(pen) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const one = tile.getContext("2d");
    one.fillStyle = "#fff"; one.fillRect(0, 0, 8, 8);
    one.strokeStyle = "#7b828c"; one.lineWidth = 1; one.beginPath();
    one.moveTo(-2, 10); one.lineTo(10, -2); one.moveTo(-2, 2); one.lineTo(2, -2); one.moveTo(6, 10); one.lineTo(10, 6); one.stroke();
    return pen.createPattern(tile, "repeat");
  },
});
