/* The section editor made pleasant: fields set in at the cursor, kept by itself, read while written. Works without. */
(() => {
  const form = document.getElementById("nt-form");
  const text = document.getElementById("nt-text");
  if (!form || !text) return;
  const state = document.getElementById("nt-state");
  const reading = document.getElementById("nt-reading");
  const find = document.getElementById("nt-find");
  const PAUSE = 1500;
  let kept = text.value;
  let timer = 0;
  let running = false;
  let blocked = false;
  let touched = false;

  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  };

  async function save() {
    if (running) return later();
    if (blocked || text.value === kept) return;
    running = true;
    const sent = text.value;
    const data = new FormData(form);
    data.set("auto", "1");
    state.textContent = "正在保存……";
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
      const version = answer.headers.get("X-Section-Version");
      if (version === null) throw new Error("no version");
      const at = document.activeElement;
      const inside = reading.contains(at);
      if (!inside) reading.innerHTML = await answer.text();
      if (answer.ok) {
        kept = sent;
        form.elements.base.value = version;
        state.textContent = "已自动保存";
      } else {
        // A conflict is settled by a person: nothing more is kept by itself until then.
        blocked = answer.status === 409;
        state.textContent = blocked ? "没有保存：别人也改了这一部分" : "没有保存";
      }
    } catch {
      state.textContent = "没有保存：网络不通，稍后再试。文字仍在框中";
      timer = window.setTimeout(save, PAUSE * 5);
    } finally {
      running = false;
    }
    if (text.value !== kept) later();
  }

  text.addEventListener("focus", () => {
    touched = true;
  });
  text.addEventListener("input", () => {
    state.textContent = "有未保存的修改";
    later();
  });
  form.addEventListener("submit", () => {
    window.clearTimeout(timer);
    kept = text.value;
  });
  window.addEventListener("beforeunload", (event) => {
    if (text.value !== kept) event.preventDefault();
  });
  form.addEventListener("click", (event) => {
    const field = event.target.closest(".nt-field");
    if (!field) return;
    // Before the cursor was ever set, a field goes to the end, not before the first word.
    if (!touched) text.setSelectionRange(text.value.length, text.value.length);
    text.focus();
    text.setRangeText(field.dataset.mark, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  find.addEventListener("input", () => {
    const wanted = find.value.trim();
    for (const group of form.querySelectorAll(".nt-group")) {
      let shown = 0;
      for (const item of group.querySelectorAll("li")) {
        item.hidden = wanted !== "" && !item.dataset.name.includes(wanted);
        shown += item.hidden ? 0 : 1;
      }
      group.hidden = shown === 0;
      group.open = wanted !== "" && shown > 0;
    }
  });
})();
