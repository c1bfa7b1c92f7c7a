// Reads moment.js's locale facts and sample results, the reference for dates in formulas.
//   npm install moment moment-timezone   (in a folder of your own)
//   NODE_PATH=<that folder>/node_modules node moment.cjs facts > ../../../../plugins/formulas/dates/locales.json
//   NODE_PATH=<that folder>/node_modules node moment.cjs samples > samples.json
const moment = require("moment-timezone");
const LOCALES = "af ar-ma ar-sa ar-tn ar az be bg bn bo br bs ca cs cv cy da de el en-au en-ca en-gb eo es et eu fa fi fo fr-ca fr fy gl he hi hr hu hy-am id is it ja jv ka km ko lb lt lv me mk ml mr ms my nb ne nl nn pl pt-br pt ro ru si sk sl sq sr-cyrl sr sv ta th tl-ph tr tzm-latn tzm uk uz vi zh-cn zh-tw en".split(" ");
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

function facts(id) {
  moment.locale(id);
  const data = moment.localeData();
  if (moment.locale() !== id) throw new Error(`no locale ${id}`);
  const day = (month) => moment.utc([2015, month, 10]);
  const months = (token) => range(0, 11).map((m) => token.length === 4 ? data.months(day(m), token) : data.monthsShort(day(m), token));
  const inFormat = (long) => range(0, 11).map((m) => long ? data.months(day(m), "D MMMM") : data.monthsShort(day(m), "D MMM"));
  const sunday = moment.utc([2015, 1, 1]);
  const weekday = (i) => sunday.clone().add(i, "days");
  const out = {
    months: months("MMMM"), months_short: months("MMM"),
    weekdays: range(0, 6).map((i) => data.weekdays(weekday(i), "dddd")),
    weekdays_short: range(0, 6).map((i) => data.weekdaysShort(weekday(i))),
    weekdays_min: range(0, 6).map((i) => data.weekdaysMin(weekday(i))),
    first_day: data.firstDayOfWeek(), first_week: data.firstDayOfYear(), long: {},
  };
  const long = inFormat(true), short = inFormat(false);
  if (long.join() !== out.months.join()) out.months_after_day = long;
  if (data.months(day(0), "MMMM D") !== out.months[0]) out.months_change_before_day = true;
  if (short.join() !== out.months_short.join()) out.months_short_after_day = short;
  for (const key of ["LT", "LTS", "L", "LL", "LLL", "LLLL", "l", "ll", "lll", "llll"]) out.long[key] = data.longDateFormat(key);
  const ordinals = {}, seen = {};
  for (const [token, from, to] of [["D", 1, 31], ["M", 1, 12], ["DDD", 1, 366], ["d", 0, 6], ["w", 1, 53], ["W", 1, 53], ["Q", 1, 4]])
    for (const n of range(from, to)) {
      const template = String(data.ordinal(n, token)).replace(String(n), "%d");
      (ordinals[token] ??= {})[n] = template;
      seen[template] = (seen[template] ?? 0) + 1;
    }
  const usual = Object.keys(seen).sort((a, b) => seen[b] - seen[a])[0];
  out.ordinal = usual;
  const special = {};
  for (const [token, all] of Object.entries(ordinals)) {
    const rest = Object.fromEntries(Object.entries(all).filter(([, template]) => template !== usual));
    if (Object.keys(rest).length) special[token] = rest;
  }
  if (Object.keys(special).length) out.ordinals = special;
  const half = range(0, 47).map((i) => [Math.floor(i / 2), (i % 2) * 30]);
  for (const [name, lower] of [["am_pm", true], ["AM_PM", false]]) {
    const all = half.map(([h, m]) => data.meridiem(h, m, lower));
    const runs = [];
    all.forEach((word, i) => { if (!i || word !== all[i - 1]) runs.push([i, word]); });
    out[name] = runs;
  }
  const digits = data.postformat("0123456789");
  if (digits !== "0123456789") out.digits = digits;
  if (data.postformat(",") !== ",") out.comma = data.postformat(",");
  return out;
}

const TOKENS = "M Mo MM MMM MMMM D Do DD DDD DDDo DDDD d do dd ddd dddd e E w wo ww W Wo WW YY YYYY gg gggg GG GGGG Q Qo A a H HH h hh k kk m mm s ss S SS SSS z Z ZZ X x LT LTS L l LL ll LLL lll LLLL llll".split(" ");
const PATTERNS = ["[Week] w [of] gggg", "dddd, MMMM Do YYYY, h:mm:ss a", "D MMMM YYYY", "MMMM YYYY", "DD MMM", "YYYY-MM-DDTHH:mm:ss.SSSZ", "hmm Hmmss", "[it''s] \\Y Y q", "MMMMM DDDDD", "dddd D. MMMM", "D [de] MMMM", "yyyy yy", "SSSS SSSSS", "ddddd", "MMM Do", "Do MMM"];
const INSTANTS = ["2013-02-17T07:31:25.678Z", "2019-07-10T00:00:00.000Z", "2024-12-30T23:59:59.999Z", "1969-12-31T12:05:09.001Z", "2021-01-03T13:00:00.000Z", "2000-02-29T18:45:00.000Z"];

