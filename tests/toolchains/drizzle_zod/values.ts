// The values that both sides are asked about: the edges of every type, texts of every kind, and random ones.

const numbers = [
  ...[0, -0, 1, -1, 1.5, 0.1, 127, 128, 32767, 32768, -32768, -32769, 8388607, 8388608, 1e7, 16777217],
  ...[2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 1e15, 140737488355328],
  ...[2 ** 53 - 1, 2 ** 53, -(2 ** 53) + 1, 2 ** 60, 2 ** 63, 1e20, 3.4028235e38, 3.5e38, 1e-45, 1e-300],
  ...[Number.MAX_VALUE, Number.MIN_VALUE, NaN, Infinity, -Infinity],
];
const bigints = [
  ...[0n, 1n, -1n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), -(2n ** 63n) - 1n, 10n ** 40n],
];
const texts = [
  ...["", " ", "a", "A", "abc", "abcd", "abcdef", "abcde ", "b c", "B C", "é", "😀", "😀😀😀😀😀", "\u0000", "'", '"', "\\"],
  ...["sad", "in review", "2nd", "glad", "0", "1", "01", "-1", "1.5", "1e5", " 1 ", "NaN", "Infinity", "-infinity"],
  ...["12345678.99", "123456789.99", "0x1F", "1_000", "1".repeat(200), "t", "true", "yes"],
  ...["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
  ...["12345678-1234-0234-1234-123456789abc", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"],
  ...["a0eebc999c0b4ef8bb6d6bb9bd380a11", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}"],
  ...["2024-01-02", "2024-02-30", "2024-1-2", "January 8, 1999", "now", "tomorrow", "epoch", "infinity", "0001-01-01 BC"],
  ...["2024-01-02T03:04:05.123456Z", "2024-01-02 03:04:05+05:30", "2024-01-02 24:00:00", "12024-01-02", "0000-01-01"],
  ...["01:02", "01:02:03.123456", "24:00", "25:00", "01:02+03", "allballs", "1 day", "P1Y2M3DT4H5M6S", "1-2", "@ 1 ago"],
  ...["::1", "10.0.0.1", "10.0.0.0/8", "10.0.0.1/8", "300.1.1.1", "08:00:2b:01:02:03", "08002b010203"],
  ...["08:00:2b:01:02:03:04:05", "101", "10", "1011", "210", "b101", "{1:1}/3", "{1:1}/4", "[1,2,3]", "{}", "null"],
];
const dates = [
  ...["2024-01-02T03:04:05.678Z", "1970-01-01", "0001-01-01", "9999-12-31"].map((text) => new Date(text)),
  ...[new Date(NaN), new Date(8.64e15), new Date(-8.64e15), new Date(-62198755200000)],
];
const lists = [
  ...[[], [1], [1, 2], [1, 2, 3], [1.5, 2, 3], [1, 2, 3, 4], [NaN, 1, Infinity], [0, 0, 3], [65505, 1, 1], [1e39, 1, 1]],
  ...[[null], [undefined], [[]], [[1]], [[1, 2], [3, 4]], [[1], [2, 3]], [[null]], ["a"], ["a", null], ["a", "b", "c"]],
  ...[["sad"], ["2nd", "sad"], ["glad"], ["b", "a"], ["1"], [1n], [2n ** 63n], [true], [{}], [new Date(0)], [[["a"]]]],
  ...[["{"], ["", '"', "\\", ",", "NULL"], [NaN, NaN], [-Infinity, 0]],
];
const objects = [
  ...[{}, { a: 1 }, { a: { b: [1, null] } }, { x: 1, y: 2 }, { x: 1 }, { x: 1, y: 2, z: 3 }, { x: "1", y: 2 }],
  ...[{ a: 1, b: 2, c: 3 }, { a: 0, b: 0, c: 1 }, { x: NaN, y: Infinity }, { a: NaN, b: 1, c: 1 }, { d: new Date(0) }],
  ...[{ n: 1n }, { u: undefined }, { f: () => 1 }, { n: NaN }, { ["\u0000"]: 1 }, new Map(), /a/, Buffer.from([1, 2])],
  ...[new Uint8Array([3]), () => 1, Symbol("a")],
];

/** A sequence of numbers in [0, 1) that is the same in every run. */
function random(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function* drawn(count: number) {
  const next = random(7);
  const below = (n: number) => Math.floor(next() * n);
  for (let i = 0; i < count; i++) {
    yield (next() - 0.5) * 10 ** below(40);
    yield below(2) ? below(70000) - 35000 : Math.floor((next() - 0.5) * 2 ** (20 + below(45)));
    yield BigInt(Math.floor((next() - 0.5) * 2 ** 53)) * BigInt(2 ** below(14));
    yield new Date((next() - 0.5) * 10 ** (10 + below(7)));
    yield Array.from({ length: below(12) }, () => String.fromCodePoint(32 + below(below(2) ? 94 : 50000))).join("");
    yield [next(), next(), below(9)];
    yield Array.from({ length: 36 }, (_, n) =>
      [8, 13, 18, 23].includes(n) ? "-" : "0123456789abcdef"[below(16)],
    ).join("");
  }
}

export const values = (count: number): unknown[] => [
  ...[undefined, null, true, false, ...numbers, ...bigints, ...texts, ...dates, ...lists, ...objects],
  ...drawn(count),
];
