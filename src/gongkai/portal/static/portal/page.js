/* Copying an address: the button appears only where the browser can do it. */
"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.copy);
    const said = document.querySelector("[data-copied]");
    navigator.clipboard.writeText(field.value).then(
      () => { said.textContent = "已复制。"; },
      () => { field.select(); said.textContent = "没有复制成功，请按 Ctrl + C 复制。"; },
    );
  });
}
