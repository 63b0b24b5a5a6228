/* Makes the screens of intake pleasant; all of them work without it. */
(function () {
  "use strict";

  // 粘贴整理: the clipboard's own mark-up goes along in a hidden field; the box shows its words.
  document.querySelectorAll("[data-paste]").forEach(function (form) {
    var box = form.elements.source, html = form.elements.html, note = form.querySelector("[data-paste-note]");
    box.addEventListener("paste", function (event) {
      var rich = event.clipboardData && event.clipboardData.getData("text/html");
      if (!rich || box.value.trim()) { return; }
      html.value = rich;
      note.textContent = "已带格式取得，点“整理”。";
    });
    box.addEventListener("input", function (event) {
      if (event.inputType && event.inputType !== "insertFromPaste") {
        html.value = "";
        note.textContent = "";
      }
    });
  });

  // 确认来稿: what was typed is kept a moment after the last key.
  document.querySelectorAll("[data-keep]").forEach(function (form) {
    var note = form.querySelector("[data-keep-note]"), timer = 0;
    form.addEventListener("input", function (event) {
      if (event.target.type === "file") { return; }
      window.clearTimeout(timer);
      timer = window.setTimeout(function () {
        var data = new FormData(form);
        data.set("act", "save");
        data.delete("extras"); // files wait for a press of their button
        fetch(form.action || window.location.href, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } })
          .then(function (answer) { note.textContent = answer.status === 204 ? "已自动保存" : "没有存上，请点“保存”"; })
          .catch(function () { note.textContent = "没有存上，请检查网络"; });
      }, 1200);
    });
    form.addEventListener("submit", function () { window.clearTimeout(timer); });
  });

  // 批量导入: goes on by itself while the page is open.
  document.querySelectorAll("form[data-continue]").forEach(function (form) {
    window.setTimeout(function () { form.querySelector("button").click(); }, 400);
  });
})();
