"""Why something that was typed cannot be kept, in the words of the window."""

from datetime import datetime

from app.domain.form import Field, FieldType


def explain_fault(field: Field) -> str:
    """What to write instead of what stands in the field."""
    shape = field.shape
    most = shape.max_chars or 0
    if field.type is FieldType.YEAR:
        this_year = datetime.now().astimezone().year
        return f"Write a year from {shape.min_value or 1900} to {this_year}."
    return {
        FieldType.NUMBER: "Write a whole number, without other signs.",
        FieldType.MONTH: "Write the month as 2026-03.",
        FieldType.DATE_TIME: "Write date and time as 2026-03-09 14:30.",
        FieldType.TEXTS: (
            f"Write one on each line, at most {shape.max_items} lines "
            f"with at most {most:,} characters each."
        ),
        FieldType.TEXT: f"Write one line with at most {most:,} ordinary characters.",
        FieldType.LONGTEXT: (
            f"Write at most {most:,} characters. Hidden control characters, which some "
            "programs leave in what is copied from them, have to go."
        ),
    }.get(field.type, "Choose among the answers that are shown.")
