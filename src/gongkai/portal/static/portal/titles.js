// Search of titles over files: the postings of each pair of characters lie in one of a few files (CRC-32 of the pair).
(() => {
  const form = document.getElementById("titles-form");
  const found = document.getElementById("titles-found");
  const rows = document.getElementById("titles-rows");
  const none = document.getElementById("titles-none");
  if (!form) return;
  const folder = form.dataset.folder;
  const SHOWN = 50;
  const files = new Map();
  const load = (name) => {
    if (!files.has(name)) {
      files.set(name, fetch(folder + name).then((answer) => {
        if (!answer.ok) throw new Error(name);
        return answer.json();
      }));
    }
    return files.get(name);
  };
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const crc = (text) => {
    let c = 0xffffffff;
    for (const byte of new TextEncoder().encode(text)) c = table[(c ^ byte) & 0xff] ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  };
  const pieces = (text) => {
    const out = new Set();
    const runs = text.normalize("NFKC").toLowerCase().match(/\p{Script=Han}+|[0-9]+|[a-z_]+/gu) || [];
    for (const run of runs) {
      if (/^\p{Script=Han}/u.test(run)) {
        const signs = [...run];
        if (signs.length === 1) out.add(run);
        for (let n = 0; n + 1 < signs.length; n += 1) out.add(signs[n] + signs[n + 1]);
      } else {
        out.add(/^[0-9]/.test(run) ? run.replace(/^0+(?=.)/, "") : run);
      }
    }
    return [...out];
  };
  const postings = async (piece, shards) => {
    const shard = await load(`t${crc(piece) % shards}.json`);
    let sum = 0;
    return (shard[piece] || []).map((step) => (sum += step));
  };
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const search = async (text) => {
    const about = await load("about.json");
    const wanted = pieces(text);
    if (!wanted.length) return [];
    const lists = (await Promise.all(wanted.map((piece) => postings(piece, about.shards)))).sort((a, b) => a.length - b.length);
    let numbers = lists[0];
    for (const list of lists.slice(1)) {
      const there = new Set(list);
      numbers = numbers.filter((number) => there.has(number));
    }
    const words = text.split(/\s+/).map(plain).filter(Boolean);
    const hits = [];
    for (const number of numbers) {
      const chunk = await load(`d${Math.floor(number / about.chunk)}.json`);
      const row = chunk[number % about.chunk];
      const whole = plain(row[0]) + plain(row[4]);
      if (words.every((word) => whole.includes(word))) hits.push(row);
      if (hits.length >= SHOWN) break;
    }
    return hits;
  };
  const show = (hits) => {
    none.hidden = hits.length > 0;
    found.textContent = hits.length ? `找到 ${hits.length} 条${hits.length === SHOWN ? "以上，列出最新的" : ""}` : "没有找到。请换一个短些的词。";
    rows.replaceChildren(...hits.map(([title, url, day, kind, number]) => {
      const item = document.createElement("li");
      item.className = "row";
      const link = document.createElement("a");
      link.href = url;
      link.textContent = title;
      const head = document.createElement("span");
      head.className = "row-title";
      head.append(link);
      const date = document.createElement("span");
      date.className = "row-date num";
      date.textContent = day;
      const note = document.createElement("span");
      note.className = "row-note";
      note.textContent = [kind, number].filter(Boolean).join(" · ");
      item.append(head, date, note);
      return item;
    }));
  };
  const run = async () => {
    const text = form.elements.q.value.trim();
    if (!text) return;
    none.hidden = true;
    found.textContent = "正在检索……";
    try {
      show(await search(text));
    } catch {
      found.textContent = "检索数据没有读到，请稍后再试。";
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    history.replaceState(null, "", `?q=${encodeURIComponent(form.elements.q.value)}`);
    run();
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    form.elements.q.value = asked;
    run();
  }
})();
