"""Each kind, in the ways police write it: what is between braces is masked, nothing else is."""

import re

import pytest

from sync.scrub import Scrubber

MARKED = {
    "NAME": [
        "Officer {Kowalczyk} drew his weapon.",
        "Ofc. {Smith} and I walked up.",
        "Officers {Smith} and {Jones} took the back.",
        "Sgt. {J. O'Malley}'s radio was dead.",
        "I told {Maria Elena Gonzalez} to stay inside.",
        'The suspect, {Devonte "Smoke" Bridges}, had a knife.',
        "The driver gave the name {Lopez, Hector M} to us.",
        "He identified himself as {Tavo}.",
        "The man was known as {Lil Rob} to everybody.",
        "DEPUTY {OKAFOR} SLIPPED ON THE ICE AND FELL.",
        "ofc {ramirez} pulled me back by the vest.",
        "sgt {banks} told me to wait.",
        "Deputy {Young} said he never saw it.",
        "We briefed {Nguyen Thi Hoa} at the door.",
        "A nurse, {Esperanza Villalobos-Quintero}, walked in.",
        "I worked with {Chase Banks} that night.",
        "I saw {José Muñoz} at the gate.",
        "Trooper {de la Cruz} was outside her car.",
        "Det. {McAllister} and Agent {Cho} stood by.",
        "Relieved C/O {Arredondo} at the door.",
        "Placed with I/M {Pruitt} then.",
        "Given by R.N. {Castellano} then.",
        "Rendered safe 8/30, {L.M.}",
        "NOTE BY {AJM}: THE SIGN WAS HIDDEN THEN",
        "His name is spelled {P O U G H} there.",
        "It was spelled {november golf uniform} there.",
    ],
    "BADGE": [
        "My badge {4417} was visible.",
        "Officer {Smith} (#{4417}) was there.",
        "star no. {221}",
    ],
    "UNIT": [
        "Unit {9} responded.",
        "Units {9} and {12} responded.",
        "{3-Adam-12} was first.",
        "{Engine 7} blocked the lane.",
        "car {54} was behind me",
        "{2B14} was first on scene",
        "{three adam twelve} answered.",
        "{Medic 12} staged.",
        "Show {214} en route.",
        "then {6} + {11} resp to it",
    ],
    "CASE": [
        "Case number {24-001234} was drawn.",
        "CAD #{2024-118832}",
        "warrant no. {W-4471} was old.",
        "See {23-004418}.",
        "It was Operation {Silver Anvil} again.",
        "booking {2023-11847}",
    ],
    "PLATE": [
        "plate {8KTR204} came back clear",
        "license plate {ABC 1234}",
        "It was {7ABC123} again.",
        "tail number {N482QP}",
        "The boat, {OR 1234 AB}, had no lights.",
        "A tag, partial {T88}, was seen.",
        "bearing Alabama tag {2BK7719} then",
        "A sedan, TN {BGK-2?1}, was there.",
        "It was plate {lincoln adam tom four four one} then.",
        "his registration FL {eighty eight twelve november papa} then",
    ],
    "VIN": ["It was {1HGCM82633A004352}.", "VIN {1HGCM82633A004353}"],
    "PHONE": [
        "Call {(503) 555-0117}.",
        "RP at {541.555.0199 ext. 12} now.",
        "extension {4471}",
        "phone {5035550117}",
        "He said {five oh three five five five oh one one seven}.",
        "RP callback {555-0143}",
    ],
    "EMAIL": ["Write to {reaper.t@examplemail.com}.", "It was {dale dot k at gmail dot com}."],
    "HANDLE": [
        "He posted as {@lil_reaper_503}.",
        "His Snapchat was {reaper.503} then.",
        "rumor on snap from {xo.jayceee} then",
        "He streams as {BigBendCody} at night.",
        "It was {slim_205_live} again.",
    ],
    "URL": [
        "See {www.examplepage.com/reaper}.",
        "See {https://example.org/a?b=c}.",
        "See {skylog.example/tpd/0518}.",
        "at {fwc dot example slash boat slash 7714} thank you",
    ],
    "ID": [
        "SSN {544-12-8890}",
        "OLN {D4419827}",
        "serial {X81234567}",
        "IP came back to {203.0.113.44}.",
        "inmate number {14882910}",
        "The CI, number {CI-2291}, was wrong.",
    ],
    "ADDRESS": [
        "We went to {4410 Pine Hollow Rd}.",
        "at {118 elm street} and waited",
        "in the {1500 block of Sycamore Dr}",
        "at {5th and Main}",
        "at {Cedar St and 12th Ave} we slid",
        "near {mile marker 211}",
        "before {Exit 14} we stopped",
        "at {77 Birch Ln, Lot 9} now",
        "in room {214}",
        "to {PO Box 118} please",
        "{2214 W OAK ST APT 4} AGAIN",
        "at {Rural Route 2 Box 14} now",
        "on {I-80 at mile marker 212} then",
        "on {US 26 milepost 97} then",
        "north of {mile marker 7 on Highway 118} then",
        "on {Fulton Avenue at mile marker thirty six} then",
        "at {72nd/Dodge} then",
        "slip {22} and bed {11} and locker {9}",
    ],
    "GEO": [
        "Coordinates were {44.0521, -123.0868}.",
        "It was {84VVM7Q2+8F} there.",
        "It was {36.1703 north 112.0403 west} there.",
        "at {thirty six point three five two north one oh nine point six one eight west} there",
    ],
    "PLACE": [
        "He fled toward {I-5} again.",
        "We met at the {Walgreens} again.",
        "in {Corvallis} we stopped",
        "at {Jefferson Middle School} we staged",
        "near {Dutch Creek} we lost him",
        "the car from {Tiller, OR} was gone",
        "down {Fulton Avenue} we went",
        "across {Lane County} it went",
    ],
    "AGENCY": [
        "The {Harlan County Sheriff's Office} came.",
        "{Brookfield PD} came.",
        "An agent of the {FBI} was there.",
        "We called {LAPD} for help.",
        "The {Port of Seattle PD} asked for help.",
        "Then {TXDPS} closed it.",
        "The {Ohio State Highway Patrol} closed the lane.",
    ],
    "DATE": [
        "On {March 3, 2023} it rained.",
        "on {3/14/2024} we met",
        "on {Saturday, August 12th} we met",
        "It was {Christmas Eve} again.",
        "since {January} it was broken",
        "recalled in {2019} already",
        "DOB {4/17/91}",
        "on {03MAR24} we met",
    ],
    "TIME": [
        "at about {10:40 p.m.} we met",
        "at {0230 hrs} we met",
        "at {0500} we met",
        "around {half past two} we met",
        "It was {three o'clock} in the afternoon.",
        "It was {ten past four} in the afternoon.",
        "Call me at {3 in the morning} then.",
        "at {2pm} we met",
    ],
}
LEFT = [
    "I read him Miranda and did a Terry stop.",
    "The Taser failed, so I drew my Glock 19.",
    "A Crown Vic hit the jersey barrier at 65 mph.",
    "Narcan was given by EMS and SWAT stood by.",
    "He was 6'2, 200 lbs and 34 years old with a .38 and a 12 gauge.",
    "We went code 3 for a 10-50 and cleared it 10-8.",
    "A 2014 Ford Explorer stopped 21 feet from me for 15 minutes.",
    "He was charged under PC 148 and section 12.",
    "The library and the jail are next to the park.",
    "We crossed the state of Oregon in two hours.",
    "Graham v. Connor sets the standard, and Garrity does not apply.",
    "He stood at my three o'clock with an AR-15 and 30 rounds.",
    "I chased him and banked hard; the young driver was hurt.",
    "Officer Safety comes first. The Sergeant told the Officer to wait.",
    "Patrol called dispatch. The Lieutenant asked for a K9 and a Halligan tool.",
    "THE OFFICER WAS OK AND THE SUSPECT WAS IN CUSTODY.",
    "The Smith & Wesson was in his waistband with 9mm ammo.",
    "The midnight shift had four cars for 60 calls.",
    "2 officers and 3 deputies searched 4 rooms twice.",
    "He was off meds and then took off so fast.",
    "He was wanted under 16-5-41 and broke policy 4.2.50 then.",
    "He had a Ruger 10/22 rifle and a Boston Whaler.",
    "The plate reader at 2 feet saw a partial.",
    "We met on the Delta side, not with Charlie platoon.",
    "The Kia Soul and the Hyundai Santa Fe were in the Santa Ana winds.",
    "I was told that Marsy's Law and the Rodriguez rule apply.",
    "Then the sergeant comma he said period gonna wait.",
]
CASES = [(kind, line) for kind, lines in MARKED.items() for line in lines]


@pytest.mark.parametrize(("kind", "line"), CASES)
def test_finds_what_is_marked_and_nothing_else(rules_only: Scrubber, kind: str, line: str) -> None:
    text = re.sub(r"[{}]", "", line)
    wanted = re.findall(r"\{([^}]*)\}", line)
    masked = [each for each in rules_only.scrub_text(text) if each.masked]
    assert [text[each.span.start : each.span.end] for each in masked] == wanted
    assert kind in {each.kind for each in masked}


@pytest.mark.parametrize("line", LEFT)
def test_leaves_what_identifies_nobody(rules_only: Scrubber, line: str) -> None:
    masked = [each for each in rules_only.scrub_text(line) if each.masked]
    assert [line[each.span.start : each.span.end] for each in masked] == []
