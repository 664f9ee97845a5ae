/**
 * Reads a drawing back: its elements, and where its texts are.
 *
 * @module
 */

import { unicodeWidth } from "@std/cli/unicode-width";
import { assert, assertEquals } from "@std/assert";

/** An element of a drawing. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  /** The text in it, but for that of its children. */
  text: string;
}

/** A text of a drawing, and where it is. */
export interface Text {
  readonly text: string;
  readonly classes: readonly string[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
};

/** The root of a drawing, which must be well-formed XML. */
export function parse(svg: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  // deno-lint-ignore no-control-regex -- XML cannot hold them
  assert(!/[\0-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]/.test(svg), "controls");
  assert(svg.isWellFormed(), "half a surrogate pair");
  const tags = /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>|[^<]+|</g;
  for (const [token, end, name, list, empty] of svg.matchAll(tags)) {
    const parent = open.at(-1)!;
    if (name === undefined) {
      parent.text += unescaped(token);
    } else if (end !== "") {
      assertEquals(open.pop()!.name, name);
    } else {
      const attributes: Record<string, string> = {};
      for (const [, key, value] of list!.matchAll(/ ([^=]+)="([^"]*)"/g)) {
        assert(!(key! in attributes), `${key} twice in ${token}`);
        attributes[key!] = unescaped(value!);
      }
      const element = { name, attributes, children: [], text: "" };
      parent.children.push(element);
      if (empty === "") open.push(element);
    }
  }
  assertEquals(open.length, 1, "elements are closed");
  assertEquals(root.children.length, 1);
  return root.children[0]!;
}

function unescaped(text: string): string {
  assert(!/[<>]|&(?!(amp|lt|gt|quot);)/.test(text), text);
  return text.replace(/&\w+;/g, (entity) => ENTITIES[entity]!);
}

/** All elements below one, in order. */
export function* elements(root: Element): Generator<Element> {
  for (const child of root.children) {
    yield child;
    yield* elements(child);
  }
}

/** All texts of a drawing, with the room that they take, roughly. */
export function texts(root: Element): Text[] {
  const sizes = fontSizes(root);
  return [...elements(root)].filter(({ name }) => name === "text")
    .map(({ attributes, text }) => {
      const classes = attributes.class?.split(" ") ?? [];
      const size = classes.map((name) => sizes.get(name))
        .findLast((size) => size !== undefined) ?? 12;
      const width = widthOf(text) * size;
      const [x, y] = [Number(attributes.x), Number(attributes.y)];
      const left = classes.includes("middle")
        ? x - width / 2
        : classes.includes("end")
        ? x - width
        : x;
      return {
        text,
        classes,
        left,
        right: left + width,
        top: y - size * 0.8,
        bottom: y + size * 0.2,
      };
    });
}

/** How wide a text is in most fonts, in em. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/[ -~]/.test(character)) {
      width += /[ !'(),./:;I[\]fijlrt|-]/.test(character) ? 0.3 : 0.55;
    } else {
      width += unicodeWidth(character) / 2;
    }
  }
  return width;
}

/** The sizes of fonts, by the classes that give them. */
function fontSizes(root: Element): Map<string, number> {
  const style = root.children.find(({ name }) => name === "style")!.text;
  const rules = style.matchAll(/\.([\w-]+)\{font(?:-size)?:(\d+)px/g);
  return new Map([...rules].map(([, name, size]) => [name!, Number(size)]));
}

/** That all texts are within the picture, and none upon another. */
export function assertReadable(root: Element, about: string): void {
  const [, , width, height] = root.attributes.viewBox!.split(" ").map(Number);
  const all = texts(root).toSorted((a, b) => a.top - b.top);
  all.forEach((one, i) => {
    assert(
      one.left >= 8 && one.right <= width! - 8 && one.top >= 8 &&
        one.bottom <= height! - 4,
      `${about}: "${one.text}" is not within the picture`,
    );
    for (let j = i + 1; j < all.length; j++) {
      const other = all[j]!;
      if (other.top >= one.bottom) break;
      assert(
        other.left >= one.right || other.right <= one.left,
        `${about}: "${one.text}" and "${other.text}" overlap`,
      );
    }
  });
}

/** That a drawing is whole in itself: no scripts, nothing from elsewhere. */
export function assertSelfContained(svg: string): void {
  assert(
    !/<(script|image|use|foreignObject|a)\b|\son\w+=|url\(|@import/.test(svg),
  );
  assertEquals(svg.match(/https?:[^"]*/g), ["http://www.w3.org/2000/svg"]);
}

/** The rules of a drawing's style: for a light page, and for a dark one. */
export function styles(root: Element): [light: string, dark: string] {
  const style = root.children.find(({ name }) => name === "style")!.text;
  const [light, dark = ""] = style.split("@media screen and (prefers-color");
  return [light!, dark];
}
