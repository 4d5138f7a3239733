"""Verify a receipt of an evidence log, with nothing but Python: no package, no network.

    python verify_receipt.py RECEIPT.json KEYS.txt

Made to be read by whoever must believe it: five steps, in the order of this file.

1. The entry says what was done. Its canonical JSON is hashed: a leaf of a tree (RFC 6962).
2. The proof's hashes lead from the leaf up to the root of the tree (RFC 9162, 2.1.3.2).
3. The checkpoint names this root and the tree's size, as three lines of text.
4. The checkpoint carries an Ed25519 signature of these lines (RFC 8032), under a key of
   KEYS.txt that was the log's at that size. The receipt brings no key of its own: KEYS.txt
   is the log's page of keys as you saved it before.
5. Only if all of it holds, this says VERIFIED and exits with 0. Else it says why not: 1.
"""

import base64
import hashlib
import html
import json
import re
import sys
from pathlib import Path


class NotVerified(Exception):  # noqa: N818 - what is printed after "NOT VERIFIED"
    """Why a receipt is not to be believed."""


# 1. The entry, and its hash.


def leaf_of(entry: object) -> bytes:
    """Return the hash of an entry: keys sorted, no spaces, UTF-8 (RFC 8785 for whole numbers)."""
    text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + text.encode()).digest()


# 2. From the leaf to the root.


def root_of(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Return the root that follows if `leaf` is number `index` of `size`."""
    if not 0 <= index < size:
        raise NotVerified("the tree has no such leaf")
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise NotVerified("the proof is too long")
        if node & 1 or node == last:
            result = hashlib.sha256(b"\x01" + sibling + result).digest()
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            result = hashlib.sha256(b"\x01" + result + sibling).digest()
        node, last = node >> 1, last >> 1
    if last:
        raise NotVerified("the proof is too short")
    return result


# 3. The checkpoint.


def exact_base64(text: object, size: int) -> bytes:
    """Decode base64 of so many bytes that is written in the one right way."""
    try:
        raw = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        raw = b""
    if len(raw) != size or base64.b64encode(raw).decode() != text:
        raise NotVerified("something that must be base64 is not")
    return raw


def checkpoint_of(note: str) -> tuple[str, int, bytes, str, list[str]]:
    """Return origin, size and root of a signed note, what was signed, and the signature lines."""
    text, _, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    match lines:
        case [origin, size, root, *_] if re.fullmatch(r"0|[1-9][0-9]{0,18}", size):
            return origin, int(size), exact_base64(root, 32), text + "\n", signatures.split("\n")
        case _:
            raise NotVerified("the checkpoint has no origin, size and root")


# 4. The signature: Ed25519 as RFC 8032 has it, verification only. Slow, and short.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SIGNATURE_SIZE = 64
Point = tuple[int, int, int, int]


def add(p: Point, q: Point) -> Point:
    """Return the sum of two points in extended coordinates."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, p: Point) -> Point:
    """Return `number` times a point."""
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, p)
        p, number = add(p, p), number >> 1
    return result


def point_of(raw: bytes) -> Point:
    """Return the point that 32 bytes encode."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise NotVerified("a key or signature is no point of the curve")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether the owner of `key` signed `message`."""
    if len(signature) != SIGNATURE_SIZE:
        return False
    r, s = point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(digest, "little") % L
    left, right = times(s, BASE), add(r, times(k, point_of(key)))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    same_y = (left[1] * right[2] - right[1] * left[2]) % P == 0
    return s < L and same_x and same_y


LINE = re.compile(
    r"([^\s+<>\"'=]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})"
    r"(?:[ \t]+sizes[ \t]+(\d{1,19})-(\d{1,19})?|(?![ \t]+sizes))(?![\w+/=-])"
)


def key_for(page: str, origin: str, size: int, fingerprint: object) -> bytes:
    """Return the saved key with this fingerprint, if it was the log's at this size."""
    for name, short, encoded, first, last in LINE.findall(html.unescape(page)):
        raw = exact_base64(encoded, 33)
        full = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()
        if full == fingerprint and full[:8] == short and raw[:1] == b"\x01" and name == origin:
            if int(first or 0) <= size and (not last or size <= int(last)):
                return raw[1:]
            raise NotVerified("signed with a key that was not the log's then")
    raise NotVerified("signed with a key that is not among those saved")


def check_signature(text: str, lines: list[str], origin: str, key: bytes, fingerprint: str) -> None:
    """Check every signature in the log's own name; there must be one."""
    own = 0
    for line in lines[:-1]:
        found = re.fullmatch("\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})", line)
        raw = base64.b64decode(found[2], validate=True) if found else b""
        if found is None or base64.b64encode(raw).decode() != found[2]:
            raise NotVerified("the checkpoint has a line that is no signature")
        if found[1] == origin and raw[:4].hex() == fingerprint[:8]:
            own += 1
            if not signed(key, raw[4:], text.encode()):
                raise NotVerified("the signature does not fit the checkpoint")
    if not own or lines[-1]:
        raise NotVerified("the log's own signature is missing")


# 5. All of it.


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse JSON that says one thing twice: another reader would see something else."""
    if len(dict(pairs)) != len(pairs):
        raise NotVerified("the receipt says one thing twice")
    return dict(pairs)


def whole(value: object) -> int:
    """Return a whole number that is one: no fraction, no truth value."""
    if type(value) is not int:
        raise NotVerified("a number of the receipt is none")
    return value


def verify(receipt: str, page: str) -> dict[str, object]:
    """Return the entry of a receipt that holds; raise `NotVerified` of any other."""
    value = json.loads(receipt, object_pairs_hook=once)
    fields = {"kept_receipt", "entry", "leaf_index", "tree_size", "proof", "checkpoint", "key_id"}
    if not isinstance(value, dict) or set(value) != fields or whole(value["kept_receipt"]) != 1:
        raise NotVerified("this is no receipt of a format that is known here")
    entry, note, fingerprint = value["entry"], value["checkpoint"], value["key_id"]
    if not isinstance(entry, dict) or not isinstance(note, str) or not isinstance(fingerprint, str):
        raise NotVerified("a field of the receipt is of the wrong kind")
    if not isinstance(value["proof"], list):
        raise NotVerified("the proof is no list")
    proof = [exact_base64(each, 32) for each in value["proof"]]
    origin, size, root, text, lines = checkpoint_of(note)
    if size != whole(value["tree_size"]):
        raise NotVerified("receipt and checkpoint speak of trees of different sizes")
    if root_of(leaf_of(entry), whole(value["leaf_index"]), size, proof) != root:
        raise NotVerified("the entry is not under the root that was signed")
    check_signature(text, lines, origin, key_for(page, origin, size, fingerprint), fingerprint)
    return entry


def main(arguments: list[str]) -> int:
    """Verify the receipt that the arguments name; return the exit status."""
    match arguments:
        case [receipt, page]:
            texts = [Path(each).read_text(encoding="utf-8") for each in (receipt, page)]
        case _:
            sys.stdout.write(str(__doc__))
            return 2
    try:
        entry = verify(*texts)
    except (NotVerified, ValueError, RecursionError) as why:
        sys.stdout.write(f"NOT VERIFIED: {why}\n")
        return 1
    sys.stdout.write("VERIFIED. The log's key signed a history with this entry in it:\n")
    sys.stdout.write(json.dumps(entry, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