function samples() {
  const format = [], diff = [], add = [], words = [], parse = [], zones = [];
  for (const locale of LOCALES) for (const instant of INSTANTS.slice(0, locale === "en" ? 6 : 2))
    for (const pattern of locale === "en" ? [...TOKENS, ...PATTERNS] : ["dddd D MMMM YYYY", "MMMM", "MMM D", "D MMM", "dd ddd", "Do Mo", "wo w gg e", "h:mm a A", "LT", "L", "LL", "LLL", "LLLL", "l", "ll", "lll", "llll"])
      format.push([instant, locale, pattern, moment.utc(instant).locale(locale).format(pattern)]);
  const UNITS = ["milliseconds", "seconds", "minutes", "hours", "days", "weeks", "months", "quarters", "years"];
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const instant = () => moment.utc(Date.UTC(1990 + random(60), random(12), 1 + random(31), random(24), random(60), random(60), random(1000)));
  for (let i = 0; i < 300; i++) {
    const a = instant(), b = random(3) ? instant() : a.clone().add(random(90) - 45, "days"), unit = UNITS[random(9)];
    diff.push([a.toISOString(), b.toISOString(), unit, a.diff(b, unit)]);
    const n = (random(800) - 400) / (random(3) ? 1 : 4);
    add.push([a.toISOString(), n, unit, a.clone().add(n, unit).toISOString()]);
    words.push([a.toISOString(), b.toISOString(), a.locale("en").from(b, true)]);
  }
  for (const minutes of [0, 0.5, 0.74, 0.76, 1.4, 1.6, 44, 45, 89, 91, 60 * 21, 60 * 22, 60 * 35, 60 * 37, 60 * 24 * 25, 60 * 24 * 26, 60 * 24 * 45, 60 * 24 * 46, 60 * 24 * 319, 60 * 24 * 320, 60 * 24 * 547, 60 * 24 * 549, 60 * 24 * 800]) {
    const a = moment.utc("2024-05-05T05:05:05.000Z"), b = a.clone().add(minutes * 60, "seconds");
    words.push([b.toISOString(), a.toISOString(), b.locale("en").from(a, true)]);
  }
  for (const [text, pattern, locale] of [["4 Mar 2017 22:00", "D MMM YYYY HH:mm"], ["March 4, 2017", "MMMM D, YYYY"], ["2017/03/04", "YYYY/MM/DD"], ["04.03.17", "DD.MM.YY"], ["3:07 pm 2020-02-03", "h:mm a YYYY-MM-DD"], ["12:00 AM 2020-02-03", "h:mm A YYYY-MM-DD"], ["1583020800", "X"], ["1583020800123", "x"], ["2020 61", "YYYY DDDD"], ["4th March 2017", "Do MMMM YYYY"], ["20170304T223015", "YYYYMMDD[T]HHmmss"], ["2017-03-04 10:00 +05:30", "YYYY-MM-DD HH:mm Z"], ["Mar 2017", "MMM YYYY"], ["2017", "YYYY"], ["31/02/2017", "DD/MM/YYYY"], ["4 mars 2017", "D MMMM YYYY", "fr"], ["4 März 2017", "D MMMM YYYY", "de"], ["10 de julio de 2019", "D [de] MMMM [de] YYYY", "es"], ["12.345", "ss.SSS"], ["68", "YY"], ["69", "YY"], ["2020-W05-3", "GGGG-[W]WW-E"], ["Sat 4 Mar 2017", "ddd D MMM YYYY"], ["nonsense", "YYYY-MM-DD"], ["Q2 2020", "[Q]Q YYYY"], ["07/10/19 13:00", "MM/DD/YY HH:mm"], ["13/13/2020", "MM/DD/YYYY"], ["25:00", "HH:mm"]]) {
    const m = moment.utc(text, pattern, locale ?? "en");
    if (/Y|X|x|G/.test(pattern)) parse.push([text, pattern, locale ?? "", m.isValid() ? m.toISOString() : null]);
  }
  for (const [instant, zone] of [["2019-07-10T13:00:00.000Z", "Australia/Sydney"], ["2024-01-15T12:00:00.000Z", "America/New_York"], ["2024-07-15T12:00:00.000Z", "America/New_York"], ["2024-03-31T01:30:00.000Z", "Europe/Berlin"], ["2024-07-15T12:00:00.000Z", "Asia/Kolkata"], ["2024-07-15T12:00:00.000Z", "Asia/Kathmandu"], ["2024-07-15T12:00:00.000Z", "America/Sao_Paulo"], ["2024-07-15T12:00:00.000Z", "UTC"]])
    zones.push([instant, zone, moment.utc(instant).tz(zone).locale("en").format("M/D/YYYY h:mm a Z ZZ z X")]);
  return { moment: moment.version, format, diff, add, words, parse, zones };
}

const lines = (object) => "{\n" + Object.entries(object).map(([key, value]) => `${JSON.stringify(key)}: ${Array.isArray(value) && Array.isArray(value[0]) ? "[\n" + value.map((row) => JSON.stringify(row)).join(",\n") + "\n]" : JSON.stringify(value)}`).join(",\n") + "\n}";
process.stdout.write(lines(process.argv[2] === "facts" ? Object.fromEntries(LOCALES.map((id) => [id, facts(id)])) : samples()) + "\n");
