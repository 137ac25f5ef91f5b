#!/usr/bin/python3
"""Records in recorded.json what ansible-vault makes of the texts below: test/unit/vault/record.py"""
import base64, json, os, subprocess, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TEXTS = {
    "a line": b"secret: value\n",
    "nothing": b"",
    "one byte": b"x",
    "a whole block": b"0123456789abcdef",
    "one byte less than a block": b"0123456789abcde",
    "every byte": bytes(range(256)),
    "letters of all kinds": "pässwörd: ключ 鍵 🔑\n".encode(),
    "many lines": b"".join(b"key_%d: value %d\n" % (n, n * n) for n in range(60)),
}
PASSWORDS = {"plain": "s3cret", "spaces": "two words\tand a tab", "unicode": "пароль-鍵-🔑"}
IDS = [None, "dev", "prod-eu.1"]


def run(*words, given=b""):
    return subprocess.run(words, input=given, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def main():
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, password in PASSWORDS.items():
            with open(name, "w") as file:
                file.write(password)
        kinds = [(t, p, i) for t in TEXTS for p, i in zip(PASSWORDS, IDS)] + [("a line", "plain", "dev")]
        for title, password, label in kinds:
            source = password if label is None else f"{label}@{password}"
            sealed = run("ansible-vault", "encrypt", "--vault-id", source, "--output", "-", "-", given=TEXTS[title])
            scalar = run("ansible-vault", "encrypt_string", "--vault-id", source, "--name", "it", TEXTS[title]) if TEXTS[title] and b"\0" not in TEXTS[title] else b""
            cases.append({
                "title": title, "password": PASSWORDS[password], "label": label,
                "clear": base64.b64encode(TEXTS[title]).decode(), "sealed": sealed.decode(), "scalar": scalar.decode(),
            })
    with open(f"{HERE}/recorded.json", "w") as file:
        json.dump(cases, file, indent=1, ensure_ascii=False)
        file.write("\n")


main()
