// The printed text follows what is typed; without script, 保存 shows it.
(() => {
    "use strict";
    const form = document.getElementById("lt-form");
    const paper = document.getElementById("lt-preview");
    if (!form || !paper || !form.elements.body) return;
    let timer = 0;
    let asked = null;
    const show = async () => {
        if (asked) asked.abort();
        asked = new AbortController();
        try {
            const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal: asked.signal, credentials: "same-origin" });
            if (answer.ok) paper.innerHTML = await answer.text();
        } catch (error) {
            if (error.name !== "AbortError") paper.dataset.stale = "1";
        }
    };
    form.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(show, 500);
    });
})();
