/* 年报核验 with a script: drop a file anywhere on the form, see the result without leaving the page. Without it the form
   is an ordinary form and everything works the same. */
"use strict";
(() => {
  const LIMIT = 20 * 1024 * 1024;
  const megabytes = (bytes) => (bytes / 1048576).toFixed(1) + " MB";

  function wire(root) {
    const form = root.querySelector("[data-verify]");
    if (!form) return;
    const drop = form.querySelector("[data-drop]");
    const input = form.elements.report;
    const status = form.querySelector("[data-status]");
    form.querySelector("[data-drop-words]").hidden = false;

    const say = (words) => { status.textContent = words; };
    for (const name of ["dragenter", "dragover"]) {
      drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
    }
    for (const name of ["dragleave", "drop"]) {
      drop.addEventListener(name, () => drop.classList.remove("is-over"));
    }
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      const files = event.dataTransfer.files;
      if (!files.length) return;
      input.files = files.length === 1 ? files : first(files);
      if (files.length === 2) {
        form.elements.previous.files = first([files[1]]);
        form.elements.previous.closest("details").open = true;
      }
      submit();
    });
    input.addEventListener("change", () => {
      if (input.files.length) say(`已选择“${input.files[0].name}”（${megabytes(input.files[0].size)}）。`);
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });

    function first(files) {
      const one = new DataTransfer();
      one.items.add(files[0]);
      return one.files;
    }

    async function submit() {
      for (const field of [input, form.elements.previous]) {
        const file = field.files[0];
        if (file && file.size > LIMIT) {
          say(`“${file.name}”太大：${megabytes(file.size)}，上限 20 MB。请只保留年度报告正文后再试。`);
          return;
        }
      }
      const button = form.querySelector("[data-submit]");
      button.disabled = true;
      say("正在核验……");
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("verify");
        if (!fresh) throw new Error(String(answer.status));
        document.title = page.title;
        document.getElementById("verify").replaceWith(fresh);
        wire(fresh);
        const head = document.getElementById("answer");
        if (head) { head.focus({ preventScroll: true }); head.scrollIntoView(); }
      } catch (error) {
        button.disabled = false;
        say("没有送达，可能是网络中断。请检查网络后再按“核验”，已选的文件还在。");
      }
    }
  }

  /* A mark in the report and its line in the list show each other; the address does not fill the history. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.findings a[href^="#"], .gk-mark');
    if (!link) return;
    const target = document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
    if (!target) return;
    event.preventDefault();
    for (const shown of document.querySelectorAll(".is-shown")) shown.classList.remove("is-shown");
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.classList.add("is-shown");
    if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center", inline: "center" });
  });

  wire(document);
})();
