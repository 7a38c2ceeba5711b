/* The two forms of "$" that folium's popups and maps use, so that no further library is needed. */
window.$ = window.$ || function (what) {
  if (what === document) {
    return { ready: function (run) { document.addEventListener("DOMContentLoaded", run); } };
  }
  var holder = document.createElement("div");
  holder.innerHTML = what;
  return Array.prototype.slice.call(holder.childNodes).filter(function (node) { return node.nodeType === 1; });
};
