"""What the help says. It promises what the program does, and nothing beyond."""

from dataclasses import dataclass
from typing import NamedTuple

from ui.widgets.cards import BannerKind


class Paragraph(NamedTuple):
    """A text under a term, which may be empty."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class HelpText:
    """parts: a title, then paragraphs."""

    title: str
    opening: str
    parts: tuple[tuple[str, tuple[Paragraph, ...]], ...]
    closing_kind: BannerKind
    closing_title: str
    closing_text: str


NEAR_MISS = HelpText(
    "Is this a near miss?",
    "A near miss is an event in which an officer could have been seriously hurt or killed, and "
    "was not: by luck, by skill, or because somebody stepped in.",
    (
        (
            "It is one if you can say yes to both",
            (
                Paragraph(
                    "Could it have gone badly?",
                    "Somebody could have been seriously hurt or killed.",
                ),
                Paragraph("Did it not?", "Nobody was, or only slightly."),
            ),
        ),
        (
            "For example",
            (
                Paragraph(
                    "On the road",
                    "A car passes so close at a stop that it takes the mirror along. A patrol car "
                    "slides through a crossing on the way to a call.",
                ),
                Paragraph(
                    "With people",
                    "A weapon is found only at the second search. Someone reaches for a holster "
                    "and does not get it open.",
                ),
                Paragraph(
                    "Among ourselves",
                    "Two officers stand in each other's line of fire. A radio stays silent when "
                    "help is called for.",
                ),
                Paragraph(
                    "With equipment and training",
                    "A weapon goes off while it is cleaned. A restraint opens by itself.",
                ),
            ),
        ),
        (
            "It is not one, and belongs elsewhere",
            (
                Paragraph(
                    "", "Somebody was killed or badly hurt. Your agency has procedures for that."
                ),
                Paragraph(
                    "", "There is an open investigation. A draft that is kept can be demanded."
                ),
                Paragraph("", "It is about misconduct, or about a complaint against a person."),
            ),
        ),
    ),
    "info",
    "If you are not sure, begin",
    "The first questions sort it out before anything is kept.",
)

PROTECTION = HelpText(
    "How am I protected?",
    "You decide what leaves this computer, and you see it word for word before it does. No "
    "program can protect you from everything. Both halves stand here.",
    (
        (
            "What protects you",
            (
                Paragraph(
                    "Your drafts",
                    "They lie in an encrypted vault that only your passphrase opens. There is no "
                    "second key, neither at your agency nor with the makers of this program.",
                ),
                Paragraph(
                    "What leaves",
                    "Identifiers that are found in your texts are marked, and you decide on each. "
                    "Dates, numbers and places in your other answers are made coarse. Private "
                    "notes never leave.",
                ),
                Paragraph(
                    "The way",
                    "A report is sealed on this computer to the key of the research team, so "
                    "that only its analysts can open it. Every report has the same size, and it "
                    "leaves at a time drawn at random unless you send it yourself.",
                ),
                Paragraph(
                    "The service in between",
                    "It holds sealed reports that it cannot open. It keeps the month of arrival, "
                    "no address and no time of day.",
                ),
                Paragraph(
                    "Afterwards",
                    "When the service has signed that it received the report, your draft is "
                    "destroyed here. Your receipt is seven words that only you have.",
                ),
                Paragraph(
                    "Questions and news",
                    "Everybody's messages come sealed with the archive, to every computer. Your "
                    "words find and open yours; nobody learns whether you looked. An answer "
                    "leaves as a report does.",
                ),
            ),
        ),
        (
            "What is not protected",
            (
                Paragraph(
                    "This computer",
                    "Somebody who looks over your shoulder, or software that records keys or the "
                    "screen, sees what you see. If you must reckon with that, write elsewhere.",
                ),
                Paragraph(
                    "The network",
                    "Your agency can see that this computer talks to the service. It cannot see "
                    "what is sent. If you press Send now, it can see when.",
                ),
                Paragraph(
                    "The event itself",
                    "If only one such event ever happened, whoever knows of it may recognise it, "
                    "whatever is left out. Read the text as your supervisor would.",
                ),
                Paragraph(
                    "What the search misses",
                    "The search for names and numbers is done by rules and lists. It can miss "
                    "something, so the last look is yours.",
                ),
                Paragraph(
                    "A weak passphrase",
                    "Whoever copies the vault can try passphrases at leisure. A long one makes "
                    "that hopeless, a short one does not.",
                ),
                Paragraph(
                    "The law",
                    "This program gives you no immunity, and a draft that is kept can be "
                    "demanded. Ask your union or a lawyer if you are in doubt.",
                ),
            ),
        ),
    ),
    "stays",
    "What lies about on this computer",
    "The vault, the sealed reports that wait, and the archive. A local administrator can see that "
    "something waits, and not what. While a vault is open, parts of it are in memory and may get "
    "into the swap file.",
)
