"""`./run bench suggestions`: how many suggestions are right, on the invented reports with codes.

Right: the code is among those that the report's writer chose. Only questions that the report
answers with codes count. found: of the codes chosen, those that were suggested.
"""

import json
import sys
import time
from collections import Counter

from app.domain.form import FieldId
from app.domain.suggestions import suggest
from resources.read import read_bytes
from ui.cli.parts import read_cues, read_form

_TEXTS = ("title", "what_happened", "decisions", "went_well", "lessons", "prevention")


def main() -> int:
    """Print a line for each question and the sums."""
    form, _ = read_form()
    cues = read_cues(form)
    asked = list(json.loads(read_bytes("form/cues.en.json"))["cues"])
    reports = json.loads(read_bytes("sample/near_misses.json"))["reports"]
    right, shown, chosen = Counter[str](), Counter[str](), Counter[str]()
    longest_ms = 0.0
    for each in reports:
        answers = each["answers"]
        start = time.perf_counter()
        found = suggest("\n".join(str(answers.get(name, "")) for name in _TEXTS), cues)
        longest_ms = max(longest_ms, (time.perf_counter() - start) * 1000)
        for name in asked:
            answer = answers.get(name)
            if answer is None or isinstance(answer, dict):
                continue
            codes = {str(code) for code in (answer if isinstance(answer, list) else [answer])}
            suggested = {str(one.code) for one in found.get(FieldId(name), ())}
            chosen[name] += len(codes)
            shown[name] += len(suggested)
            right[name] += len(codes & suggested)
    for name in sorted(chosen):
        print(
            f"{name:18}{right[name]:5} right of {shown[name]:4} shown, of {chosen[name]:4} chosen"
        )
    all_right, all_shown, all_chosen = right.total(), shown.total(), chosen.total()
    print(
        f"{len(reports)} reports: {all_right} of {all_shown} suggestions right "
        f"({all_right / all_shown:.0%}); {all_right / all_chosen:.0%} of the chosen codes found; "
        f"at most {longest_ms:.1f} ms a report"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
