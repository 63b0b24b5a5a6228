// Words offered while someone types. Without this script the box works as it is; nothing typed is kept.
(() => {
  const form = document.querySelector("form[data-suggest]");
  const input = form && form.querySelector("input[type=search]");
  if (!input) return;
  const list = document.createElement("ul");
  list.className = "offers";
  list.id = "offers";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "联想词");
  list.hidden = true;
  form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "offers"], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }
  let chosen = -1;
  let timer = 0;
  let latest = "";
  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (next) => {
    const items = [...list.children];
    if (!items.length) return;
    chosen = (next + items.length) % items.length;
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === chosen)));
    input.setAttribute("aria-activedescendant", items[chosen].id);
  };
  const show = (terms) => {
    list.replaceChildren(...terms.map((term, n) => {
      const item = document.createElement("li");
      item.id = `offer-${n}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = term;
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        input.value = term;
        form.submit();
      });
      return item;
    }));
    list.hidden = !terms.length;
    chosen = -1;
    input.setAttribute("aria-expanded", String(Boolean(terms.length)));
  };
  const ask = async () => {
    const text = input.value.trim();
    latest = text;
    if (!text) return close();
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`);
      const { terms } = await answer.json();
      if (latest === text && document.activeElement === input) show(terms);
    } catch {
      close();
    }
  };
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener("compositionend", ask);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(chosen + (event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      input.value = list.children[chosen].textContent;
      form.submit();
    } else if (event.key === "Escape") {
      // Of itself the browser would also empty the box.
      event.preventDefault();
      close();
    }
  });
})();
