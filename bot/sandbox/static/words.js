// Text of a message as nodes: links, the platform's small markdown, mentions. Never as HTML.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function link(address, words) {
  if (!/^https?:\/\//i.test(address)) return document.createTextNode(words);
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

const TEXT = /<a\s[^<>]{0,40}href=["']([^"'<>]{1,2048})["'][^<>]{0,80}>([^<]{0,500})<\/a>|(https?:\/\/[^\s<>"'()[\]，。；！？、）】》]{1,2048})|<@([^<>@\s]{1,64})>/gi;
const INLINE = /\*\*([^*\n]{1,500})\*\*|\[([^[\]\n]{0,200})\]\(([^()\s]{1,2048})\)|`([^`\n]{1,500})`|<font color=["']?(info|comment|warning)["']?>([\s\S]{0,1000}?)<\/font>|<@([^<>@\s]{1,64})>|(https?:\/\/[^\s<>"'()[\]，。；！？、）】》]{1,2048})/g;

function pieces(words, pattern, build) {
  const found = [];
  let from = 0;
  for (const match of words.matchAll(pattern)) {
    if (match.index > from) found.push(document.createTextNode(words.slice(from, match.index)));
    found.push(build(match));
    from = match.index + match[0].length;
  }
  if (from < words.length) found.push(document.createTextNode(words.slice(from)));
  return found;
}

export function mention(userid, names, viewer) {
  const folded = userid.toLowerCase();
  const all = folded === "all" || folded === "@all";
  const me = all || folded === viewer;
  return element("span", { class: me ? "at me" : "at" }, "@" + (all ? "所有人" : names.get(folded) || userid));
}

export function plain(words, names, viewer, group) {
  return pieces(words, TEXT, ([whole, href, label, bare, userid]) => {
    if (userid) return group ? mention(userid, names, viewer) : document.createTextNode(whole);
    return href ? link(href, label) : link(bare, bare);
  });
}

function inline(words, names, viewer, group) {
  return pieces(words, INLINE, ([whole, bold, label, href, code, color, colored, userid, bare]) => {
    if (bold) return element("strong", {}, ...inline(bold, names, viewer, group));
    if (href) return link(href, label || href);
    if (code) return element("code", {}, code);
    if (color) return element("span", { class: color }, ...inline(colored, names, viewer, group));
    if (userid) return group ? mention(userid, names, viewer) : document.createTextNode(whole);
    return link(bare, bare);
  });
}

export function markdown(words, names, viewer, group) {
  return words.split("\n").map((row) => {
    const head = /^(#{1,6})\s+(.*)$/.exec(row);
    if (head) return element(head[1].length < 3 ? "h3" : "h4", {}, ...inline(head[2], names, viewer, group));
    const quote = /^>\s?(.*)$/.exec(row);
    if (quote) return element("blockquote", {}, ...inline(quote[1], names, viewer, group));
    return element("div", { class: "row" }, ...inline(row, names, viewer, group));
  });
}

// The description of a text card: <div class="gray|normal|highlight"> and <br>, the rest is words.
export function described(words) {
  const rows = words.replace(/<br\s*\/?>/gi, "\n");
  return pieces(rows, /<div class=["'](gray|normal|highlight)["']>([\s\S]{0,600}?)<\/div>/gi, (match) =>
    element("div", { class: match[1] }, match[2]));
}
