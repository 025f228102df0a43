"""Verifies a bundle of `lianjing export records`: python3 verify.py [DIR [N:HEX]]. Only Python's own library is needed;
signatures are checked when the package `cryptography` is there. N:HEX is a head that was kept elsewhere.
Exit code 0: all holds; 1: something was found; 2: no bundle, or wrong use."""

import json
import re
import sys
from hashlib import sha256
from pathlib import Path

try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as Key
except ImportError:
    Key = None


def root(level):  # the Merkle tree of RFC 9162 over hashes of leaves
    while len(level) > 1:
        paired = [sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0] if level else sha256(b"").digest()


def leaf_of(row):  # what the content of a line gives; an erased content leaves its own word
    if row["kind"] == "record":
        erased = "erased_by" in row
        return row["leaf"] if erased else sha256(b"\0" + bytes.fromhex(row["salt"]) + row["act"].encode()).hexdigest()
    digests = [f["digest"] if "erased_by" in f else sha256(f["text"].encode()).hexdigest() for f in row["frames"]]
    top = root([sha256(b"\0" + bytes.fromhex(digest)).digest() for digest in digests])
    return sha256(b"\0journal:%d:" % row["id"] + top).hexdigest()


def seal_holds(seal):  # its hash and its signature, both over what it says
    fixed = {name: seal[name] for name in ("at", "leaves", "number", "previous", "root")}
    signed = json.dumps(fixed, sort_keys=True, separators=(",", ":")).encode()
    try:
        key, signature = (bytes.fromhex(seal[name]) for name in ("key", "signature"))
        is_signed = Key is None or Key.from_public_bytes(key).verify(signature, signed) is None
        return is_signed and sha256(signed + signature).hexdigest() == seal["hash"]
    except Exception:
        return False


def faults(folder, head, told=lambda line: None):
    leaves, lines, last, heads, erased, orders = {}, 0, (0, 0), ["0:" + "0" * 64], {}, {}
    for row in map(json.loads, (folder / "leaves.jsonl").read_bytes().splitlines()):
        leaves.setdefault(row["seal"], []).append(row)
        lines += 1
        if (row["seal"], row["place"]) <= last:
            yield f"{row['kind']} {row['id']}: stands out of order"
        last = (row["seal"], row["place"])
    for seal in map(json.loads, (folder / "seals.jsonl").read_bytes().splitlines()):
        here = leaves.pop(seal["number"], [])
        yield from (f"{row['kind']} {row['id']}: altered" for row in here if leaf_of(row) != row["leaf"])
        for row in here:
            for part in [row, *row.get("frames", [])]:
                if "erased_by" in part:
                    erased.setdefault(part["erased_by"], []).append(bytes.fromhex(part.get("leaf") or part["digest"]))
                    if {"act", "salt", "text"} & set(part):
                        yield f"{row['kind']} {row['id']}: has a content beside its erasure: it was made up"
            act = row.get("act", "") if "erased_by" not in row else ""
            if '"retention.erased"' in act and json.loads(act)["action"] == "retention.erased":
                orders[row["id"]] = json.loads(act)["after"]
        if f"{seal['number'] - 1}:{seal['previous']}" != heads[-1]:
            yield f"seal {seal['number']}: does not follow seal {heads[-1].split(':')[0]}"
        if not seal_holds(seal):
            yield f"seal {seal['number']}: altered"
        whole = [row["place"] for row in here] == list(range(seal["leaves"]))
        if not whole or root([bytes.fromhex(row["leaf"]) for row in here]).hex() != seal["root"]:
            yield f"seal {seal['number']}: a leaf of it was altered, moved, added or cut out"
        heads.append(f"{seal['number']}:{seal['hash']}")
    yield from (f"{row['kind']} {row['id']}: belongs to no seal" for rest in leaves.values() for row in rest)
    for act, gone in erased.items():
        order = orders.get(act, {})
        if (order.get("count"), order.get("root")) != (len(gone), root(gone).hex()):
            yield f"{len(gone)} contents are gone, and record {act} orders no such erasure"
        else:
            told(f"erased under rule {order['rule']}: {len(gone)} {order['kind']}, record {act}")
    if len(heads) == 1:
        yield "nothing is in it: there is no seal, all was cut out"
    told_of = json.loads((folder / "manifest.json").read_bytes())
    read = {"head": heads[-1], "seals": len(heads) - 1, "leaves": lines}
    for name in [name for name in read if told_of.get(name) != read[name]]:
        yield f"manifest.json: it names {told_of.get(name)} as {name}, read was {read[name]}"
    if head and head not in heads[1:]:
        yield f"head {head}: not in the bundle: its tail was cut, or it was rewritten"


if __name__ == "__main__":
    folder, head = (sys.argv[1:] + [".", ""][len(sys.argv) - 1 :])[:2]
    if head and not re.fullmatch("[0-9]+:[0-9a-f]{64}", head.lower()):
        sys.exit(print("a head looks like 5120:9c1f…", file=sys.stderr) or 2)
    try:
        found = [print("WRONG", fault) for fault in faults(Path(folder), head.lower(), print)]
    except OSError as missing:
        sys.exit(print("no bundle:", missing, file=sys.stderr) or 2)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as damage:
        found = [print("WRONG a line cannot be read:", repr(damage))]
    Key or print("signatures were not checked: the package cryptography is not here")
    sys.exit(1 if found else print("ok"))
