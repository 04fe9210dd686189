// A module that is split answers as it did whole, and fetches a part when it is first called.
import assert from "node:assert/strict";
import { test } from "node:test";

import binaryen from "binaryen";

import { divideData } from "./data.mjs";
import { read } from "./module.mjs";
import { readPlan, wanted } from "./plan.mjs";
import { split } from "./split.mjs";

// `heavy` is deferred with what it alone calls; `far` is reached through the table alone; `shared` stays.
const SOURCE = `(module
  (import "page" "note" (func $note (param i32)))
  (memory (export "memory") 1)
  (global $depth (mut i32) (i32.const 0))
  (table 2 2 funcref)
  (elem (i32.const 1) $lab::far::away)
  (type $unary (func (param i32) (result i32)))
  (func $lab::shared (param i32) (result i32)
    (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
    (i32.add (local.get 0) (i32.const 1)))
  (func $lab::heavy::helper (param i32) (result i32) BALLAST
    (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
    (call $note (global.get $depth))
    (i32.mul (call $lab::shared (local.get 0)) (i32.const 10)))
  (func $<lab::heavy::Type<i64>>::run (param i32) (result i32) BALLAST
    (i32.sub (call $lab::heavy::helper (local.get 0)) (call $lab::heavy::helper (i32.const 0))))
  (func $lab::far::away (param i32) (result i32) BALLAST
    (call $lab::heavy::helper (i32.add (i32.mul (local.get 0) (local.get 0)) (call $lab::shared (local.get 0)))))
  (func (export "light") (param i32) (result i32) (call $lab::shared (local.get 0)))
  (func (export "heavy") (param i32) (result i32) (call $<lab::heavy::Type<i64>>::run (local.get 0)))
  (func (export "far") (param i32) (result i32) (call_indirect (type $unary) (local.get 0) (i32.const 1)))
)`;
// Names of small functions say nothing, so the functions get some ballast.
const BALLAST = '(drop (i32.const 123456789))'.repeat(12);
const PLAN = "# what is called seldom\n[heavy]\nlab::heavy::Type\nlab::heavy::helper\n[far]\nlab::far";

function compile() {
  const module = binaryen.parseText(SOURCE.replaceAll("BALLAST", BALLAST));
  binaryen.setDebugInfo(true);
  return module.emitBinary();
}

/** The exports of the module, with the notes it makes and the parts it has loaded. */
function whole(bytes) {
  const notes = [];
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { page: { note: (value) => notes.push(value) } });
  return { exports, notes };
}

function inParts(bytes) {
  const [first, ...others] = split(bytes, readPlan(PLAN), () => "identity");
  const [notes, loads, known] = [[], [], {}];
  let loaded = 0;
  const identity = (part) => {
    loads.push(part);
    for (; loaded < part; loaded++) {
      Object.assign(known, new WebAssembly.Instance(new WebAssembly.Module(others[loaded]), { earlier: known }).exports);
    }
  };
  const imports = { page: { note: (value) => notes.push(value) }, parts: { identity } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(first), imports);
  Object.assign(known, exports);
  return { exports, notes, loads };
}

test("a module in parts answers as the whole", () => {
  const bytes = compile();
  const [one, other] = [whole(bytes), inParts(bytes)];
  for (const call of ["light", "heavy", "far", "heavy", "light", "far"]) {
    assert.equal(other.exports[call](7), one.exports[call](7), call);
  }
  assert.deepEqual(other.notes, one.notes);
  const counter = ({ exports }) => new Uint32Array(exports.memory.buffer)[2];
  assert.equal(counter(other), counter(one));
});

test("a part is loaded when it is first called, and once", () => {
  const { exports, loads } = inParts(compile());
  exports.light(1);
  assert.deepEqual(loads, []);
  exports.heavy(1);
  exports.heavy(2);
  assert.deepEqual(loads, [1]);
  exports.far(1);
  assert.deepEqual(loads, [1, 2]);
});

test("names of small functions say nothing", () => {
  const plan = readPlan("[more]\nlab::shell");
  assert.equal(wanted(plan, "lab::shell::run", 47), undefined);
  assert.equal(wanted(plan, "lab::shell::run", 48), 1);
  assert.equal(wanted(plan, "<alloc::vec::Vec<lab::shell::Step>>::push", 299), undefined);
  assert.equal(wanted(plan, "<alloc::vec::Vec<lab::shell::Step>>::push", 300), 1);
  assert.equal(wanted(plan, "<lab::shell::Step as core::Drop>::drop", 48), 1);
});

test("the longest path decides, and the last part of all that a name speaks of", () => {
  const plan = readPlan("[more]\nlab::shell\nlab::shell::find only\nserde with lab::wide\n[rare]\nlab::shell::find\n[first]\nlab::shell::small");
  const cases = {
    "lab::shell::run": 1,
    "lab::shellfish::run": undefined,
    "lab::shell::small::run": 0,
    "lab[0123456789abcdef]::shell::find": 1,
    "lab::shell::find::walk": 2,
    "<alloc::vec::Vec<lab::shell::find::Step>>::push": 2,
    "core::ptr::drop_in_place::<lab::shell::small::Type>": 0,
    "<lab::shell::small::Type as lab::shell::Trait>::run": 1,
    "<lab::wide::Type as serde::Read>::read": 1,
    "<lab::narrow::Type as serde::Read>::read": undefined,
  };
  for (const [name, part] of Object.entries(cases)) {
    assert.equal(wanted(plan, name), part, name);
  }
});

// `first` has the address of one text in a number of 64 bits, beside the text's length; nobody but `later` has the other's.
const TEXTS = `(module
  (memory (export "memory") 1)
  (data (i32.const 4096) "a text that the first part draws and another that it does not")
  (func $first (export "first") (result i64) (i64.const ${(32n << 32n) | 4096n}))
  (func $later (export "later") (result i32) (i32.load8_u offset=4128 (i32.const 0))))`;

test("data goes with the functions that have its address, however it is written", () => {
  const module = read(binaryen.parseText(TEXTS).emitBinary());
  const text = new TextEncoder().encode("a text that the first part draws and another that it does not");
  const symbols = [{ at: 4096, size: 32, points: [] }, { at: 4128, size: text.length - 32, points: [] }];
  const linked = { symbols, values: new Map(), byteAt: (at) => text[at - 4096] };
  const parts = divideData(module, module.bodies.map((body) => [body]), linked, 0);
  const spans = parts.map((segments) => segments.map(({ at, bytes }) => [at, bytes.length]));
  assert.deepEqual(spans, [[[4096, 32]], [[4128, text.length - 32]]]);
});
