/** The text of a parameter as Postgres reads it, written here without any of the driver's help. */

export type Client = "pg" | "postgres";

const pad = (part: number, digits = 2) => String(part).padStart(digits, "0");

/** A moment on the clock of a zone, as Postgres writes it; `zoned` is the moment's own. */
function clock(moment: Date, base: string): string {
  const year = moment.getUTCFullYear();
  const day = `${pad(year > 0 ? year : 1 - year, 4)}-${pad(moment.getUTCMonth() + 1)}-${pad(moment.getUTCDate())}`;
  const time = `${pad(moment.getUTCHours())}:${pad(moment.getUTCMinutes())}:${pad(moment.getUTCSeconds())}`;
  const zone = base === "timestamp with time zone" ? "+00" : "";
  const whole = base === "date" ? day : `${day} ${time}.${pad(moment.getUTCMilliseconds(), 3)}${zone}`;
  return year > 0 ? whole : `${whole} BC`;
}

/** What the clock on the wall says, as a moment of UTC. */
function onTheWall(moment: Date): Date {
  const wall = new Date(0);
  wall.setUTCFullYear(moment.getFullYear(), moment.getMonth(), moment.getDate());
  wall.setUTCHours(
    moment.getHours(),
    moment.getMinutes(),
    moment.getSeconds(),
    moment.getMilliseconds(),
  );
  return wall;
}

function interval(value: Record<string, number>): string {
  const parts = ["years", "months", "days", "hours", "minutes", "seconds"];
  const micros = Math.round((value["milliseconds"] ?? 0) * 1000);
  return [...parts.map((part) => `${value[part] ?? 0} ${part}`), `${micros} microseconds`].join(" ");
}

const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

function array(items: unknown[], base: string, client: Client): string {
  const texts = items.map((item) => {
    if (Array.isArray(item)) return array(item, base, client);
    const text = textOf(item, base, client);
    return text === null ? "NULL" : quoted(text);
  });
  return `{${texts.join(base === "box" ? ";" : ",")}}`;
}

export function textOf(value: unknown, base: string, client: Client, dimensions = 0): string | null {
  if (value === null) return null;
  if (dimensions > 0 && Array.isArray(value)) return array(value, base, client);
  if (["json", "jsonb"].includes(base) && (dimensions === 0 || typeof value !== "string"))
    return client === "pg" && typeof value === "string" ? value : JSON.stringify(value);
  if (value instanceof Date) {
    const local = client === "pg" && base !== "timestamp with time zone";
    return clock(local ? onTheWall(value) : value, base);
  }
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (typeof value === "object") return interval(value as Record<string, number>);
  return String(value);
}
