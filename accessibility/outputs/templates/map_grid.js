/* Cells: one shape, one array per layer; cells without an answer are hatched, never coloured.
   Where cells lie is the business of Atlas.shapes. */
Atlas.views.grid = function (map, data, tools) {
  "use strict";
  var grid = data.grid, words = data.words, make = Atlas.element;
  var kinds = { i2: Int16Array, i4: Int32Array, u1: Uint8Array };
  var arrays = grid.arrays.map(function (one) { return Atlas.unpack(one[1], kinds[one[0]]); });
  var shape = Atlas.shapes[grid.shape](grid, map), now = null, chosenCell = -1;
  var cellAt = shape.at, cellId = shape.id;
  var keys = ["what", "mode", "period", "date", "column"];
  var picks = {};
  keys.forEach(function (key) { picks[key] = document.querySelector('[data-pick="' + key + '"]') || make("select"); });

  /* ---- classes ---- */
  function classOf(value) {
    var limits = now.limits, k = 0;
    while (k < limits.length && value > limits[k]) { k++; }
    return k;
  }
  var cells = Atlas.shading(map, shape, function (cell) {
    var value = now ? now.values[cell] : -1;
    if (value >= 0) { return now.colours[classOf(value)]; }
    return now && now.reasons && grid.reasons[now.reasons[cell]].cross ? 1 : 0;
  });

  /* ---- what is shown ---- */
  function labelOf(table, key) { return key === "what" ? table.what : table[key]; }
  function matching(depth) {
    return grid.tables.filter(function (table) {
      return keys.slice(0, depth).every(function (key) { return key === "column" || labelOf(table, key) === picks[key].value; });
    });
  }
  function fill(key, values, wanted, names) {
    var pick = picks[key];
    pick.textContent = "";
    values.forEach(function (value) {
      var option = make("option", "", names(value));
      option.value = value;
      pick.appendChild(option);
    });
    pick.value = values.indexOf(wanted) >= 0 ? wanted : values[0];
    pick.disabled = values.length < 2;
  }
  function unique(values) { return values.filter(function (value, i) { return values.indexOf(value) === i; }); }
  function refill(from) {
    for (var depth = from; depth < 4; depth++) {
      var key = keys[depth];
      fill(key, unique(matching(depth).map(function (t) { return labelOf(t, key); })), picks[key].value || grid.first[key],
        function (value) { return grid.names[key][value] || value; });
    }
    var table = matching(4)[0];
    var labels = table.columns.map(function (column) { return column.label; });
    fill("column", labels, picks.column.value || grid.first.column, function (value) { return grid.names.column[value] || value; });
    show(table);
  }
  function show(table) {
    var column = table.columns.filter(function (one) { return one.label === picks.column.value; })[0];
    var unit = grid.units[table.unit];
    now = { table: table, column: column, unit: unit, values: arrays[column.values], reasons: arrays[table.reason], limits: unit.limits, colours: unit.colours };
    legend();
    cells.redraw();
    if (chosenCell >= 0) { tell(chosenCell); }
  }
  function legend() {
    var box = document.getElementById("legend"), counts = now.colours.map(function () { return 0; }), why = {}, total = shape.n;
    for (var cell = 0; cell < total; cell++) {
      if (now.values[cell] >= 0) { counts[classOf(now.values[cell])]++; } else { why[now.reasons[cell]] = (why[now.reasons[cell]] || 0) + 1; }
    }
    function share(count) { return words.share.replace("{count}", count).replace("{percent}", (100 * count / total).toFixed(1)); }
    box.textContent = "";
    box.appendChild(make("p", "legend-title", grid.names.what[now.table.what] + " · " + now.unit.title));
    var list = make("ul", "classes");
    function line(swatch, text, count) {
      var item = make("li");
      item.appendChild(swatch); item.appendChild(make("span", "", text)); item.appendChild(make("span", "share", share(count)));
      list.appendChild(item);
    }
    counts.forEach(function (count, k) {
      var swatch = make("span", "box");
      swatch.style.background = now.colours[k];
      swatch.style.opacity = 0.9;
      line(swatch, now.unit.labels[k], count);
    });
    Object.keys(why).sort().forEach(function (reason) {
      line(make("span", "box sym-" + (grid.reasons[reason].cross ? "cross" : "hatch")), grid.reasons[reason].text, why[reason]);
    });
    box.appendChild(list);
  }

  /* ---- one cell ---- */
  function number(value) { return now.unit.tenths ? (value / 10).toFixed(1) : String(value); }
  function short(cell) {
    var value = now.values[cell];
    if (value < 0) { return cellId(cell) + " · " + grid.reasons[now.reasons[cell]].text; }
    var near = now.column.nearest === undefined ? -1 : arrays[now.column.nearest][cell];
    return cellId(cell) + " · " + number(value) + " " + now.unit.unit + (near >= 0 ? " → " + grid.destinations[near] : "");
  }
  function story(cell) {
    var table = now.table, rows = [], how = ["mode", "period", "date"].map(function (key) { return grid.names[key][table[key]] || table[key]; });
    var reached = table.columns.filter(function (column) { return arrays[column.values][cell] >= 0; });
    reached.forEach(function (column) {
      var near = column.nearest === undefined ? -1 : arrays[column.nearest][cell], far = column.distance === undefined ? -1 : arrays[column.distance][cell];
      rows.push([grid.names.column[column.label] || column.label, number(arrays[column.values][cell]), near >= 0 ? grid.destinations[near] : "–", far >= 0 ? (far / 100).toFixed(2) : "–"]);
    });
    if (rows.every(function (row) { return row[3] === "–"; })) { rows.forEach(function (row) { row.pop(); }); }
    var told = { title: grid.names.what[table.what], kind: words.cell.replace("{id}", cellId(cell)) + " · " + how.filter(Boolean).join(" · "), tables: [], facts: [], why: words.how };
    if (rows.length) {
      told.tables.push({ head: [words.level, now.unit.unit, words.nearest, "km"].slice(0, rows[0].length), rows: rows, numbers: [0, 1, 0, 1] });
    } else {
      told.facts.push([words.answer, grid.reasons[now.reasons[cell]].text]);
    }
    return told;
  }
  var frame = L.polygon([[0, 0]], { color: "#b0380b", weight: 2.5, fill: false, interactive: false, pane: "lines" });
  var popup = L.popup(Atlas.popupOptions(map));
  function tell(cell) {
    chosenCell = cell;
    if (!shape.spot_px) { frame.setLatLngs(shape.ring(cell)).addTo(map); }
    popup.setLatLng(shape.middle(cell)).setContent(Atlas.card(story(cell))).openOn(map);
  }
  map.on("popupclose", function (event) { if (event.popup === popup) { frame.remove(); chosenCell = -1; } });
  map.on("click", function (event) { var cell = cellAt(event.latlng); if (cell >= 0) { tell(cell); } });
  var tip = L.tooltip({ className: "tip", direction: "top", offset: [0, -8] });
  map.on("mousemove", function (event) {
    var cell = cellAt(event.latlng);
    if (cell < 0 || chosenCell >= 0) { tip.remove(); return; }
    tip.setLatLng(event.latlng).setContent(document.createTextNode(short(cell)));
    if (!map.hasLayer(tip)) { tip.addTo(map); }
  });
  map.on("mouseout", function () { tip.remove(); });
  map.getContainer().addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target === map.getContainer()) {
      var cell = cellAt(map.getCenter());
      if (cell >= 0) { tell(cell); }
    }
  });
  var form = document.getElementById("find");
  if (form) {
    form.addEventListener("submit", function () {
      var cell = shape.find(document.getElementById("find-text").value);
      if (cell < 0) { return; }
      document.getElementById("find-answer").textContent = "";
      map.panTo(shape.middle(cell), { animate: false });
      tell(cell);
    });
  }
  keys.forEach(function (key, depth) {
    picks[key].addEventListener("change", function () { if (key === "column") { show(now.table); } else { refill(depth + 1); } });
  });
  cells.addTo(map);
  refill(0);
};
