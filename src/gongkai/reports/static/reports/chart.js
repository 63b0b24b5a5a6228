/* Turns the drawn chart into one that answers the pointer, when asked: the library is fetched only then. */
"use strict";
(() => {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  let library = null;

  function load(address) {
    library ||= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(window.echarts);
      script.onerror = reject;
      document.head.append(script);
    });
    return library;
  }

  function draw(echarts, figure) {
    const data = JSON.parse(figure.dataset.chart);
    const place = document.createElement("div");
    place.className = "echart";
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", `${figure.dataset.title}，数据与旁边的表格相同`);
    figure.querySelector(".drawn").replaceWith(place);
    const chart = echarts.init(place, null, { renderer: "canvas" });
    const text = { color: token("--ink"), fontFamily: getComputedStyle(document.body).fontFamily };
    chart.setOption({
      textStyle: text,
      aria: { enabled: true, decal: { show: true } },
      color: [token("--paused"), token("--main"), token("--ok"), token("--soon"), token("--visited"), token("--ink-soft")],
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      legend: { textStyle: text, bottom: 0 },
      toolbox: { feature: { saveAsImage: { title: "存为图片", name: figure.dataset.title } } },
      grid: { left: 8, right: 24, top: 28, bottom: 36, containLabel: true },
      xAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: token("--line") } }, axisLabel: text },
      yAxis: { type: "category", inverse: true, data: data.rows, axisLabel: text },
      series: data.columns.map((name, i) => ({
        name, type: "bar", data: data.values.map((row) => row[i]), label: { show: true, position: "right", color: text.color },
      })),
    });
    new ResizeObserver(() => chart.resize()).observe(place);
  }

  for (const figure of document.querySelectorAll("figure[data-chart]")) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "chart-more";
    more.textContent = "打开可互动的图表";
    more.addEventListener("click", async () => {
      more.disabled = true;
      try {
        draw(await load(figure.dataset.echarts), figure);
        more.remove();
      } catch {
        more.disabled = false;
        more.textContent = "图表没有载入，点此再试";
      }
    });
    figure.append(more);
  }
})();
