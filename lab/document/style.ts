import { type Palette, PALETTES } from "./palette.ts";

/**
 * The style sheet of a document: for screens of any width, light or dark, and
 * for A4.
 *
 * It asks for fonts that systems have and loads none. Nothing depends on a
 * background being printed: what is told by one is told by a line or a sign too.
 *
 * @param footer What stands at the foot of each printed page, beside its number.
 *
 * @example Usage
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(style("Report"), "@page{size:A4");
 * ```
 */
export function style(footer: string): string {
  return [
    `:root{${variables(PALETTES.light)};color-scheme:light dark}`,
    `@media screen and (prefers-color-scheme:dark){:root{${
      variables(PALETTES.dark)
    }}}`,
    EVERYWHERE,
    `@media (max-width:44rem){${NARROW}}`,
    `@media screen{${SCREEN}}`,
    `@media print{${PRINT}}`,
    '@property --fade{syntax:"<length>";inherits:false;initial-value:0px}',
    `@page{size:A4;margin:20mm 19mm 22mm;` +
    `@bottom-left{content:${quoted(footer)};${FOOTER}}` +
    `@bottom-right{content:counter(page) " / " counter(pages);${FOOTER}}}`,
  ].join("\n");
}

const SANS = '"PingFang SC","Hiragino Sans GB","Microsoft YaHei",' +
  '"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",sans-serif';
const LATIN = '-apple-system,"Segoe UI",Roboto,"Noto Sans",Ubuntu,Cantarell,' +
  '"Helvetica Neue"';
const MONO = 'ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,' +
  '"Noto Sans Mono","Liberation Mono","DejaVu Sans Mono",' +
  '"Noto Sans Mono CJK SC",monospace';

const FOOTER = `font:8pt ${LATIN},${SANS};color:${PALETTES.light.faint}`;

