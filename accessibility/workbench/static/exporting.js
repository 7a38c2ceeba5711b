/* Taking results away: files to download, and the sentence for the report. */
import { job } from "./api.js";
import { $, h, w } from "./dom.js";

export class Exporting {
  /** `ask` gives the scenario with its name, and the settings. */
  constructor(book, ask) {
    this.book = book; this.ask = ask;
    document.querySelectorAll("[data-export]").forEach((one) => one.addEventListener("click", () => this.export(one.dataset.export)));
    $("copy-sentence").addEventListener("click", () => this.copy());
  }

  async export(format) {
    if (!this.book.id) { return; }
    $("export-state").textContent = "";
    try {
      await this.book.settle();
      const told = (state) => { $("export-state").textContent = w("computing", { stage: state.stage || format }); };
      const path = format === "toml" ? `/api/scenarios/${this.book.id}/toml` : await job({ kind: "export", format, ...this.ask() }, { file: true, told });
      $("export-state").textContent = w("exported");
      const link = h("a", { href: path, download: "" });
      document.body.append(link); link.click(); link.remove();
    } catch (error) { $("export-state").textContent = [error.message, error.error && error.error.mend].filter(Boolean).join(" "); }
  }

  async copy() {
    const text = $("sentence").textContent;
    try { await navigator.clipboard.writeText(text); }
    catch {
      const range = document.createRange(), chosen = getSelection();
      range.selectNodeContents($("sentence"));
      chosen.removeAllRanges(); chosen.addRange(range); document.execCommand("copy");
    }
    $("copied").textContent = w("copied");
  }
}
