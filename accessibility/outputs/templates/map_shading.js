/* Cells in colours, tile by tile. `look` gives the colour of a cell, or 0 and 1 for the two hatches of cells
   without an answer; `sign` what is written in it where there is room: [text, colour], or nothing. */
Atlas.shading = function (map, shape, look, sign) {
  "use strict";
  function hatch(cross) {
    var tile = document.createElement("canvas"), pen = tile.getContext("2d");
    tile.width = tile.height = 8;
    pen.fillStyle = "#fff"; pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = cross ? "#9aa1ab" : "#aab0b9"; pen.lineWidth = 1;
    pen.beginPath();
    [-8, 0, 8].forEach(function (k) {
      pen.moveTo(k, 8); pen.lineTo(k + 8, 0);
      if (cross) { pen.moveTo(k, 0); pen.lineTo(k + 8, 8); }
    });
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }
  var hatches = [hatch(false), hatch(true)];

  function outline(pen, cell, point) {
    pen.beginPath();
    if (shape.spot_px) {
      var middle = point(shape.middle(cell));
      pen.arc(middle.x, middle.y, shape.spot_px, 0, 2 * Math.PI);
      return [];
    }
    var corners = shape.ring(cell).map(point);
    corners.forEach(function (at, k) { if (k) { pen.lineTo(at.x, at.y); } else { pen.moveTo(at.x, at.y); } });
    pen.closePath();
    return corners;
  }
  function write(pen, told, p) {
    var side = Math.min(Math.abs(p[1].x - p[0].x), Math.abs(p[0].y - p[3].y));
    if (!told || side < 9) { return; }
    pen.fillStyle = told[1];
    pen.font = "700 " + Math.min(26, Math.round(side * 0.8)) + "px sans-serif";
    pen.textAlign = "center"; pen.textBaseline = "middle";
    pen.fillText(told[0], (p[0].x + p[2].x) / 2, (p[0].y + p[2].y) / 2 + 0.5);
  }

  var Cells = L.GridLayer.extend({
    createTile: function (coords) {
      var size = this.getTileSize(), tile = document.createElement("canvas"), ratio = Math.min(2, window.devicePixelRatio || 1);
      tile.width = size.x * ratio; tile.height = size.y * ratio;
      var pen = tile.getContext("2d"), origin = coords.scaleBy(size), zoom = coords.z;
      pen.scale(ratio, ratio);
      function point(latlng) { return map.project(latlng, zoom).subtract(origin); }
      var ends = [[0, 0], [1, 0], [0, 1], [1, 1]].map(function (k) {
        return map.unproject(origin.add([k[0] * size.x, k[1] * size.y]), zoom);
      });
      shape.within(ends).forEach(function (cell) {
        var fill = look(cell), corners = outline(pen, cell, point);
        pen.fillStyle = typeof fill === "string" ? fill : hatches[fill];
        pen.fill();
        pen.strokeStyle = shape.spot_px ? "rgba(60,64,70,.8)" : "rgba(90,96,105,.28)"; pen.lineWidth = 0.6;
        pen.stroke();
        if (sign) { write(pen, sign(cell), corners); }
      });
      return tile;
    }
  });
  Atlas.pane(map, "cells", 210, true);
  return new Cells({ pane: "cells", opacity: 0.86, updateWhenZooming: false, keepBuffer: 1 });
};
