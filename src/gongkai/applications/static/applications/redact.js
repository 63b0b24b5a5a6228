// Drawing a block with the mouse, a pen or a finger: the rectangle goes into the number fields and the form is sent.
(() => {
  const form = document.getElementById("redact-form");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  document.querySelectorAll(".gk-redact-page").forEach((page) => {
    const sheet = page.querySelector(".gk-redact-sheet");
    const width = Number(page.dataset.width);
    const height = Number(page.dataset.height);
    let start = null;
    let shown = null;
    const at = (event) => {
      const box = sheet.getBoundingClientRect();
      const part = (value, size) => Math.min(Math.max(value / size, 0), 1);
      return { x: part(event.clientX - box.left, box.width), y: part(event.clientY - box.top, box.height) };
    };
    const stop = () => {
      if (shown) shown.remove();
      start = shown = null;
    };
    // Or the press would take the focus away from the ground that is asked for.
    sheet.addEventListener("mousedown", (event) => event.preventDefault());
    sheet.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      if (!field("ground").value) {
        field("ground").focus();
        field("ground").setCustomValidity("请先选定不予公开的依据，再画框。");
        field("ground").reportValidity();
        return;
      }
      start = at(event);
      shown = document.createElement("span");
      shown.className = "gk-redact-cover";
      sheet.append(shown);
      sheet.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    sheet.addEventListener("pointermove", (event) => {
      if (!start) return;
      const now = at(event);
      shown.style.left = `${Math.min(start.x, now.x) * 100}%`;
      shown.style.top = `${Math.min(start.y, now.y) * 100}%`;
      shown.style.width = `${Math.abs(start.x - now.x) * 100}%`;
      shown.style.height = `${Math.abs(start.y - now.y) * 100}%`;
    });
    sheet.addEventListener("pointercancel", stop);
    sheet.addEventListener("pointerup", (event) => {
      if (!start) return;
      const end = at(event);
      const small = Math.abs(start.x - end.x) * width < 1 || Math.abs(start.y - end.y) * height < 1;
      if (small) return stop();
      field("page").value = page.dataset.page;
      field("left").value = (Math.min(start.x, end.x) * width).toFixed(2);
      field("right").value = (Math.max(start.x, end.x) * width).toFixed(2);
      field("top").value = (Math.min(start.y, end.y) * height).toFixed(2);
      field("bottom").value = (Math.max(start.y, end.y) * height).toFixed(2);
      sessionStorage.setItem("gk-redact-scroll", String(window.scrollY));
      form.requestSubmit(form.querySelector("button[value=rectangle]"));
    });
  });
  field("ground").addEventListener("change", () => field("ground").setCustomValidity(""));
  const kept = sessionStorage.getItem("gk-redact-scroll");
  if (kept !== null) {
    sessionStorage.removeItem("gk-redact-scroll");
    window.scrollTo(0, Number(kept));
  }
})();
