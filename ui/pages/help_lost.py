"""What the help says about things that are lost, before they are."""

from ui.pages.help_texts import HelpText, Paragraph

LOST = HelpText(
    "If something is lost",
    "Nobody holds a second key to what is yours: not your agency, not the research team, not the "
    "people who made this program. So read this before it happens.",
    (
        (
            "The passphrase",
            (
                Paragraph(
                    "With a recovery code",
                    "Choose “The passphrase is lost” where the vault is opened, type the code, "
                    "and set a new passphrase. Nothing else changes.",
                ),
                Paragraph(
                    "Without one",
                    "The drafts, notes and kept words in the vault are lost for good. What was "
                    "sealed and waits leaves all the same, and the seven words on your paper "
                    "still read its messages. Make another vault, and erase this one.",
                ),
            ),
        ),
        (
            "The recovery code",
            (
                Paragraph(
                    "Lost",
                    "Your passphrase opens the vault as before. Make a new code in Settings: the "
                    "lost one opens nothing from then on.",
                ),
                Paragraph(
                    "Found by somebody",
                    "Paper in a locker opens the vault, if its finder gets at the file too. Make "
                    "a new code at once, or take it away. A copy of the vault that somebody made "
                    "before still opens with the code and passphrase of that time.",
                ),
            ),
        ),
        (
            "The seven words",
            (
                Paragraph(
                    "",
                    "Nobody can read questions and news about that report, answer, or withdraw "
                    "it, unless your vault keeps the words. The report itself is not touched by "
                    "that. Until it has arrived, the outbox shows the words again.",
                ),
            ),
        ),
        (
            "The card",
            (
                Paragraph(
                    "Before it was used",
                    "Ask your agency for another one. Whoever finds it can send reports as a "
                    "verified officer, and can see nothing of yours.",
                ),
                Paragraph(
                    "Afterwards",
                    "It is worth nothing any more. Throw it away.",
                ),
            ),
        ),
        (
            "The whole vault",
            (
                Paragraph(
                    "The computer is gone, or was wiped",
                    "With a copy that you made at another place your drafts are back; without "
                    "one they are lost. Tokens and what waited to be sent are in no copy: you "
                    "need a new card, and seal those reports again. Reports that had arrived "
                    "are not touched, and their words still work.",
                ),
                Paragraph(
                    "You get another computer",
                    "Move the vault with Settings, “Move to another computer”. A copied folder "
                    "would show the same token twice and so link two of your reports.",
                ),
            ),
        ),
    ),
    "stays",
    "What you can do today",
    "Choose a passphrase of drawn words. Decide about a recovery code. Write each report's seven "
    "words down. Have copies made at another place, if that place is yours alone.",
)
