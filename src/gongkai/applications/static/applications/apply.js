/* Makes the forms pleasanter; each of them works without it. */
(() => {
  "use strict";
  const problems = document.getElementById("problems");
  if (problems) problems.focus();

  const form = document.querySelector("form[data-apply]");
  if (form) {
    const branches = form.querySelectorAll("[data-branch]");
    form.querySelectorAll("[data-static]").forEach((heading) => { heading.hidden = true; });
    const show = () => {
      const chosen = form.querySelector("input[name=kind]:checked");
      const wanted = !chosen || chosen.value === "natural" ? "natural" : "organisation";
      branches.forEach((branch) => { branch.hidden = branch.dataset.branch !== wanted; });
    };
    form.addEventListener("change", (event) => { if (event.target.name === "kind") show(); });
    show();
    // A second press while the first is under way does nothing; the server would find the first one anyway.
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) { event.preventDefault(); return; }
      sent = true;
      form.setAttribute("aria-busy", "true");
    });
    window.addEventListener("pageshow", () => { sent = false; form.removeAttribute("aria-busy"); });
    // A link to a field inside a closed part opens it.
    if (problems) problems.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const target = link && document.getElementById(link.hash.slice(1));
      if (!target) return;
      event.preventDefault();
      const part = target.closest("details");
      if (part) part.open = true;
      target.focus();
      target.scrollIntoView({ block: "center" });
    });
  }

  const copy = document.querySelector("[data-copy]");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(copy.dataset.copy);
      document.querySelector("[data-copied]").textContent = "已复制";
    });
  }
  const print = document.querySelector("[data-print]");
  if (print) { print.hidden = false; print.addEventListener("click", () => window.print()); }
})();
