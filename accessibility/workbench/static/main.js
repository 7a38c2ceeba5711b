/* The page: puts its parts together. */
import { Refused, study as loadStudy } from "./api.js";
import { Book } from "./book.js";
import { Desk } from "./desk.js";
import { $, fill, h, named, w } from "./dom.js";
import { Editor } from "./editor.js";
import { Imports } from "./imports.js";
import { MapView } from "./mapview.js";
import { Results } from "./results.js";
import { Rival } from "./rival.js";

function notice(text, ...buttons) {
  $("notice").hidden = !text;
  fill($("notice"), h("span", {}, text || ""), ...buttons);
}

function tab(which) {
  $(which).parentNode.scrollTop = 0;
  for (const name of ["results", "line"]) {
    const on = name === which;
    $(name).hidden = !on;
    $(`tab-${name}`).setAttribute("aria-selected", String(on)); $(`tab-${name}`).tabIndex = on ? 0 : -1;
  }
}

async function start() {
  notice(w("loading"));
  let study;
  try { study = await loadStudy(); }
  catch (error) { const told = error instanceof Refused ? error.error : { what: error.message, notices: [] }; notice([told.what, ...(told.notices || []).slice(0, 5).map((one) => one.what)].join(" · ")); return; }
  notice("");
  $("study-name").textContent = named(study.name);
  const book = new Book(), view = new MapView(study), editor = new Editor(book, view, study), results = new Results(book, view, study, editor);
  editor.onopen = () => { tab("line"); view.showChanged(results.lines, editor.open.route); };
  editor.onclose = () => { tab("results"); $("tab-results").focus(); view.showChanged(results.lines, null); };
  const desk = new Desk(book, study, {
    open: (id) => book.open(id), edit: (i) => editor.edit(i), closing: (i) => editor.closing(i), addLine: () => editor.addLine(),
    bend: (...line) => editor.bend(...line), rate: (...line) => editor.rate(...line),
  });
  results.addEventListener("told", (event) => desk.hear(event.detail));
  new Rival(book, results.runner, results);
  new Imports(book, desk);
  book.addEventListener("state", () => {
    const text = { saved: w("saved"), saving: w("saving"), offline: w("not_saved"), refused: w("not_saved"), conflict: w("not_saved") }[book.state];
    $("save-state").textContent = book.scenario ? text : ""; $("save-state").dataset.state = book.state;
    if (book.state === "offline") { notice(w("offline")); } else if (book.state !== "conflict" && book.state !== "refused") { notice(book.problem ? w("damaged", { problem: book.problem }) : ""); }
  });
  book.addEventListener("refused", (event) => notice([event.detail.what, ...(event.detail.notices || []).map((one) => `${one.where}: ${one.what}`)].join(" · ")));
  book.addEventListener("conflict", () => notice(w("changed_elsewhere"), h("button", { type: "button", onclick: () => { notice(""); book.loadTheirs(); } }, w("load_theirs")),
    h("button", { type: "button", className: "quiet", onclick: () => { notice(""); book.keepMine(w("copy_name", { name: book.scenario.name })); } }, w("keep_mine"))));
  const steps = () => { $("undo").disabled = !book.past.length; $("redo").disabled = !book.future.length; };
  for (const name of ["change", "open", "state"]) { book.addEventListener(name, steps); }
  $("undo").addEventListener("click", () => book.undo());
  $("redo").addEventListener("click", () => book.redo());
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) { return; }
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) { event.preventDefault(); book.undo(); }
    else if (key === "y" || (key === "z" && event.shiftKey)) { event.preventDefault(); book.redo(); }
  });
  for (const [name, other] of [["results", "line"], ["line", "results"]]) {
    $(`tab-${name}`).addEventListener("click", () => tab(name));
    $(`tab-${name}`).addEventListener("keydown", (event) => { if (["ArrowLeft", "ArrowRight"].includes(event.key)) { tab(other); $(`tab-${other}`).focus(); } });
  }
  await book.refresh();
  let last = null;
  try { last = localStorage.getItem("scenario"); } catch { /* nothing is kept */ }
  const first = book.heads.find((one) => one.id === last) || book.heads[0];
  if (first) { await book.open(first.id); } else { await book.create({ name: `${w("new_name")} 1`, modification: [] }); }
  document.body.dataset.ready = "yes";
}

window.addEventListener("unhandledrejection", (event) => notice(w("defect", { what: event.reason && event.reason.message ? event.reason.message : String(event.reason) })));
start();
