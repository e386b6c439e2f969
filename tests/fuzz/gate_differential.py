# SPDX-License-Identifier: MIT
"""The gate against an independent reader of JSON, Python's: both take or refuse a text, and read the same of it.

Texts by a fixed seed: the corpora, objects grown by the grammar, and mutations of both. Where the gate is meant to be
stricter stands in STRICTER, each with its reason; a row that no text needs is stale and fails.

Usage: gate_differential.py GATE_TRY [COUNT]
"""
import json
import math
import pathlib
import random
import struct
import subprocess
import sys

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
DEPTH_MAX, KEYS_MAX, NUMBER_MAX, EXPONENT_MAX = 32, 256, 63, 400

UNREAD = "cJSON reads nothing"      # gate_try.c, behind the gate

# What Python takes and the gate refuses: reason by name.
STRICTER = {
    "no object": "an event is an object",
    "depth": "PostgreSQL and the readers behind the gate shall not meet deeper ones",
    "keys": "comparing keys must not cost the square of what a sender likes",
    "key twice": "readers differ in which one counts",
    "NUL": "PostgreSQL's text cannot hold it, and C would cut the string there",
    "half a surrogate": "it has no UTF-8",
    "long number": "numbers are copied into a buffer of this size",
    "integer beyond 2^53": "a double rounds it",
    "beyond a double": "cJSON would make it infinite, or nothing",
}


class Stricter(Exception):
    """The gate refuses for a reason of STRICTER."""


def read_integer(token):
    if len(token) > NUMBER_MAX:
        raise Stricter("long number")
    if abs(int(token)) > 2**53:
        raise Stricter("integer beyond 2^53")
    return float(token)


def read_float(token):
    if len(token) > NUMBER_MAX:
        raise Stricter("long number")
    mantissa, _, exponent = token.lower().partition("e")
    value = float(token)
    underflow = value == 0 and mantissa.strip("-0.") != ""
    if math.isinf(value) or underflow or abs(int(exponent or 0)) > EXPONENT_MAX:
        raise Stricter("beyond a double")
    return value


def read_constant(token):
    raise ValueError(f"{token} is no JSON")


def check_text(text):
    if "\0" in text:
        raise Stricter("NUL")
    if any(0xD800 <= ord(character) < 0xE000 for character in text):
        raise Stricter("half a surrogate")


def read_object(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) > KEYS_MAX:
        raise Stricter("keys")
    if len(set(keys)) < len(keys):
        raise Stricter("key twice")
    return dict(pairs)


def check_tree(value, depth):
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, (dict, list)):
        if depth > DEPTH_MAX:
            raise Stricter("depth")
        for key in value if isinstance(value, dict) else ():
            check_text(key)
        for child in value.values() if isinstance(value, dict) else value:
            check_tree(child, depth + 1)


def oracle(text):
    """(value, None), or (None, why it is refused); a reason of STRICTER, or what Python says."""
    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=read_object, parse_int=read_integer,
                           parse_float=read_float, parse_constant=read_constant)
        if not isinstance(value, dict):
            raise Stricter("no object")
        check_tree(value, 1)
        return value, None
    except Stricter as reason:
        return None, str(reason)
    except (ValueError, RecursionError) as error:
        return None, f"Python: {error}"


# Pieces that mutations put in: what parsers are known to stumble over.
PIECES = [
    b'"', b"\\", b"\\u0000", b"\\ud800", b"\\udc00", b"\\ud83d\\ude00", b"\\u00e9", b"\\x41", b"{", b"}", b"[", b"]", b",",
    b":", b"{}", b"[]", b'"a":1,', b'"a":', b"null", b"true", b"fals", b"NaN", b"-Infinity", b"0", b"-", b"-0", b"01",
    b"1.", b".5", b"1e5", b"1E+5", b"1e-400", b"1e309", b"0e999", b"1e400", b"9007199254740992", b"9007199254740993",
    b"1" * 63, b"1" * 64, b"0." + b"0" * 70, b"2.5e-324", b"\0", b"\x1f", b"\x7f", b"\xc3\xa9", b"\xc0\xaf",
    b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf0\x9f\x98\x80", b"\xff", b"\xef\xbb\xbf", b" ", b"\n", b"\t", b"\r", b"\f",
    b"\xc2\xa0", b"//", b"/**/", b"'", b"+1", b"0x1", b"[" * 40, b"]" * 40,
    b'"k":' + b'{"k":' * 33 + b"1" + b"}" * 33,
    b",".join(b'"k%d":1' % number for number in range(257)),
]


