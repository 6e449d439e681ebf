/* Dutch month and day names for the date picker, which looks for window.dayjs_locale_<code>. Loaded before it. */
window.dayjs_locale_nl = {
  name: "nl",
  weekdays: ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"],
  weekdaysShort: ["zo", "ma", "di", "wo", "do", "vr", "za"],
  weekdaysMin: ["zo", "ma", "di", "wo", "do", "vr", "za"],
  months: ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
    "november", "december"],
  monthsShort: ["jan.", "feb.", "mrt.", "apr.", "mei", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."],
  weekStart: 1,
  yearStart: 4,
  ordinal: function (n) { return n + "e"; },
  formats: { LT: "HH:mm", LTS: "HH:mm:ss", L: "DD-MM-YYYY", LL: "D MMMM YYYY", LLL: "D MMMM YYYY HH:mm",
    LLLL: "dddd D MMMM YYYY HH:mm" },
  relativeTime: { future: "over %s", past: "%s geleden", s: "een paar tellen", m: "een minuut", mm: "%d minuten",
    h: "een uur", hh: "%d uur", d: "een dag", dd: "%d dagen", M: "een maand", MM: "%d maanden", y: "een jaar",
    yy: "%d jaar" },
};
