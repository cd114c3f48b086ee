"use strict";
// The theme first, so that the page is never drawn in the wrong one.
(() => {
  const root = document.documentElement;
  const KEPT = "signals-agent-theme";

  function keptTheme() {
    try { return localStorage.getItem(KEPT) || "auto"; } catch { return "auto"; }
  }

  function setTheme(name) {
    if (name === "light" || name === "dark") root.dataset.theme = name;
    else delete root.dataset.theme;
    try { localStorage.setItem(KEPT, name); } catch { /* a file may have no storage */ }
  }

  const before = keptTheme();
  if (before !== "auto") root.dataset.theme = before;

  document.addEventListener("DOMContentLoaded", () => {
    for (const radio of document.querySelectorAll("input[name=theme]")) {
      radio.checked = radio.value === before;
      radio.addEventListener("change", () => setTheme(radio.value));
    }
    for (const each of document.querySelectorAll(".scripted")) each.hidden = false;
    assets();
  });

  const byId = (id) => document.getElementById(id);
  const number = (count) => count.toLocaleString("en-GB");
  const counted = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;

  function make(name, attributes, ...children) {
    const made = document.createElement(name);
    // Named, because on a narrow screen the cells are not laid out as a table.
    const role = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell", th: "rowheader" }[name];
    if (role) made.setAttribute("role", attributes && attributes.scope === "col" ? "columnheader" : role);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === true) made.setAttribute(key, "");
      else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
    }
    made.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== ""));
    return made;
  }

  // Only what is plainly an address of the web is a link; an escape in it says it is not.
  function link(url, text) {
    if (!/^https?:\/\/[^\s\\]+$/.test(url) || url.endsWith("...")) return make("span", {}, text || url);
    return make("a", { href: url, rel: "noreferrer noopener nofollow" }, text || url);
  }

  function assets() {
    const names = JSON.parse(byId("legend").textContent);
    const tables = { inputs: [], reasons: [], notes: [], duties: [], declarations: [], sets: [], answers: [], looks: [] };
    const columns = { url: [], answer: [], set: [], look: [], entry: [], input: [], line: [], checked: [], final: [], more: [] };
    const order = Object.keys(columns);
    const blocks = [...document.querySelectorAll("script.block")];
    const count = byId("count");

    function read(block) {
      const found = JSON.parse(block.textContent);
      // The text is not needed again, and is as large as all else together.
      block.remove();
      for (const name of Object.keys(tables)) {
        const into = tables[name];
        for (const each of found[name]) into.push(each);
      }
      found.rows.forEach((values, place) => {
        const into = columns[order[place]];
        for (const each of values) into.push(each);
      });
    }

    function readSome() {
      const until = performance.now() + 60;
      while (blocks.length && performance.now() < until) read(blocks.shift());
      if (blocks.length) {
        count.textContent = `Reading the assets: ${number(columns.url.length)} so far`;
        setTimeout(readSome, 0);
      } else {
        show(names, tables, columns);
      }
    }
    readSome();
  }

  function show(names, tables, columns) {
    const total = columns.url.length;
    const NONE = -1;
    const answerOf = Int32Array.from(columns.answer);
    const setOf = Int32Array.from(columns.set);
    const lower = columns.url.map((url) => url.toLowerCase());
    const finalLower = columns.final.map((url) => (url ? url.toLowerCase() : ""));

    // ---- what the numbers stand for
    const decisionsOf = (answer) => (answer[0] >= 0 ? [answer[0]] : answer[3].filter(Boolean).map((use) => use[1]));
    const worst = (answer) => Math.max(0, ...decisionsOf(answer));
    const usesIn = (mask) => names.uses.filter((_, place) => mask & (1 << place));
    const familyName = (family) => names.families[family] || family;
    const carrierName = (carrier) => names.carriers[carrier] || carrier;
    const reasonName = (code) => names.reasons[code] || code;

    const allReasons = (answer) => [...answer[2], ...answer[3].filter(Boolean).flatMap((use) => use[2])];

    // A party that is not named is the origin itself; named or not, all three tell it apart.
    function partyOf(duty, row) {
      return duty[4] || hostOf(columns.final[row] || columns.url[row]);
    }
    const isParty = (duty, row, [name, url, inferred]) => partyOf(duty, row) === name && duty[6] === inferred
      && (duty[4] ? duty[5] : originOf(columns.final[row] || columns.url[row])) === url;
    // What is asked is owed only where the asset is not skipped; to no party where it is advice.
    const owedOf = (answer) => answer[4].filter((owed) => owed[1] & names.owed);
    const owedToParties = (answer) => owedOf(answer).filter((owed) => tables.duties[owed[0]][0] !== names.advice);
    const originOf = (url) => url.split("/", 3).join("/");
    const hostOf = (url) => originOf(url).replace(/^[^/]*\/\//, "");
    const sourceOf = (source, row) => {
      const own = columns.final[row] || columns.url[row];
      if (source === "") return own;
      return source.startsWith("/") ? originOf(own) + source : source;
    };

    // ---- the state
    const filters = { text: "", decision: "", reason: "", family: "", carrier: "", preference: "", use: "", duty: "", party: "", at: "", inferred: "", note: "", says: "", rests: "" };
    let sorted = { by: "number", down: false };
    let size = 50;
    let page = 0;
    let matching = new Uint32Array(0);

    // ---- filters: decided once an entry, then looked up a row at a time
    const fieldNames = ["decision", "reason", "family", "carrier", "preference", "use", "duty"];
    const fields = Object.fromEntries(fieldNames.map((name) => [name, byId(`f-${name}`)]));
    const text = byId("f-text");

    function options(select, entries) {
      select.replaceChildren(...entries.map(([value, label]) => make("option", { value }, label)));
    }

    function tally(each) {
      // How many rows have each value, from how many rows have each entry.
      const counts = new Map();
      const perAnswer = new Uint32Array(tables.answers.length);
      const perSet = new Uint32Array(tables.sets.length);
      for (let row = 0; row < total; row++) {
        if (answerOf[row] !== NONE) perAnswer[answerOf[row]]++;
        if (setOf[row] !== NONE) perSet[setOf[row]]++;
      }
      const add = (value, more) => counts.set(value, (counts.get(value) || 0) + more);
      return each(perAnswer, perSet, add, counts) || counts;
    }

    const answerTally = (valuesOf) => tally((perAnswer, _, add) => {
      tables.answers.forEach((answer, place) => {
        for (const value of new Set(valuesOf(answer))) add(value, perAnswer[place]);
      });
    });
    const setTally = (valueOf) => tally((_, perSet, add) => {
      tables.sets.forEach((set, place) => {
        for (const value of new Set(set.map((at) => valueOf(tables.declarations[at])))) add(value, perSet[place]);
      });
    });
    const most = (counts) => [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const told = (label, many) => `${label} (${number(many)})`;

    function fill() {
      const waiting = columns.answer.filter((answer) => answer === NONE).length;
      const decisions = answerTally(decisionsOf);
      options(fields.decision, [
        ["", "any"],
        ...names.decisions.map((name, place) => [name, told(name, decisions.get(place) || 0)]),
        ...(waiting ? [["none", told("not asked", waiting)]] : []),
      ]);
      options(fields.reason, [["", "any"], ...most(answerTally((answer) => answer[1].map((why) => why[0])))
        .map(([code, many]) => [code, told(reasonName(code), many)])]);
      const undeclared = columns.set.filter((set, row) => set === NONE && answerOf[row] !== NONE).length;
      options(fields.family, [["", "any"], ...most(setTally((found) => found[0]))
        .map(([family, many]) => [family, told(familyName(family), many)]), ["-", told("nothing at all", undeclared)]]);
      options(fields.carrier, [["", "any"], ...most(setTally((found) => found[1]))
        .map(([carrier, many]) => [carrier, told(carrierName(carrier), many)])]);
      options(fields.preference, [["", "any"], ...names.preferences.map((name) => [name, name])]);
      options(fields.use, [["", "any"], ...names.uses.map((name) => [name, name])]);
      options(fields.duty, [["", "any"], ...most(answerTally((answer) => owedOf(answer).map((owed) => tables.duties[owed[0]][0])))
        .map(([kind, many]) => [kind, told(kind, many)])]);
    }

    function flags(entries, test) {
      const found = new Uint8Array(entries.length);
      for (let place = 0; place < entries.length; place++) found[place] = test(entries[place]) ? 1 : 0;
      return found;
    }

    // A reason of a row stands on declarations; their places are those in the row's own set.
    function answerTests() {
      const tests = [];
      const { decision, reason, preference, use, duty, note, says, party } = filters;
      if (decision && decision !== "none") {
        const wanted = names.decisions.indexOf(decision);
        tests.push((answer) => decisionsOf(answer).includes(wanted));
      }
      if (reason) tests.push((answer) => answer[1].some((why) => why[0] === reason));
      if (preference) {
        const wanted = names.preferences.indexOf(preference);
        const only = use ? names.uses.indexOf(use) : NONE;
        tests.push((answer) => answer[3].some((found, place) => found && found[0] === wanted && (only === NONE || place === only)));
      }
      if (duty) tests.push((answer) => owedOf(answer).some((owed) => tables.duties[owed[0]][0] === duty));
      const families = says.split(" ").filter(Boolean);
      if (note) {
        tests.push((answer) => answer[5].some(([at]) => tables.notes[at][1] === note
          && families.every((family) => ` ${tables.notes[at][2]}`.includes(` ${family} says `))));
      }
      if (party) tests.push((answer) => owedToParties(answer).some((owed) => tables.duties[owed[0]][4] === party || !tables.duties[owed[0]][4]));
      return tests;
    }

    // What a cost counts: a use that was held or skipped as the whole asset was, for this
    // reason, resting on declarations of this family and carrier, or on none.
    function rests(row) {
      const answer = tables.answers[answerOf[row]];
      const set = setOf[row] === NONE ? [] : tables.sets[setOf[row]];
      const mask = answer[1].filter((why) => why[0] === filters.reason).reduce((all, why) => all | why[1], 0);
      return answer[3].some((use, at) => use && mask & (1 << at) && use[1] > 0 && (answer[0] < 0 || use[1] === answer[0])
        && use[2].some(([reason, ...because]) => {
          if (tables.reasons[reason][0] !== filters.reason) return false;
          const behind = because.map((each) => tables.declarations[set[each]]);
          // A document falls away with the declaration that names it.
          const named = (found) => found[1] === "licence-document" || found[1] === "policy-document";
          const naming = new Set(behind.filter((found) => !named(found)).map((found) => found[0]));
          const left = behind.filter((found) => !named(found) || !naming.has(found[0]));
          return filters.rests === "nothing" ? !left.length : left.some((found) => `${found[0]} ${found[1]}` === filters.rests);
        }));
    }
    const fits = (found) => found && (!filters.family || found[0] === filters.family) && (!filters.carrier || found[1] === filters.carrier);

    function filtered(sequence) {
      const { decision, family, carrier, party } = filters;
      const whom = [party, filters.at, filters.inferred ? 1 : 0];
      const tests = answerTests();
      const answerFits = tests.length || (decision === "none") ? flags(tables.answers, (answer) => tests.every((test) => test(answer))) : null;
      const declared = family && family !== "-" || carrier;
      const setFits = declared ? flags(tables.sets, (set) => set.some((at) => fits(tables.declarations[at]))) : null;
      const strict = filters.rests && filters.reason;
      const words = filters.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const wordFits = words.map((word) => {
        const inDeclarations = flags(tables.declarations, (found) => `${found[4]} ${found[0]} ${found[2]}`.toLowerCase().includes(word));
        const inDuties = flags(tables.duties, (found) => `${found[4]} ${found[0]} ${found[3]}`.toLowerCase().includes(word));
        return {
          word,
          sets: flags(tables.sets, (set) => set.some((at) => inDeclarations[at])),
          answers: flags(tables.answers, (answer) => answer[4].some((owed) => inDuties[owed[0]])),
        };
      });
      const found = new Uint32Array(total);
      let held = 0;
      for (let at = 0; at < total; at++) {
        const row = sequence[at];
        const answer = answerOf[row];
        const set = setOf[row];
        if (decision === "none" && answer !== NONE) continue;
        if (answerFits && decision !== "none" && (answer === NONE || !answerFits[answer])) continue;
        if (decision === "none" && tests.length) continue;
        if (setFits && (set === NONE || !setFits[set])) continue;
        if (family === "-" && (set !== NONE || answer === NONE)) continue;
        if (strict && (answer === NONE || !rests(row))) continue;
        if (party && !owedToParties(tables.answers[answer]).some((owed) => isParty(tables.duties[owed[0]], row, whom))) continue;
        let fitting = true;
        for (const each of wordFits) {
          if (!(lower[row].includes(each.word) || (finalLower[row] && finalLower[row].includes(each.word))
            || (set !== NONE && each.sets[set]) || (answer !== NONE && each.answers[answer]))) { fitting = false; break; }
        }
        if (fitting) found[held++] = row;
      }
      return found.subarray(0, held);
    }

    // ---- sorting: each order is made once
    const orders = new Map();
    const byNumber = Uint32Array.from({ length: total }, (_, row) => row);
    const keys = {
      decision: (answer) => worst(answer),
      because: (answer) => reasonName(answer[1].length ? answer[1][0][0] : ""),
      preference: (answer) => Math.max(...answer[3].map((use) => (use ? use[0] : 0))),
      owed: (answer) => owedOf(answer).reduce((sum, owed) => sum + (tables.duties[owed[0]][1] ? 100 : 1), 0),
    };

    function sequence() {
      const name = `${sorted.by} ${sorted.down}`;
      if (orders.has(name)) return orders.get(name);
      let made;
      const sign = sorted.down ? -1 : 1;
      if (sorted.by === "number") {
        made = sorted.down ? byNumber.slice().reverse() : byNumber;
      } else if (sorted.by === "url") {
        made = byNumber.slice().sort((a, b) => (lower[a] < lower[b] ? -sign : lower[a] > lower[b] ? sign : a - b));
      } else {
        // The rank of each entry, so that rows compare as numbers; those not asked come last.
        const values = tables.answers.map(keys[sorted.by]);
        const ranks = new Map([...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map((value, rank) => [value, rank]));
        const rankOf = Int32Array.from(values, (value) => ranks.get(value));
        const key = (row) => (answerOf[row] === NONE ? Infinity : sign * rankOf[answerOf[row]]);
        made = byNumber.slice().sort((a, b) => {
          const x = key(a), y = key(b);
          return x === y ? a - b : x < y ? -1 : 1;
        });
      }
      orders.set(name, made);
      return made;
    }

    // ---- one row
    const mark = (kind, name) => make("span", { class: `mark m-${kind}` }, name);

    function grouped(answer, place) {
      const groups = new Map();
      answer[3].forEach((use, at) => {
        if (!use) return;
        if (!groups.has(use[place])) groups.set(use[place], []);
        groups.get(use[place]).push(names.uses[at]);
      });
      // What decides stands first; that nobody spoke stands last.
      const rank = (value) => (place === 0 && names.preferences[value] === "unknown" ? NONE : value);
      return [...groups].sort((a, b) => rank(b[0]) - rank(a[0]));
    }
    const usesTold = (uses) => (uses.length === names.uses.length ? "every use" : uses.join(", "));

    function decisionCell(answer) {
      if (answer[0] >= 0) return [mark(names.decisions[answer[0]], names.decisions[answer[0]])];
      return grouped(answer, 1).map(([decision, uses]) => make("p", {}, mark(names.decisions[decision], names.decisions[decision]), " ", usesTold(uses)));
    }

    function whyCell(answer) {
      const leading = answer[1].filter((why) => why[2]);
      return (leading.length ? leading : answer[1]).map(([code, mask]) => {
        const uses = usesIn(mask);
        const texts = code === "unmet" || code === "agreement" || code.startsWith("licence")
          ? [...new Set(allReasons(answer).map((told) => tables.reasons[told[0]]).filter((reason) => reason[0] === code).map((reason) => reason[1].replace(/^not committed to: /, "")))].slice(0, 3)
          : [];
        return make("p", {}, make("strong", {}, reasonName(code)), texts.length ? `: ${texts.join("; ")}` : uses.length ? `: ${usesTold(uses)}` : "");
      });
    }

    function preferenceCell(answer) {
      return grouped(answer, 0).map(([preference, uses]) => make("p", {},
        make("strong", { class: `p-${names.preferences[preference]}` }, names.preferences[preference]), `: ${usesTold(uses)}`));
    }

    function owedCell(answer, row) {
      const parties = new Map();
      for (const owed of owedOf(answer)) {
        const duty = tables.duties[owed[0]];
        const party = duty[0] === names.advice ? "" : partyOf(duty, row);
        if (!parties.has(party)) parties.set(party, new Map());
        const kinds = parties.get(party);
        kinds.set(duty[0], kinds.get(duty[0]) || duty[1]);
      }
      if (!parties.size) return [make("span", { class: "none" }, "nothing")];
      return [...parties].map(([party, kinds]) => make("p", {},
        ...[...kinds].flatMap(([kind, binds], place) => [place ? ", " : "", binds ? make("strong", {}, kind) : `${kind} (advisory)`]),
        party ? make("span", { class: "note" }, `to ${party}`) : null));
    }

    const HEADS = [
      ["number", "No."], ["url", "Asset"], ["decision", "Decision"], ["because", "Because"],
      ["preference", "Preferences"], ["owed", "Owed"],
    ];

    function rowOf(row) {
      const answer = answerOf[row] === NONE ? null : tables.answers[answerOf[row]];
      const cell = (label, children) => make("td", { "data-label": label }, children);
      const main = make("tr", {},
        make("td", { class: "number", "data-label": "No." }, number(row + 1)),
        make("th", { scope: "row" }, link(columns.url[row]),
          columns.final[row] ? make("span", { class: "note" }, "led to ", link(columns.final[row])) : null));
      if (!answer) {
        main.append(cell("Decision", mark("none", "not asked")), make("td", { colspan: 3, class: "none" }, "no answer was sought yet"));
        return make("tbody", {}, main);
      }
      main.append(cell("Decision", decisionCell(answer)), cell("Because", whyCell(answer)),
        cell("Preferences", preferenceCell(answer)), cell("Owed", owedCell(answer, row)));
      const details = make("details", {}, make("summary", {}, make("span", { class: "lead" }, "Evidence"), " ", evidenceTold(row)));
      details.addEventListener("toggle", () => {
        if (details.open && details.childElementCount === 1) details.append(evidence(row));
      });
      return make("tbody", {}, main, make("tr", { class: "more" }, make("td", { colspan: 6 }, details)));
    }

    function evidenceTold(row) {
      if (setOf[row] === NONE) return make("span", { class: "note" }, "no declaration was found");
      const set = tables.sets[setOf[row]];
      const kinds = [...new Set(set.map((at) => `${familyName(tables.declarations[at][0])} in ${carrierName(tables.declarations[at][1])}`))];
      return make("span", { class: "note" }, `${counted(set.length + columns.more[row], "declaration", "declarations")}: ${kinds.slice(0, 4).join(", ")}${kinds.length > 4 ? " and more" : ""}`);
    }

    // ---- the evidence of a row
    function small(look, caption, heads, rows) {
      return make("div", { class: "frame" }, make("table", { class: `inner ${look}` },
        make("caption", {}, caption),
        make("thead", {}, make("tr", {}, heads.map((each) => make("th", { scope: "col" }, each)))),
        make("tbody", {}, rows.map((row) => {
          [...row.cells].forEach((cell, at) => { if (at) cell.dataset.label = heads[at]; });
          return row;
        }))));
    }
    const cells = (first, ...rest) => make("tr", {}, make("th", { scope: "row" }, first), rest.map((each) => make("td", {}, each)));
    const numbersOf = (because) => (because.length ? ` (${because.map((at) => `no. ${at + 1}`).join(", ")})` : "");

    function evidence(row) {
      const answer = tables.answers[answerOf[row]];
      const look = tables.looks[columns.look[row]];
      const parts = [];
      if (setOf[row] !== NONE) {
        const set = tables.sets[setOf[row]];
        parts.push(small("written", "Declarations, as they are written", ["No.", "Family and carrier", "Where", "Expression"], set.map((at, place) => {
          const [family, carrier, source, position, expression, length, scope] = tables.declarations[at];
          return cells(`${place + 1}`,
            [make("strong", {}, familyName(family)), " ", make("span", { class: "note" }, carrierName(carrier))],
            [link(sourceOf(source, row)), make("span", { class: "note" }, position), scope ? make("span", { class: "note" }, `for ${scope}`) : null],
            [make("code", {}, expression || "(empty)"), length ? make("span", { class: "note" }, `shortened: ${number(length)} characters in all`) : null]);
        })));
        if (columns.more[row]) parts.push(make("p", { class: "note" }, `and ${number(columns.more[row])} more declarations, which the store holds`));
      } else {
        parts.push(make("p", {}, "No declaration was found."));
      }
      const told = (reasons) => reasons.map((reason) => make("p", {}, tables.reasons[reason[0]][1], make("span", { class: "note inline" }, numbersOf(reason.slice(1)))));
      // What the uses do not say themselves: an agreement, say.
      const said = new Set(answer[3].filter(Boolean).flatMap((use) => use[2].map((reason) => reason[0])));
      const besides = answer[2].filter((reason) => !said.has(reason[0]));
      if (besides.length) parts.push(make("div", {}, make("p", {}, make("strong", {}, "The verdict rests on this too:")), told(besides)));
      parts.push(small("apart", "Each use apart", ["Use", "Preference", "Decision", "Reasons"],
        answer[3].map((use, at) => (use ? cells(names.uses[at], names.preferences[use[0]], mark(names.decisions[use[1]], names.decisions[use[1]]), told(use[2])) : null)).filter(Boolean)));
      if (answer[4].length) {
        parts.push(small("duties", "Obligations", ["Kind", "To", "What is asked", "For"], answer[4].map(([at, mask, ...because]) => {
          const [kind, binds, basis, signal, name, url, inferred, asks, terms] = tables.duties[at];
          const party = name || partyOf(tables.duties[at], row);
          const place = url || (name ? "" : originOf(columns.final[row] || columns.url[row]));
          return cells([make("strong", {}, kind), make("span", { class: "note" }, `${binds ? "binding" : "advisory"}${mask & names.owed ? "" : ", asked and not owed"}`), make("span", { class: "note" }, [basis, signal].filter(Boolean).join(", "))],
            [place ? link(place, party) : party, inferred ? make("span", { class: "note" }, "inferred from the address") : null],
            [asks, terms ? make("span", { class: "note" }, link(terms)) : null, because.length ? make("span", { class: "note" }, `declared in ${because.map((place) => `no. ${place + 1}`).join(", ")}`) : null],
            usesTold(usesIn(mask)) || "the asset");
        })));
      }
      if (answer[5].length) {
        parts.push(small("noted", "Notes", ["Severity", "What"], answer[5].map(([at, ...because]) => {
          const [severity, code, summary] = tables.notes[at];
          return cells(severity, [summary, make("span", { class: "note inline" }, numbersOf(because)), make("code", { class: "note" }, code)]);
        })));
      }
      parts.push(small("ends", "What was looked at", ["Source", "How looking ended"], look[2].map(([source, availability, required, part]) =>
        cells([link(sourceOf(source, row)), part ? make("span", { class: "note" }, `its ${part}`) : null],
          [names.availabilities[availability], make("span", { class: "note" }, required ? "required" : "optional")]))));
      const hops = look[1].filter((hop) => hop[2]);
      parts.push(make("p", {}, `Access: ${look[0]}`, hops.map((hop, place) => [place ? "; " : ", by ", make("code", {}, hop[2]), hop[3] ? ` (${hop[3]})` : ""]).flat()));
      const input = tables.inputs[columns.input[row]];
      const where = [
        input ? `listed in ${input}${columns.line[row] ? `, at ${number(columns.line[row])}` : ""}` : "",
        `entry ${number(columns.entry[row])} of the store`,
        columns.checked[row] ? `looked at ${new Date((columns.checked[row] + names.began) * 1000).toISOString().replace("T", " ").replace(".000Z", " UTC")}` : "",
      ];
      parts.push(make("p", { class: "note" }, where.filter(Boolean).join("; ")));
      return make("div", { class: "evidence" }, parts);
    }

    // ---- the table
    const place = byId("table");
    const table = make("table", { class: tables.answers.some((answer) => answer[0] >= 0) ? "assets" : "assets apart" });
    const heads = HEADS.map(([by, name]) => {
      const button = make("button", { type: "button" }, name, make("span", { class: "arrow", "aria-hidden": "true" }));
      // A button in a head that is printed again on the next page is not drawn there.
      const head = make("th", { scope: "col", class: by === "number" ? "number" : null }, button, make("span", { class: "print-only", "aria-hidden": "true" }, name));
      button.addEventListener("click", () => {
        sorted = { by, down: sorted.by === by ? !sorted.down : by === "decision" || by === "preference" || by === "owed" };
        page = 0;
        update();
      });
      return [by, head];
    });
    const caption = make("caption", { class: "visually-hidden" }, "Assets of the run");
    const head = make("thead", {}, make("tr", {}, heads.map(([, each]) => each)));
    table.append(caption, head);
    place.append(make("div", { class: "frame" }, table));

    function draw() {
      const pages = Math.max(1, Math.ceil(matching.length / size));
      page = Math.min(Math.max(0, page), pages - 1);
      const from = page * size;
      const rows = [...matching.subarray(from, from + size)];
      // The heads stay as they are: one of them may hold the focus.
      for (const body of [...table.tBodies]) body.remove();
      table.append(...rows.map(rowOf));
      if (!rows.length) table.append(make("tbody", {}, make("tr", {}, make("td", { colspan: 6, class: "none" }, total ? "No asset fits. Clear a filter to see more." : "The run lists no URL."))));
      for (const [by, each] of heads) {
        if (by === sorted.by) each.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
        else each.removeAttribute("aria-sort");
      }
      const range = rows.length ? `; rows ${number(from + 1)} to ${number(from + rows.length)} are shown` : "";
      byId("count").textContent = matching.length === total
        ? `${counted(total, "asset", "assets")}${range}`
        : `${number(matching.length)} of ${counted(total, "asset", "assets")} ${matching.length === 1 ? "fits" : "fit"}${range}`;
      byId("page-of").textContent = `Page ${number(page + 1)} of ${number(pages)}`;
      for (const button of document.querySelectorAll("[data-go]")) {
        const back = button.dataset.go === "first" || button.dataset.go === "before";
        // Not "disabled", which would throw the focus away.
        button.setAttribute("aria-disabled", back ? page === 0 : page === pages - 1);
      }
      byId("print-note").textContent = rows.length < total
        ? `Printed here: ${number(rows.length)} of ${counted(total, "asset", "assets")}. The page itself, opened in a browser, holds and searches them all.`
        : "";
      const left = byId("left-out");
      if (left && left.hidden) left.remove();
    }

    function update() {
      matching = filtered(sequence());
      chips();
      draw();
    }

    function chips() {
      const shown = [];
      if (filters.party) shown.push(["party", `owed to ${filters.party}`]);
      if (filters.note) shown.push(["note", `noted: ${filters.note}${filters.says ? `, of ${filters.says.replace(" ", " and ")}` : ""}`]);
      if (filters.rests && filters.reason) {
        const [family, carrier] = filters.rests.split(" ");
        shown.push(["rests", carrier ? `decided by ${familyName(family)} in ${carrierName(carrier)}` : "decided by no declaration"]);
      }
      byId("chips").replaceChildren(...shown.map(([name, label]) => {
        const button = make("button", { type: "button", "aria-label": `Remove the filter: ${label}` }, label, make("span", { "aria-hidden": "true" }, " ×"));
        button.addEventListener("click", () => { filters[name] = ""; page = 0; update(); text.focus(); });
        return button;
      }));
    }

    function take() {
      filters.text = text.value;
      for (const name of fieldNames) filters[name] = fields[name].value;
      page = 0;
      update();
    }

    function clear() {
      for (const name of Object.keys(filters)) filters[name] = "";
      text.value = "";
      for (const name of fieldNames) fields[name].value = "";
    }

    let waiting = 0;
    text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(take, 150); });
    for (const name of fieldNames) fields[name].addEventListener("change", take);
    const form = byId("filters");
    form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(waiting); take(); });
    form.addEventListener("reset", (event) => { event.preventDefault(); clear(); page = 0; update(); text.focus(); });

    byId("size").addEventListener("change", (event) => {
      const first = page * size;
      size = Number(event.target.value);
      page = Math.floor(first / size);
      draw();
    });
    byId("pager").addEventListener("click", (event) => {
      const button = event.target.closest("[data-go]");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      const last = Math.ceil(matching.length / size) - 1;
      page = { first: 0, before: page - 1, after: page + 1, last }[button.dataset.go];
      draw();
      byId("count").scrollIntoView({ block: "start" });
    });

    document.addEventListener("click", (event) => {
      const button = event.target.closest("button.show");
      if (!button) return;
      clear();
      const { reason, family, carrier, party, at, inferred, note, says, rests: on } = button.dataset;
      Object.assign(filters, { reason: reason || "", family: family || "", carrier: carrier || "", party: party || "", at: at || "", inferred: inferred || "", note: note || "", says: says || "", rests: on || "" });
      for (const name of fieldNames) fields[name].value = filters[name];
      page = 0;
      update();
      byId("assets").focus({ preventScroll: true });
      byId("assets").scrollIntoView({ block: "start" });
    });

    fill();
    update();
    byId("plain").remove();
    document.documentElement.dataset.ready = "true";
  }
})();