def mutate(dice, seeds):
    text = bytearray(dice.choice(seeds))
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        at = dice.randrange(len(text) + 1)
        way = dice.randrange(6)
        if way == 0:
            text[at:at] = dice.choice(PIECES)
        elif way == 1:
            text[at:at + dice.randrange(1, 9)] = b""
        elif way == 2 and text:
            text[at % len(text)] = dice.randrange(256)
        elif way == 3:
            other = dice.choice(seeds)
            begin = dice.randrange(len(other) + 1)
            text[at:at] = other[begin:begin + dice.randrange(40)]
        elif way == 4:
            text[at:at + dice.randrange(1, 5)] = dice.choice(PIECES)
        else:
            # A value in the place of one: most of these stay JSON.
            colon = text.find(b":", at)
            if colon >= 0:
                text[colon + 1:colon + 1] = dice.choice(PIECES) + b',"m":'
    return bytes(text)


def number(dice):
    """A number by its grammar, as odd as it can be."""
    text = dice.choice(("", "-")) + dice.choice(("0", str(dice.randrange(1, 10**dice.randrange(1, 20)))))
    if dice.random() < .5:
        text += "." + str(dice.randrange(10**dice.randrange(1, 25))).zfill(dice.randrange(1, 20))
    if dice.random() < .25:
        text += dice.choice("eE") + dice.choice(("", "+", "-")) + str(dice.randrange(dice.choice((10, 330, 500))))
    return text


def text(dice):
    ranges = ((0x20, 0x7f), (1, 0xd800), (0x10000, 0x110000))
    characters = [chr(dice.randrange(*dice.choice(ranges))) for _ in range(dice.randrange(6))]
    return json.dumps("".join(characters), ensure_ascii=dice.random() < .5)


def grow(dice, depth=1):
    """An object by the grammar, with white space where it may stand."""
    def value():
        way = dice.randrange(8 if depth < 6 else 5)
        if way < 2:
            return number(dice)
        if way < 4:
            return text(dice)
        if way == 4:
            return dice.choice(("null", "true", "false"))
        if way == 5:
            space = dice.choice(("", " ", "\n\t", "\r"))
            return "[" + f"{space},".join(space + grow(dice, depth + 1) for _ in range(dice.randrange(4))) + space + "]"
        return grow(dice, depth + 1)
    keys = [text(dice) for _ in range(dice.randrange(6))]
    return "{" + ", ".join(f"{key} :\t{value()}" for key in keys) + "}"


def run_gate(program, texts):
    given = b"".join(struct.pack("<I", len(text)) + text for text in texts)
    done = subprocess.run([program], input=given, stdout=subprocess.PIPE, check=True, timeout=300)
    lines = done.stdout.decode("utf-8", "surrogateescape").split("\n")
    assert lines.pop() == "" and len(lines) == len(texts), (len(lines), len(texts))
    return lines


def numbers_as_floats(text):
    return json.loads(text, parse_int=float)


def main():
    seeds = [path.read_bytes() for folder in ("gate", "envelope") for path in sorted((CORPUS / folder).iterdir())]
    seeds += [b'{"a":%s}' % piece for piece in PIECES]
    dice = random.Random(8259)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40000
    texts = seeds + [mutate(dice, seeds) for _ in range(count // 2)]
    grown = [grow(dice).encode("utf-8") for _ in range(count // 4)]
    texts += grown + [mutate(dice, grown) for _ in range(count // 4)]
    taken, needed, failed = 0, dict.fromkeys(STRICTER, 0), 0
    for text, line in zip(texts, run_gate(sys.argv[1], texts)):
        value, refused = oracle(text)
        passed = line.startswith("{")
        # What cJSON cannot read the gate has let through: that is no refusal, whoever else refuses it.
        if line == UNREAD or passed != (refused is None) or (passed and numbers_as_floats(line) != value):
            failed += 1
            print(f"FAILED  {text!r}\n  gate: {line}\n  Python: {refused or value}")
        taken += passed
        if refused in needed:
            needed[refused] += 1
    for reason, times in needed.items():
        print(f"{times:6} refused more strictly: {reason} ({STRICTER[reason]})")
        if times == 0:
            failed += 1
            print(f"FAILED  no text needs the exception \"{reason}\"")
    print(f"{len(texts)} texts, {taken} taken by both, {failed} judged differently")
    assert taken > len(texts) // 5, "most texts are broken: too little is compared"
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
