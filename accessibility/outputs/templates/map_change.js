/* Before and after: the difference on one map, or both times on two maps that move together. */
(function () {
  "use strict";
  var make = Atlas.element;

  /* ---- what both views share: the numbers, the choice of target, one square in words ---- */
  function Change(map, data) {
    var grid = data.grid, self = this;
    this.data = data; this.grid = grid; this.words = data.words; this.listeners = [];
    this.pick = document.querySelector('[data-pick="what"]');
    grid.targets.forEach(function (target, number) {
      var option = make("option", "", target.name);
      option.value = number;
      self.pick.appendChild(option);
    });
    this.pick.disabled = grid.targets.length < 2;
    this.pick.addEventListener("change", function () { self.choose(Number(self.pick.value)); });
    this.choose(0);
  }
  Change.prototype.choose = function (number) {
    var target = this.grid.targets[number], one = { name: target.name };
    ["before", "after", "change_s", "to_before", "to_after"].forEach(function (key) { one[key] = Atlas.unpack(target[key], Int16Array); });
    ["shown", "why_before", "why_after"].forEach(function (key) { one[key] = Atlas.unpack(target[key], Uint8Array); });
    this.now = one;
    this.listeners.forEach(function (listener) { listener(); });
  };
  Change.prototype.time = function (side, cell) {
    var value = this.now[side][cell];
    return value >= 0 ? (value / 10).toFixed(1) + " " + this.words.minutes : this.grid.reasons[this.now["why_" + side][cell]].text;
  };
  Change.prototype.signed = function (cell) {
    if (this.now.before[cell] < 0 || this.now.after[cell] < 0) { return this.grid.classes[this.now.shown[cell]].label; }
    var tenths = Math.floor(Math.abs(this.now.change_s[cell]) / 6 + 0.5), sign = this.now.change_s[cell] < 0 ? "−" : this.now.change_s[cell] > 0 ? "+" : "";
    return sign + (tenths / 10).toFixed(1) + " " + this.words.minutes;
  };
  Change.prototype.story = function (cell, id) {
    var self = this, places = this.grid.places;
    return {
      title: this.now.name, kind: this.words.cell.replace("{id}", id), why: this.words.how,
      tables: [{
        head: [this.words.when, this.words.time, this.words.nearest],
        rows: ["before", "after"].map(function (side) {
          var to = self.now["to_" + side][cell];
          return [self.words[side], self.time(side, cell), to >= 0 ? places[to] : "–"];
        }),
        numbers: [0, 0, 0]
      }],
      facts: [[this.words.change, this.signed(cell)]]
    };
  };

  /* ---- pointing at squares, clicking them, finding them ---- */
  function touchable(map, shape, change) {
    var frame = L.polygon([[0, 0]], { color: "#b0380b", weight: 2.5, fill: false, interactive: false, pane: "lines" });
    var popup = L.popup(Atlas.popupOptions(map)), chosen = -1, tip = L.tooltip({ className: "tip", direction: "top", offset: [0, -8] });
    function tell(cell) {
      var ring = shape.ring(cell), middle = shape.middle(cell);
      chosen = cell;
      frame.setLatLngs(ring).addTo(map);
      popup.setLatLng(middle).setContent(Atlas.card(change.story(cell, shape.id(cell)))).openOn(map);
    }
    function at(latlng, act) { var cell = shape.at(latlng); if (cell >= 0) { act(cell); } }
    map.on("popupclose", function (event) { if (event.popup === popup) { frame.remove(); chosen = -1; } });
    map.on("click", function (event) { at(event.latlng, tell); });
    map.on("mousemove", function (event) {
      var cell = shape.at(event.latlng);
      if (cell < 0 || chosen >= 0) { tip.remove(); return; }
      var text = shape.id(cell) + " · " + change.time("before", cell) + " → " + change.time("after", cell) + " (" + change.signed(cell) + ")";
      tip.setLatLng(event.latlng).setContent(document.createTextNode(text));
      if (!map.hasLayer(tip)) { tip.addTo(map); }
    });
    map.on("mouseout", function () { tip.remove(); });
    map.getContainer().addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target === map.getContainer()) { at(map.getCenter(), tell); }
    });
    change.listeners.push(function () { if (chosen >= 0) { tell(chosen); } });
    return tell;
  }
  function findable(map, shape, tell) {
    var form = document.getElementById("find");
    if (!form) { return; }
    form.addEventListener("submit", function () {
      var cell = shape.find(document.getElementById("find-text").value);
      if (cell < 0) { return; }
      document.getElementById("find-answer").textContent = "";
      map.panTo(shape.middle(cell), { animate: false });
      tell(cell);
    });
  }

  /* ---- legends ---- */
  function legend(change, title, rows) {
    var box = document.getElementById("legend"), list = make("ul", "classes"), total = change.grid.n_columns * change.grid.n_rows;
    box.textContent = "";
    box.appendChild(make("p", "legend-title", change.now.name + " · " + title));
    rows.forEach(function (row) {
      var item = make("li"), swatch = make("span", "box sign" + (row.hatch ? " sym-" + row.hatch : ""), row.sign || "");
      if (row.colour) { swatch.style.background = row.colour; swatch.style.color = row.ink; }
      item.appendChild(swatch);
      item.appendChild(make("span", "", row.label));
      item.appendChild(make("span", "share", row.share !== undefined ? row.share :
        change.words.share.replace("{count}", row.count).replace("{percent}", (100 * row.count / total).toFixed(1))));
      list.appendChild(item);
    });
    box.appendChild(list);
  }
  function hatchOf(reason) { return reason.cross ? 1 : 0; }

  Atlas.views.change = function (map, data) {
    var change = new Change(map, data), shape = Atlas.shapes.lattice(data.grid), classes = data.grid.classes;
    var cells = Atlas.shading(map, shape, function (cell) {
      var one = classes[change.now.shown[cell]];
      return one.colour || hatchOf(data.grid.reasons[change.now.why_after[cell]]);
    }, function (cell) {
      var one = classes[change.now.shown[cell]];
      return one.sign ? [one.sign, one.ink] : null;
    });
    function tellLegend() {
      var counts = classes.map(function () { return 0; }), why = {};
      change.now.shown.forEach(function (number, cell) {
        counts[number]++;
        if (!classes[number].colour) { why[change.now.why_after[cell]] = (why[change.now.why_after[cell]] || 0) + 1; }
      });
      var rows = [];
      classes.forEach(function (one, k) {
        if (one.colour) { rows.push({ colour: one.colour, ink: one.ink, sign: one.sign, label: one.label, count: counts[k] }); }
      });
      Object.keys(why).sort().forEach(function (reason) {
        var told = data.grid.reasons[reason];
        rows.push({ hatch: told.cross ? "cross" : "hatch", label: told.text, count: why[reason] });
      });
      legend(change, data.words.legend, rows);
    }
    change.listeners.push(tellLegend, function () { cells.redraw(); });
    cells.addTo(map);
    tellLegend();
    findable(map, shape, touchable(map, shape, change));
  };

  Atlas.views.pair = function (map, data, tools) {
    var holder = map.getContainer().parentNode, change = new Change(map, data), scale = data.scale, moving = false;
    var box = make("div", "folium-map second");
    box.id = "second-map";
    holder.insertBefore(box, map.getContainer().nextSibling);
    var second = L.map(box, { zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 90 });
    second.attributionControl.setPrefix("Leaflet");
    second.getContainer().setAttribute("aria-label", data.words.right);
    second.getContainer().setAttribute("role", "application");
    second.setMaxZoom(18); second.setMinZoom(8);
    second.fitBounds(data.bounds, { animate: false });
    data.attribution.forEach(function (one) { second.attributionControl.addAttribution(make("span", "", one).innerHTML); });
    Atlas.pane(second, "rings", 380, true); Atlas.pane(second, "lines", 420, false);
    if (data.base) { Atlas.drawStreets(second, data.base, data.streets_over); }
    var names = new Atlas.Names(second, data.base ? data.base.labels : []), groups = {};
    data.layers.forEach(function (layer) {
      groups[layer.id] = Atlas.addLayer(second, layer, names, []);
      if (layer.on) { groups[layer.id].addTo(second); }
    });
    Array.prototype.forEach.call(document.querySelectorAll("[data-layer]"), function (tick) {
      tick.addEventListener("change", function () {
        var group = groups[tick.dataset.layer];
        if (group) { if (tick.checked) { group.addTo(second); } else { group.remove(); } }
        names.draw();
      });
    });

    function follow(one, other) {
      one.on("move", function () {
        if (moving) { return; }
        moving = true;
        other.setView(one.getCenter(), one.getZoom(), { animate: false });
        moving = false;
      });
    }
    map.options.zoomAnimation = second.options.zoomAnimation = false;
    function far() { second.getContainer().classList.toggle("far", second.getZoom() < 12.75); }
    second.on("zoomend", far);
    var sides = [[map, "before", "left"], [second, "after", "right"]].map(function (side) {
      var own = side[0], key = side[1], shape = Atlas.shapes.lattice(data.grid);
      side[0].getContainer().appendChild(make("p", "caption", data.words[side[2]]));
      var cells = Atlas.shading(own, shape, function (cell) {
        var value = change.now[key][cell], k = 0;
        if (value < 0) { return hatchOf(data.grid.reasons[change.now["why_" + key][cell]]); }
        while (k < scale.limits.length && value > scale.limits[k]) { k++; }
        return scale.colours[k];
      });
      cells.addTo(own);
      change.listeners.push(function () { cells.redraw(); });
      return touchable(own, shape, change);
    });
    function tellLegend() {
      var rows = scale.colours.map(function (colour, k) { return { colour: colour, label: scale.labels[k], count: [0, 0] }; });
      var why = {};
      ["before", "after"].forEach(function (key, side) {
        change.now[key].forEach(function (value, cell) {
          var k = 0;
          if (value < 0) {
            var reason = change.now["why_" + key][cell];
            why[reason] = why[reason] || [0, 0];
            why[reason][side]++;
            return;
          }
          while (k < scale.limits.length && value > scale.limits[k]) { k++; }
          rows[k].count[side]++;
        });
      });
      Object.keys(why).sort().forEach(function (reason) {
        var told = data.grid.reasons[reason];
        rows.push({ hatch: told.cross ? "cross" : "hatch", label: told.text, count: why[reason] });
      });
      rows.forEach(function (row) { row.share = row.count[0] + " → " + row.count[1]; });
      legend(change, data.words.scale, rows);
    }
    change.listeners.push(tellLegend);
    tellLegend();
    second.setView(map.getCenter(), map.getZoom(), { animate: false });
    follow(map, second); follow(second, map);
    far(); names.draw();
    findable(map, Atlas.shapes.lattice(data.grid), sides[0]);
    window.addEventListener("beforeprint", function () { second.invalidateSize({ animate: false }); names.draw(); });
    window.addEventListener("afterprint", function () { second.invalidateSize({ animate: false }); names.draw(); });
  };
})();
