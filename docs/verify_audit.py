#!/usr/bin/env python3
"""Verifies an export of Countersign's audit trail, by nothing but docs/audit.md.

    countersign audit export > trail.jsonl
    python3 verify_audit.py trail.jsonl [CHECKPOINTS_KEPT_ELSEWHERE]
"""
import hashlib, json, sys

class Number(str):
    """A number as it is written: other digits of the same value are other digits."""

def pairs(members):
    if len({name for name, _ in members}) < len(members):
        raise ValueError("a name stands twice")
    return dict(members)

def read(line):
    # NaN and the like are no numbers, and int("NaN") says so.
    return json.loads(line, parse_int=Number, parse_float=Number, parse_constant=int, object_pairs_hook=pairs)

def canonical(value):
    if isinstance(value, Number):
        return value
    if isinstance(value, dict):
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)

def holds(line, names):
    text = canonical({name: line[name] for name in names}).encode()
    return set(line) == set(names) | {"hash"} and hashlib.sha256(text).hexdigest() == line["hash"]

def verify(lines, kept=()):
    """What is wrong, and a sentence on what was looked at."""
    wrong, hashes, last, sealed, zeros = {}, {}, (0, "0" * 64), {}, "0" * 64
    for number, line in enumerate(lines, 1):
        place = f"line {number}"
        try:
            line = read(line)
            if "operation" in line:
                chain = hashes.setdefault(line["operation"], [zeros])
                place = f"record {line['seq']} of {line['operation']}"
                if int(line["seq"]) != len(chain):
                    wrong.setdefault(line["operation"], f"{place} stands where record {len(chain)} belongs")
                elif line["prev"] != chain[-1] or not holds(line, ["operation", "seq", "at", "event", "prev"]):
                    wrong.setdefault(line["operation"], f"{place} was changed")
                chain.append(line["hash"])
            else:
                place = f"checkpoint {line['number']}"
                if (int(line["number"]) - 1, line["prev"]) != last or not holds(line, ["number", "at", "heads", "prev"]):
                    wrong.setdefault("checkpoints", f"{place} was changed, or stands in another's place")
                last = int(line["number"]), line["hash"]
                sealed[last[0]] = line
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            wrong.setdefault(place, f"{place} cannot be read: {error}")
    for checkpoint in map(read, kept):
        if sealed.get(int(checkpoint["number"]), {}).get("hash") != checkpoint["hash"]:
            wrong.setdefault("kept", f"checkpoint {checkpoint['number']} is not the one that was kept elsewhere")
    for checkpoint in sealed.values():
        for head in checkpoint["heads"]:
            chain = hashes.get(head["operation"], [zeros])
            if int(head["seq"]) >= len(chain) or chain[int(head["seq"])] != head["hash"]:
                what = f"record {head['seq']} of {head['operation']} is not what checkpoint {checkpoint['number']} sealed"
                wrong.setdefault(head["operation"], what)
    looked = f"{len(hashes)} operations, {sum(map(len, hashes.values())) - len(hashes)} records, {last[0]} checkpoints"
    return list(wrong.values()), looked

if __name__ == "__main__":
    texts = [open(path, encoding="utf-8", newline="\n").read().split("\n") for path in sys.argv[1:]]
    faults, looked = verify(*([line for line in text if line] for text in texts))
    print("\n".join([f"WRONG: {fault}" for fault in faults] + [looked]))
    sys.exit(bool(faults))
