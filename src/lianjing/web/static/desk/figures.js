// Charts of the figures: they show what the table of groups says. Colours are the page's tokens; patterns tell series
// apart where colours do not.

(function () {
  "use strict";

  const holder = document.getElementById("chart");
  const counts = document.getElementById("chart-counts");
  const told = JSON.parse(holder.dataset.chart);
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const text = { color: token("--soft"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
  const colours = ["--act", "--g2", "--ok", "--g3", "--g1", "--g4"].map(token);
  const quick = matchMedia("(prefers-reduced-motion: reduce)").matches;

  function options(series) {
    return {
      animation: !quick,
      aria: { enabled: true, decal: { show: series.length > 1 } },
      color: colours,
      textStyle: text,
      legend: { show: series.length > 1, top: 6, left: 8, textStyle: text, itemWidth: 16 },
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        backgroundColor: token("--raised"),
        borderColor: token("--line-strong"),
        textStyle: { color: token("--ink"), fontSize: 12 },
      },
      grid: { left: 12, right: 16, top: 40, bottom: 10, containLabel: true },
      xAxis: { type: "category", data: told.names, axisLine: { lineStyle: { color: token("--line-strong") } }, axisLabel: text },
      yAxis: { type: "value", axisLabel: text, splitLine: { lineStyle: { color: token("--line") } } },
      series: series.map((one) => ({ type: "bar", name: one.name, data: one.values, barMaxWidth: 22 })),
    };
  }

  const charts = [
    [holder, options(told.series)],
    [counts, options([{ name: told.counted, values: told.counts }])],
  ].map(([place, wanted]) => {
    const chart = echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(wanted);
    return chart;
  });
  addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
})();
