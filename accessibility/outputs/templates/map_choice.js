/* A page that shows one of several drawn things (areas or ways), chosen by fields. */
Atlas.choice = function (items, keys, names, first, show) {
  "use strict";
  var picks = {};
  function fits(item, depth) {
    return keys.slice(0, depth).every(function (key) { return item[key] === picks[key].value; });
  }
  function refill(from) {
    for (var depth = from; depth < keys.length; depth++) {
      var key = keys[depth], values = [], before = picks[key].value || first[key];
      items.forEach(function (item) { if (fits(item, depth) && values.indexOf(item[key]) < 0) { values.push(item[key]); } });
      picks[key].textContent = "";
      values.forEach(function (value) {
        var option = Atlas.element("option", "", (names[key] || {})[value] || value);
        option.value = value;
        picks[key].appendChild(option);
      });
      picks[key].value = values.indexOf(before) >= 0 ? before : values[0];
      picks[key].disabled = values.length < 2;
    }
    show(items.filter(function (item) { return fits(item, keys.length); }));
  }
  keys.forEach(function (key, depth) {
    picks[key] = document.querySelector('[data-pick="' + key + '"]');
    picks[key].addEventListener("change", function () { refill(depth + 1); });
  });
  refill(0);
};

Atlas.views.isochrones = function (map, data) {
  "use strict";
  var shown = L.layerGroup().addTo(map), words = data.words;
  Atlas.pane(map, "areas", 300, false).style.opacity = 0.6;
  function rings(area) {
    var lines = Atlas.courses(area.rings), parts = [], at = 0;
    area.parts.forEach(function (count) { parts.push(lines.slice(at, at + count)); at += count; });
    return parts;
  }
  Atlas.choice(data.isochrones, ["origin", "how", "level"], data.names, data.first, function (chosen) {
    var box = document.getElementById("legend"), list = Atlas.element("ul", "classes");
    shown.clearLayers();
    box.textContent = "";
    box.appendChild(Atlas.element("p", "legend-title", words.size));
    chosen.slice().sort(function (a, b) { return b.minutes - a.minutes; }).forEach(function (one) {
      var look = data.looks[one.minutes];
      if (!one.area.parts.length) { return; }
      var area = L.polygon(rings(one.area), { pane: "areas", color: look.edge, weight: 1.2, fillColor: look.fill, fillOpacity: 1, smoothFactor: 0.7 });
      area.bindPopup(function () { return Atlas.card(one.card); }, Atlas.popupOptions(map));
      area.addTo(shown);
    });
    chosen.slice().sort(function (a, b) { return a.minutes - b.minutes; }).forEach(function (one) {
      var item = Atlas.element("li"), swatch = Atlas.element("span", "box");
      swatch.style.opacity = 0.75;
      swatch.style.background = data.looks[one.minutes].fill;
      swatch.style.borderColor = data.looks[one.minutes].edge;
      item.appendChild(swatch);
      item.appendChild(Atlas.element("span", "", one.label));
      item.appendChild(Atlas.element("span", "share", one.area.parts.length ? one.size : words.nothing));
      list.appendChild(item);
    });
    box.appendChild(list);
  });
};

Atlas.views.journeys = function (map, data) {
  "use strict";
  var shown = L.layerGroup().addTo(map);
  Atlas.choice(data.journeys, ["way", "how", "level"], data.names, data.first, function (chosen) {
    var detail = document.getElementById("detail"), all = [];
    shown.clearLayers();
    detail.textContent = "";
    chosen.forEach(function (one) {
      var strokes = one.strokes || [{ course: one.course, colour: "#0b4f8a", dash: null }];
      strokes.forEach(function (stroke) {
        stroke.points = Atlas.courses(stroke.course);
        L.polyline(stroke.points, { color: "#fff", weight: 9, opacity: 0.95, interactive: false, pane: "lines" }).addTo(shown);
      });
      strokes.forEach(function (stroke) {
        var line = L.polyline(stroke.points, { color: stroke.colour, weight: 5, dashArray: stroke.dash, pane: "lines" }).addTo(shown);
        line.bindPopup(function () { return Atlas.card(stroke.card || one.card); }, Atlas.popupOptions(map));
        stroke.points.forEach(function (part) { all = all.concat(part); });
      });
      one.ends.forEach(function (end, i) {
        var mark = Atlas.element("span", "sym sym-" + (i ? "square" : "diamond"));
        mark.style.setProperty("--ink", i ? "#8a1c1c" : "#6a1b6a");
        mark.appendChild(Atlas.element("b", "", end.sign));
        L.marker(end.at, { icon: L.divIcon({ className: "pin keep", html: mark, iconSize: null }), title: end.name, keyboard: false })
          .bindTooltip(document.createTextNode(end.name), { permanent: true, direction: i ? "bottom" : "top", offset: [0, i ? 12 : -12], className: "tip" }).addTo(shown);
      });
      detail.appendChild(Atlas.card(one.card));
    });
    if (all.length) { map.fitBounds(L.latLngBounds(all).pad(0.18), { animate: false }); }
  });
};
