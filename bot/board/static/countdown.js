// Keeps every countdown of the page true while it lies open. The page works without it.
"use strict";
(() => {
  const shown = document.documentElement.dataset.now;
  if (shown) {
    const ahead = new Date(shown).getTime() - Date.now();
    const LAMPS = {
      green: ["●", "正常"], yellow: ["▲", "将到期"], red: ["■", "已超时"],
    };
    const span = (milliseconds) => {
      const minutes = Math.floor(milliseconds / 60000);
      const hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
      if (days) return `${days} 天` + (hours % 24 ? ` ${hours % 24} 小时` : "");
      if (hours) return `${hours} 小时` + (minutes % 60 ? ` ${minutes % 60} 分钟` : "");
      return `${minutes} 分钟`;
    };
    const tick = () => {
      const now = Date.now() + ahead;
      for (const lamp of document.querySelectorAll("[data-due]")) {
        const left = new Date(lamp.dataset.due).getTime() - now;
        const name = left < 0 ? "red" : left <= 3600000 ? "yellow" : "green";
        let words = left >= 60000 ? `还剩 ${span(left)}` : "不到 1 分钟";
        if (left < 0) words = left <= -60000 ? span(-left) : "刚刚";
        const part = lamp.querySelector(".left");
        if (part.textContent !== words) part.textContent = words;
        if (!lamp.classList.contains(`lamp-${name}`)) {
          lamp.className = `lamp lamp-${name}`;
          lamp.querySelector(".shape").textContent = LAMPS[name][0];
          lamp.querySelector(".word").textContent = LAMPS[name][1];
        }
      }
    };
    tick();
    setInterval(tick, 5000);
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