const EVERYWHERE = `
*{box-sizing:border-box}
html{font-size:106.25%;text-size-adjust:100%;-webkit-text-size-adjust:100%;
  background:var(--ground);color:var(--text);line-height:1.6;
  font-family:${LATIN},${SANS};font-variant-east-asian:proportional-width}
body{margin:0;overflow-wrap:break-word}
/* Quotation marks are as wide as the signs around them only in a Chinese font. */
:root:lang(zh){font-family:${SANS};font-variant-east-asian:normal;
  text-autospace:normal;line-height:1.75}
.page{max-width:60rem;margin:0 auto;padding:4rem 2rem 6rem}
p,ul,ol,h1,h2,h3,h4{max-width:42rem;margin:0 0 1rem}
p{text-wrap:pretty}
h1,h2,h3,h4{line-height:1.3;text-wrap:balance;font-weight:650}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:.06em}
strong{font-weight:650}
code,pre,kbd,samp{font-family:${MONO};font-variant-ligatures:none;
  font-variant-east-asian:normal;text-autospace:no-autospace}
code{font-size:.875em;background:var(--tint);border-radius:.25em;padding:.08em .2em;
  overflow-wrap:anywhere}
figure,dl,dd{margin:0}
.number{color:var(--accent);font-variant-numeric:tabular-nums;margin-right:.6em}
.label{color:var(--faint);font-size:.8125rem}
.notable .label{margin-left:.4em}
figcaption{color:var(--faint);font-size:.875rem;line-height:1.5;
  text-align:left}
.held{color:var(--good)}.failed{color:var(--bad)}.not-run{color:var(--idle)}

header{border-top:.25rem solid var(--accent);padding-top:1.75rem;margin-bottom:2rem}
h1{font-size:2.125rem;line-height:1.2;letter-spacing:-.01em;margin:0 0 .6rem}
:root:lang(zh) h1{letter-spacing:0}
.subtitle{font-size:1.125rem;color:var(--faint);margin:0 0 2rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));
  column-gap:2.5rem;border-bottom:1px solid var(--line)}
.facts div{display:grid;grid-template-columns:8rem 1fr;gap:1rem;align-items:baseline;
  border-top:1px solid var(--line);padding:.5rem 0;font-size:.9375rem;line-height:1.5}
.facts dt{color:var(--faint)}
.facts dd{overflow-wrap:anywhere}
.facts .blank{border-bottom:1px dotted var(--faint);min-height:1.4em}

.results{border:1px solid var(--line);border-radius:.5rem;margin:2rem 0 0;
  padding:1rem 1.25rem;break-inside:avoid}
.counts{display:flex;flex-wrap:wrap;gap:.25rem 2.25rem;margin:0;max-width:none;
  font-weight:600}
.counts a{color:inherit}
.notable{list-style:none;margin:.75rem 0 0;padding:.75rem 0 0;max-width:none;
  border-top:1px solid var(--line);font-size:.9375rem;line-height:1.5}
.notable li{display:flex;gap:.6em}
.notable li+li{margin-top:.35rem}
.sign{flex:none;width:1.1em;text-align:center;font-weight:700}
/* In other fonts some of the signs are as wide as a Chinese one. */
.sign,.mark{font-family:"Segoe UI Symbol","Apple Symbols","DejaVu Sans",sans-serif}

.contents{margin:2.5rem 0 0}
.contents h2{font-size:1.0625rem;margin:0 0 .5rem}
.contents ol{list-style:none;padding:0;margin:0;max-width:none}
.contents li{display:flex;align-items:baseline;gap:.75rem;
  border-top:1px solid var(--line);padding:.35rem 0}
.contents li:last-child{border-bottom:1px solid var(--line)}
.contents a{color:inherit;text-decoration:none;display:flex}
.contents .number{flex:none;width:1.5em}
.contents .outcome{margin-left:auto;flex:none;font-size:.875rem;
  font-variant-numeric:tabular-nums}
.outcome>*+*{margin-left:1em}

.chapter{border-top:1px solid var(--line);margin-top:3.5rem;padding-top:2rem}
.chapter h2{font-size:1.5rem;margin-bottom:1.1rem}
h3{font-size:1.1875rem;margin:2.25rem 0 .75rem}
h4{font-size:1rem;margin:1.75rem 0 .5rem}
ul,ol{padding-left:1.5rem}
li+li{margin-top:.3rem}

.window{border:1px solid var(--line);border-radius:.5rem;overflow:hidden;
  display:flex;flex-direction:column;min-width:0}
.window figcaption{display:flex;align-items:center;gap:.75rem;background:var(--tint);
  border-bottom:1px solid var(--line);padding:.35rem .85rem;font-weight:600;
  font-size:.8125rem}
.window pre{margin:0;padding:.7rem .85rem;font-size:.8125rem;line-height:1.5;
  flex:1}
.window figcaption code{padding:0;line-height:1}
.lights{flex:none;display:flex;gap:.3rem}
.lights i{width:.55rem;height:.55rem;border:1px solid var(--faint);border-radius:50%;
  opacity:.6}
.screens{display:grid;gap:1rem;margin:1.5rem 0;
  grid-template-columns:repeat(2,minmax(0,1fr))}
/* One screen, or the first of three, has the whole width. */
.screens .window:first-child:nth-last-child(odd){grid-column:1/-1}
.screens pre{font-size:.75rem}
.line{display:block}
.screens .line{white-space:pre-wrap;overflow-wrap:anywhere;
  padding-left:2ch;text-indent:-2ch}
.console{margin:1.25rem 0}
.prompt{color:var(--accent);font-weight:700;user-select:none;-webkit-user-select:none}
kbd{font-weight:700}

.table{margin:1.5rem 0}
.table figcaption{margin-bottom:.5rem;max-width:42rem}
table{border-collapse:collapse;font-size:.9375rem;line-height:1.45;min-width:min(100%,24rem);
  border-top:2px solid var(--text);border-bottom:2px solid var(--text)}
thead{border-bottom:1px solid var(--text)}
th,td{padding:.45rem 1.5rem .45rem 0;text-align:left;vertical-align:top}
th:last-child,td:last-child{padding-right:0}
th{font-weight:650;vertical-align:bottom}
tbody tr+tr{border-top:1px solid var(--line)}
td code{overflow-wrap:break-word}
/* What a row is about is a word or two, which Chinese could cut anywhere. */
:root:lang(zh) td:first-child{word-break:keep-all}
.figures{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}

.picture{margin:1.75rem 0}
/* Drawings are made for a light ground, whatever the page's is. */
.picture img{display:block;max-width:100%;height:auto;color-scheme:light;
  background:#fff}
.picture figcaption{margin-top:.6rem;max-width:42rem}

.findings{list-style:none;padding:0;margin:1.5rem 0;border-bottom:1px solid var(--line)}
.findings li{display:flex;gap:.75rem;margin:0;padding:.5rem 0;
  border-top:1px solid var(--line)}
.findings .failed+span strong:first-child{color:var(--bad)}

.notice{border:1px dashed var(--idle);border-radius:.5rem;padding:1rem 1.25rem;
  margin:1.5rem 0;max-width:42rem}
.notice>p{font-weight:650;color:var(--idle);margin:0 0 .4rem}
.notice .sign{display:inline-block;margin-right:.4em}
.notice div{display:grid;grid-template-columns:7.5rem 1fr;gap:1rem}
.notice div+div{margin-top:.4rem}
.notice dt{color:var(--faint)}

.answer{border-left:.2rem solid var(--accent);padding:.1rem 0 .1rem 1.25rem;
  margin:1.75rem 0;max-width:42rem}
.answer p{margin:0}
.answer .label{font-weight:600}
.answer .question{font-weight:650;margin:.1rem 0 .4rem}
`;

