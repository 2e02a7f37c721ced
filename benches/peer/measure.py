#!/usr/bin/env python3
"""Measures this library beside its peers: python3 measure.py PEERS [STAGE...]

PEERS is the folder with run.py, python/ and rust/ of the common harness; it is copied, not changed.
Stages: build fill time start report (all of these without one), code (the correctness cases).
Scratch: $PEERS_WORK. Rounds: $ROUNDS, $BIG_ROUNDS. Other peers: ONLY=cached-disk,joblib,..; without it
only the floors are measured beside this library.
"""

import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = Path(os.environ.setdefault("PEERS_WORK", str(Path(tempfile.gettempdir()) / "peers-work")))
COPY = WORK / "peers"
OWN = ["checkpointing-rs", "checkpointing-rs-disk"]
os.environ["ONLY"] = ",".join(filter(None, [os.environ.get("ONLY", ""), "floor-file", *OWN]))

# What the issue of performance asks for: workload, metric, peer, what it is compared with, most.
BARS = [
    ("w1", "cpu_us_per_call", "checkpointing-rs-disk", ("w1", "cpu_us_per_call", "floor-file"), 1.5),
    ("w1", "cpu_us_per_call", "checkpointing-rs", None, 0.3),
    ("w2", "cpu_ms_process", "checkpointing-rs", ("w2", "cpu_ms_process", "floor-file"), 1.2),
    ("w3", "cpu_s", "checkpointing-rs", ("floors", "cpu_s", "w3-blake3-1thread"), 1.25),
    ("w4", "cpu_s", "checkpointing-rs", ("floors", "cpu_s", "w4-fs-read-fresh-vec"), 0.48),
    ("w5small", "cpu_us_per_call", "checkpointing-rs", ("w5small", "cpu_us_per_call", "floor-file"), 2.0),
    ("w5big", "cpu_s", "checkpointing-rs", ("w5big", "cpu_s", "floor-file"), 1.5),
    ("w6", "cpu_us_per_call", "checkpointing-rs-disk", ("w6", "cpu_us_per_call", "floor-file"), 1.2),
    ("w6", "cpu_ms_process", "checkpointing-rs", ("w6", "cpu_ms_process", "floor-file"), 1.2),
]


def copy(peers):
    WORK.mkdir(parents=True, exist_ok=True)
    shutil.copytree(peers, COPY, dirs_exist_ok=True)
    (COPY / "results").mkdir(exist_ok=True)
    # The same crate, with paths that hold where it is copied to.
    crate = WORK / "peer-checkpointing"
    shutil.copytree(HERE, crate, dirs_exist_ok=True, ignore=shutil.ignore_patterns("target", "*.py"))
    manifest = (HERE / "Cargo.toml").read_text()
    for old, new in (("../../../shared/peers", COPY), ("../../fingerprint", ROOT / "fingerprint"), ('"../.."', f'"{ROOT}"')):
        assert old in manifest, old
        manifest = manifest.replace(old, str(new))
    (crate / "Cargo.toml").write_text(manifest)
    return crate


def harness():
    spec = importlib.util.spec_from_file_location("run", COPY / "run.py")
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    run.RUST["checkpointing-rs"] = ("peer-checkpointing", {}, None)
    run.RUST["checkpointing-rs-disk"] = ("peer-checkpointing", {"MEMORY": "0"}, "checkpointing-rs")
    for workload, peers in run.RUST_IN.items():
        peers += OWN if workload in ("w1", "w6") else OWN[:1]
    return run


def build(crate):
    env = dict(os.environ, CARGO_TARGET_DIR=str(WORK / "target"))
    for folder in (COPY / "rust", crate):
        subprocess.run(["cargo", "build", "--release"], check=True, cwd=folder, env=env)


def start(run):
    """Whole processes, interleaved; of the other peers those without an interpreter."""
    lines = [["w2", "empty-rust", WORK, run.BIN / "empty"]]
    for workload, what, key in (("w2", "small", "5"), ("w6", "many", "77777")):
        for peer in run.RUST_IN["w6"]:
            if run.wanted(peer) and not run.RUST[peer][2]:
                program = run.BIN / run.RUST[peer][0]
                lines.append([workload, peer, WORK, program, "once", run.store(peer, what), key])
    commands = WORK / "spawn.tsv"
    commands.write_text("\n".join("\t".join(map(str, line)) for line in lines) + "\n")
    rounds = str(max(15, run.ROUNDS))
    with open(run.OUT / "start.jsonl", "a") as log:
        subprocess.run([str(run.BIN / "spawnbench"), str(commands), rounds], stdout=log, check=True)


def report(run):
    values = {}
    for file in sorted(run.OUT.glob("*.jsonl")):
        if not file.stem.startswith("w8"):
            for line in file.read_text().splitlines():
                row = json.loads(line)
                values.setdefault((row["workload"], row["metric"], row["peer"]), []).append(row["value"])

    def median(workload, metric, peer):
        # A floor's name is its workload, and the floors' name its peer.
        found = values.get((peer, metric, "floor") if workload == "floors" else (workload, metric, peer))
        return statistics.median(found) if found else None

    print("| workload | peer | CPU median | compared with | CPU median | ratio | at most |")
    print("|---|---|---|---|---|---|---|")
    for workload, metric, peer, floor, most in BARS:
        own = median(workload, metric, peer)
        base = median(*floor) if floor else 1.0
        if own is None or base is None:
            continue
        name = floor[2] if floor else "microseconds"
        print(f"| {workload} {metric} | {peer} | {own:.4g} | {name} | {base:.4g} | {own / base:.2f} | {most} |")


def code(run):
    """The correctness cases of w8_rust.py, with this library as one more peer."""
    script = COPY / "rust" / "w8_rust.py"
    text = script.read_text()
    # The case of a renamed local is kept for one peer; the edit is the same here.
    only = ' if peer == "cached" else None'
    assert text.count(only) == 1 and text.endswith("\nmain()\n")
    text = text.replace(only, "").removesuffix("\nmain()\n")
    sys.argv = ["w8_rust.py", str(WORK / "w8"), str(WORK / "target"), OWN[0]]
    cases = {"__name__": "w8", "__file__": str(script)}
    exec(compile(text, str(script), "exec"), cases)
    cases["PEERS"][OWN[0]] = dict(
        deps=f'checkpointing = {{ path = "{ROOT}" }}\n\n[build-dependencies]\ncheckpointing-fingerprint = {{ path = "{ROOT / "fingerprint"}" }}\n',
        prelude="",
        wrap=lambda name, arg, ret, body: f'#[checkpointing::checkpoint(directory = "store")]\nfn {name}({arg}) -> Result<{ret}, checkpointing::Error> {{\n    println!("RUN");\n{body[0]}    Ok({body[1]})\n}}\n',
        unwrap=".unwrap()",
        code_aware=True,
    )
    plain = cases["build"]

    def with_script(peer, *args, **more):
        folder = os.path.join(cases["SCRATCH"], peer, "crate")
        cases["write"](os.path.join(folder, "build.rs"), "fn main() {\n    checkpointing_fingerprint::emit();\n}\n")
        plain(peer, *args, **more)

    cases["build"] = with_script
    cases["main"]()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    peers, stages = Path(sys.argv[1]).resolve(), sys.argv[2:] or ["build", "fill", "time", "start", "report"]
    crate = copy(peers)
    run = harness()
    steps = {
        "build": lambda: build(crate),
        "fill": run.fill,
        "time": run.timing,
        "start": lambda: start(run),
        "report": lambda: report(run),
        "code": lambda: code(run),
    }
    for stage in stages:
        steps[stage]()


main()
