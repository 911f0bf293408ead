"""Formats values with Python and writes down what it gave.

    python make_formats.py > formats.json      (Python 3.11)

Floating-point numbers are given by their bits, since JSON has no nan and readers differ.
"""

import json
import math
import random
import struct
import sys

random.seed(20)


def bits(value):
    return format(struct.unpack("<Q", struct.pack("<d", value))[0], "016x")


def encoded(value):
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, float):
        return {"bits": bits(value)}
    if isinstance(value, int):
        return {"integer": value}
    return {"text": value}


floats = [
    0.0, -0.0, 1.0, -1.0, 5.0, 0.1, 0.1 + 0.2, 2.1420000000000003, 1e-05, 1e-4, 0.00012345, 1e15,
    1e16, 123456789012345678.0, 9007199254740993.0, 9999999999999998.0, 1e17, 1e22, 1e23, 1e100,
    1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, math.nan, math.inf, -math.inf, 1 / 3,
    2 / 3, 100.0, 1234.5, 123456.0, 1234567.891, 0.5, 1.5, 2.5, 0.125, 99.995, 0.8757, -0.00001,
    999999.5, 9.5, 9.99e-5, 3.141592653589793, float.fromhex("0x1.fffffep+127"),
]
floats += [struct.unpack("<d", struct.pack("<Q", random.getrandbits(64)))[0] for _ in range(150)]
floats += [round(random.uniform(-1000, 1000), random.randrange(8)) for _ in range(50)]
floats += [random.choice([1, -1]) * 10.0 ** random.randrange(-30, 30) for _ in range(40)]
floats += [random.uniform(-1, 1) * 10.0 ** random.randrange(-6, 19) for _ in range(80)]

texts = [
    "", "a", "it's", 'say "hi"', "both ' and \"", "back\\slash", "tab\there", "line\nbreak", "\r",
    "\0", "\x1b[31m", "\x7f", "\x80\xa0\xad", "Amélie", "七人の侍", "👍", "👨‍👩‍👧", "\u200b", "\u2028",
    "\u3000", "\ue000", "\U000e0001", "e\u0301", "{x}", "'", '"', "#na#", "Shawshank Redemption",
]

specs = [
    "", ".3f", ".0f", ".2e", ".0e", "%", ".1%", ".0%", "8.3f", ">8", "<8", "^8", "^9", "08.2f", "+",
    "+.2f", " ", " .1f", ",", ",.2f", "10,", "010,", "012,.1f", "_", "_.2f", "*^12", "x<10", "=8",
    "*=+10.2f", ".3", ".1", ".10", ".3g", "g", "G", ".0g", "E", "F", ".2F", "-.2f", "<08.1f", "08",
    ">08", ".20f", "=+8", "05", "é>8", ">3", "015,.3f", "09,", "08,",
]
integers = [0, 1, -1, 7, 42, -42, 999, 1000, 1664, 100000, -1234567, 2**53 + 1, 2**63 - 1, -(2**63)]
integer_specs = specs + ["d", "5d", "05d", "+d", ",d", "_d", "b", "o", "x", "X", "_x", "_b", "08b",
                         "^10d", "=+6d", "-d", "s", ",x", ".2d", "c"]
text_specs = ["", "s", "8", ">8", "<8", "^8", "^9s", ".2", "5.2s", ".0", "*>7", "05", "=8", ",", "d",
              "+", ".2f", "é^7", "<", ">1"]
broken = ["8q", "..2f", ".f", ">>8x8", "ff", "8 ", "1.2.3"]


def formatted(value, spec):
    try:
        return format(value, spec)
    except ValueError:
        return None


shown = floats[:45] + [12.0, 1664.0, 80000.5]
formats = []
for values, some_specs in [(shown, specs + broken), (integers, integer_specs + broken),
                           (texts[:8] + texts[13:18], text_specs + broken),
                           ([True, False], integer_specs + broken)]:
    for value in values:
        for spec in some_specs:
            if spec == "c" and not (isinstance(value, int) and 32 <= value < 200):
                continue
            formats.append({"value": encoded(value), "spec": spec, "text": formatted(value, spec)})



def lines(records):
    return "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n]"


parts = {
    "floats": [{"bits": bits(value), "text": repr(value)} for value in floats],
    "texts": [{"value": value, "text": repr(value)} for value in texts],
    "formats": formats,
}
print("{" + ",\n".join(f'"{name}": {lines(records)}' for name, records in parts.items()) + "}")
print(f"{len(floats)} floats, {len(texts)} texts, {len(formats)} formats", file=sys.stderr)