const NARROW = `
html{font-size:100%}
.page{padding:1.5rem 1rem 4rem}
h1{font-size:1.625rem}
.subtitle{font-size:1.0625rem}
.facts div{grid-template-columns:7.5rem 1fr}
.contents .outcome{font-size:.8125rem}
table{font-size:.875rem}
.screens{grid-template-columns:minmax(0,1fr)}
.console pre{font-size:.75rem}
.chapter{margin-top:2.5rem;padding-top:1.5rem}
.chapter h2{font-size:1.3125rem}
.notice div{grid-template-columns:1fr;gap:0}
th,td{padding-right:.9rem}
.answer{padding-left:1rem}
`;

const SCREEN = `
:target{scroll-margin-top:1rem}
li:target,.notice:target{outline:2px solid var(--accent);outline-offset:.3rem;
  border-radius:.25rem}
.contents a:hover{text-decoration:underline}
/* A drawing's letters stay large enough to be read; it is moved, not the page. */
.picture img{max-width:max(100%,40rem)}
.scroll{overflow-x:auto}
/* What goes on to the right fades there, until one has moved to its end. */
@supports (animation-timeline:scroll()){
  .scroll{animation:fade linear both;animation-timeline:scroll(self inline);
    mask-image:linear-gradient(to left,transparent,#000 var(--fade))}
}
@keyframes fade{from,80%{--fade:3rem}to{--fade:0px}}
@media (prefers-color-scheme:dark){
  .picture img{padding:.75rem;border-radius:.5rem}
}
`;

const PRINT = `
html{font-size:9.75pt;background:none}
.page{max-width:none;padding:0 1px}
.screens{grid-template-columns:repeat(2,minmax(0,1fr))}
.window pre{font-size:7.25pt;line-height:1.4}
.screens pre{font-size:7pt}
.window figcaption{font-size:7.75pt}
h1,h2,h3,h4,.window figcaption{break-after:avoid}
.table figcaption,thead{break-after:avoid}
/* What leads to something stands above it, not at the foot of the page before. */
p:has(+.picture,+.screens,+.console){break-after:avoid;break-inside:avoid}
p,li{orphans:3;widows:3}
tr,li,img,.picture,.table,.screens,.window,.notice,.answer,.facts div,.contents{
  break-inside:avoid}
.long{break-inside:auto}
thead{display:table-header-group}
table{font-size:8.75pt}
.console .line{white-space:pre-wrap;overflow-wrap:anywhere;padding-left:2ch;
  text-indent:-2ch}
.picture img{max-height:235mm;width:auto}
.counts a,.notable a{text-decoration:none;color:inherit}
.chapter{margin-top:2.25rem;padding-top:1.25rem}
.screens,.table,.picture,.findings,.notice,.answer{margin-top:1.1rem;margin-bottom:1.1rem}
h3{margin-top:1.6rem}
code{padding:0}
`;

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
}

/** A string of CSS in which nothing can end it, or the sheet. */
function quoted(text: string): string {
  const body = text.replace(
    /[^\p{L}\p{N} .,:()-]/gu,
    (character) => `\\${character.codePointAt(0)!.toString(16)} `,
  );
  return `"${body}"`;
}
