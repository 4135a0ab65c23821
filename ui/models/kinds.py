"""What a kind of identifier is called, and the letter that marks it in a text."""

from app.domain.report import Kind

KIND_LETTERS: dict[Kind, str] = {
    Kind.NAME: "N",
    Kind.BADGE: "B",
    Kind.UNIT: "U",
    Kind.CASE: "C",
    Kind.PLATE: "R",
    Kind.VIN: "V",
    Kind.PHONE: "P",
    Kind.EMAIL: "E",
    Kind.HANDLE: "H",
    Kind.URL: "W",
    Kind.ID: "I",
    Kind.ADDRESS: "A",
    Kind.GEO: "G",
    Kind.PLACE: "L",
    Kind.AGENCY: "Y",
    Kind.DATE: "D",
    Kind.TIME: "T",
}
KIND_WORDS: dict[Kind, str] = {
    Kind.NAME: "Name",
    Kind.BADGE: "Badge number",
    Kind.UNIT: "Unit",
    Kind.CASE: "Case number",
    Kind.PLATE: "Plate",
    Kind.VIN: "Vehicle number",
    Kind.PHONE: "Phone",
    Kind.EMAIL: "Email address",
    Kind.HANDLE: "Account name",
    Kind.URL: "Web address",
    Kind.ID: "Other number",
    Kind.ADDRESS: "Address",
    Kind.GEO: "Coordinates",
    Kind.PLACE: "Place",
    Kind.AGENCY: "Agency",
    Kind.DATE: "Date",
    Kind.TIME: "Time",
}
