/* Pasting from Word into the page editor: the server cleans by its one set of rules, then the editor takes the result. */
(function () {
  "use strict";
  var address = document.currentScript.dataset.clean;
  var ours = false;

  function token() {
    var config = document.getElementById("wagtail-config");
    return config ? JSON.parse(config.textContent).CSRF_TOKEN : "";
  }

  function say(editor, text) {
    var holder = editor.closest(".Draftail-Editor__wrapper, [data-draftail-editor-wrapper], .w-field__input") || editor.parentNode;
    var note = holder.querySelector(".gk-paste-note");
    if (!note) {
      note = document.createElement("p");
      note.className = "gk-paste-note";
      note.setAttribute("role", "status");
      holder.appendChild(note);
    }
    note.textContent = text;
  }

  function hand(target, html) {
    var data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", new DOMParser().parseFromString(html, "text/html").body.textContent);
    ours = true;
    target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    ours = false;
  }

  document.addEventListener("paste", function (event) {
    var editor = event.target.closest && event.target.closest(".public-DraftEditor-content");
    var html = editor && event.clipboardData ? event.clipboardData.getData("text/html") : "";
    // What the editor itself copied comes back as it is.
    if (ours || !html || html.indexOf("data-editor") !== -1 || html.indexOf("draftail") !== -1) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    var target = event.target;
    fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ html: html })
    }).then(function (answer) { return answer.json(); }).then(function (found) {
      if (found.error) { say(editor, found.error); return; }
      if (found.html) { hand(target, found.html); }
      var words = found.dropped.length ? "已去掉：" + found.dropped.join("、") + "。" : "";
      if (found.tables) { words += "有 " + found.tables + " 个表格没有放进来，请用“表格”块，或者到“粘贴整理”里粘贴。"; }
      say(editor, words);
    }).catch(function () { say(editor, "粘贴没有成功，请再试一次，或者到“粘贴整理”里粘贴。"); });
  }, true);
})();
