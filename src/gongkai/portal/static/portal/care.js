// 关怀版 on a site of files: the choice is kept in the browser, since no server is there to keep it.
(() => {
  const root = document.documentElement;
  const kept = () => {
    try {
      return localStorage.getItem("care") === "1";
    } catch {
      return false;
    }
  };
  root.classList.toggle("care", kept());
  document.addEventListener("DOMContentLoaded", () => {
    const link = document.querySelector("a[data-care]");
    if (!link) return;
    const plain = link.textContent;
    const show = () => {
      link.textContent = root.classList.contains("care") ? link.dataset.care : plain;
    };
    show();
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const on = root.classList.toggle("care");
      try {
        localStorage.setItem("care", on ? "1" : "0");
      } catch {
        // The choice then holds for this page only.
      }
      show();
    });
  });
})();
