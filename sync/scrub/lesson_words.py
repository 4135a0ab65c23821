"""The words that a replacement may hold beside its kind and number: a closed list.

What teaches nothing about who it was may stay: the season, the part of the day, what kind of
place. `DETAILS` holds every such wording; nothing of the original is ever copied.
"""

from collections.abc import Iterable, Mapping, Sequence

from app.domain.report import Kind

# Northern: December to February is winter. "Autumn", as "fall" would read as a fall.
SEASONS = ("winter", "spring", "summer", "autumn")
WEEKDAY, WEEKEND, HOLIDAY = "a weekday", "a weekend day", "a holiday"
NIGHT, DAWN, MORNING = "night", "early morning", "morning"
AFTERNOON, EVENING = "afternoon", "evening"
# Each part of the day and the hour at which it begins.
PARTS = ((0, NIGHT), (5, DAWN), (8, MORNING), (12, AFTERNOON), (17, EVENING), (22, NIGHT))
CROSSING, HOUSE, BLOCK = "an intersection", "a street address", "a block of a street"
MILE, EXIT, MAIL = "a mile marker", "a highway exit", "a mail address"
ROAD, HIGHWAY = "a road", "a highway"
SHERIFF, POLICE, STATE_POLICE = "a sheriff's office", "police", "state police"
FIRE, AMBULANCE, FEDERAL = "fire", "an ambulance service", "federal"
PRISONS, PROSECUTOR, WILDLIFE = "corrections", "a prosecutor's office", "wildlife officers"

# What the name of a place ends in, by what kind of place it then is.
_TYPES: Mapping[str, str] = {
    "a school": "school, elementary, elementary school, middle school, high school, middle, high,"
    " hs, junior high, jr high, primary, preschool, academy",
    "a college": "college, university, community college, campus, univ",
    "a hospital": "hospital, hosp, medical center, med center, medical ctr, med, vamc, infirmary",
    "a clinic": "clinic, urgent care",
    "a nursing home": "nursing home, care center, hospice, assisted living",
    "a church": "church, cathedral, chapel, tabernacle",
    "a place of worship": "temple, mosque, synagogue, masjid, gurdwara",
    "a park": "park, prk, state park, city park, county park, national park, memorial park,"
    " playground",
    "a trailer park": "trailer park, mobile home park, rv park",
    "a business park": "business park, industrial park, office park",
    "an amusement park": "amusement park, theme park, water park",
    "a forest": "national forest, state forest, forest",
    "a nature preserve": "preserve, wildlife refuge, nature reserve",
    "a campground": "campground, rv resort",
    "a lake": "lake, reservoir, pond",
    "a river or creek": "river, creek, crk, brook, bayou, slough",
    "a canal": "canal",
    "a dam": "dam",
    "a beach": "beach",
    "a harbor": "harbor, harbour, marina, pier, wharf",
    "an island": "island",
    "a mountain": "mountain, mountains, peak, butte",
    "a canyon": "canyon, gulch, ravine",
    "a bridge": "bridge, overpass, viaduct",
    "a tunnel": "tunnel",
    "a road or trail": "trail, trailhead, greenway",
    "an apartment building": "apartments, apartment, apts, arms, lofts, condos, condominiums,"
    " towers, townhomes",
    "a neighborhood": "subdivision, neighborhood, estates",
    "a motel": "motel, motor lodge, motor inn",
    "a hotel": "hotel, inn, suites, lodge, resort",
    "a bar": "bar, pub, tavern, saloon, lounge, nightclub, cantina, bar & grill, bar and grill,"
    " taproom, brewery",
    "a casino": "casino",
    "a restaurant": "restaurant, diner, cafe, grill, pizza, pizzeria, deli, taqueria, steakhouse,"
    " bbq, barbecue, buffet",
    "a coffee shop": "coffee, coffee shop, coffee house",
    "a store": "store, market, supermarket, mart, food mart, foods, grocery, supercenter,"
    " marketplace, hardware, auto parts, outlet, jewelers, pawn, pawn shop, smoke shop",
    "a liquor store": "liquor, liquors, liquor store",
    "a pharmacy": "pharmacy, drug, drugs, drugstore",
    "a gas station": "gas station, gas, fuel, service station",
    "a truck stop": "truck stop, travel center, travel stop",
    "a bank": "bank, credit union, savings",
    "a shopping center": "mall, shopping center, outlets, galleria",
    "a plaza": "plaza, square",
    "a stadium": "arena, stadium, coliseum, ballpark",
    "a racetrack": "raceway, speedway, racetrack",
    "a fairground": "fairgrounds, fairground",
    "a golf course": "golf course, golf club, country club",
    "a theater": "theater, theatre, cinema",
    "a museum": "museum",
    "a zoo": "zoo",
    "a library": "library",
    "a courthouse": "courthouse, justice center, hall of justice",
    "a city hall": "city hall",
    "a jail or prison": "jail, prison, penitentiary, detention, detention center, detention"
    " facility, correctional facility, correctional institution, correctional center",
    "an airport": "airport, airfield",
    "a fire station": "fire station",
    "a police station": "police station",
    "a station": "station, bus station, train station, transit center, depot",
    "a cemetery": "cemetery, memorial gardens, memory gardens",
    "a farm": "farm, farms, ranch, orchard, orchards",
    "an industrial site": "plant, power plant, refinery, factory, quarry",
    "a warehouse": "warehouse",
    "a storage facility": "storage, self storage",
    "an auto business": "towing, wrecker, auto body, motors, tire, tires",
    "a shelter": "shelter",
    "a building": "building, bldg, tower",
    "a gym": "gym, fitness",
    "a county": "county, parish",
    ROAD: "street, st, avenue, ave, av, road, rd, boulevard, blvd, drive, dr, lane, ln, court, ct,"
    " circle, cir, place, pl, way, parkway, pkwy, alley, aly, loop, trace, county road, ranch road,"
    " forest road, frontage road",
    HIGHWAY: "highway, hwy, interstate, freeway, fwy, expressway, expy, turnpike, tpke, pike,"
    " route, rte, rt, state route, bypass, causeway, beltway, thruway, indian route",
    "": "city, town, village, township, borough, hills, heights, springs, falls, grove, valley,"
    " center, centre, house, hall, shores, terrace",
}
# What tells the kind as the first word: "Lake Tiller", "Bank of Tiller".
_HEADS: Mapping[str, str] = {
    "a lake": "lake",
    "a mountain": "mount, mt",
    "a river or creek": "bayou, rio",
    "a college": "university, college",
    "a bank": "bank",
    "a church": "church, iglesia",
    ROAD: "calle, camino, avenida, rue, via",
    HIGHWAY: "highway, hwy, interstate, route, rte",
}
# Chains of the list of businesses whose name alone tells it.
_CHAINS: Mapping[str, str] = {
    "a store": "walmart, wal-mart, target, costco, sam's club, sams club, home depot, lowe's,"
    " lowes, best buy, kmart, sears, macy's, macys, nordstrom, jcpenney, jc penney, kohl's, kohls,"
    " tj maxx, marshalls, dollar general, dollar tree, family dollar, big lots, ross dress for"
    " less, goodwill, autozone, o'reilly auto parts, napa auto parts, pep boys, advance auto,"
    " petsmart, petco, gamestop, foot locker, cabela's, bass pro, bass pro shops, dick's sporting"
    " goods, academy sports, menards, ace hardware, tractor supply, harbor freight, ikea, kroger,"
    " safeway, albertsons, publix, aldi, food lion, piggly wiggly, winn-dixie, h-e-b, heb, meijer,"
    " hy-vee, wegmans, giant eagle, shoprite, whole foods, trader joe's, 7-eleven, 7-11,"
    " seven eleven, ups store, apple store",
    "a pharmacy": "walgreens, cvs, rite aid",
    "a restaurant": "mcdonald's, mcdonalds, burger king, wendy's, wendys, taco bell, kfc, popeyes,"
    " chick-fil-a, subway, arby's, arbys, sonic drive-in, jack in the box, in-n-out, five guys,"
    " whataburger, waffle house, denny's, dennys, ihop, applebee's, applebees, chili's,"
    " olive garden, red lobster, cracker barrel, buffalo wild wings, hooters, golden corral,"
    " panera, chipotle, pizza hut, domino's, dominos, papa john's, papa johns, little caesars,"
    " white castle, dairy queen, culver's, carl's jr, carls jr, hardee's, hardees, zaxby's,"
    " bojangles, del taco, panda express, chuck e. cheese, dave & buster's",
    "a coffee shop": "starbucks, dunkin', dunkin, dunkin donuts, tim hortons, krispy kreme",
    "a gas station": "circle k, quiktrip, quik trip, wawa, sheetz, speedway, racetrac, casey's"
    " general store, kum & go, cumberland farms, shell station, chevron, exxon, exxonmobil, mobil,"
    " texaco, bp station, sunoco, valero, conoco, phillips 66, arco, citgo, marathon gas",
    "a truck stop": "love's travel stop, loves truck stop, pilot travel center, flying j, petro,"
    " ta truck stop",
    "a motel": "motel 6, super 8, days inn, red roof inn, econo lodge, econolodge, knights inn,"
    " travelodge",
    "a hotel": "holiday inn, holiday inn express, best western, comfort inn, la quinta, hampton"
    " inn, hilton, marriott, hyatt, sheraton, ramada, extended stay america",
    "a bank": "bank of america, wells fargo, chase bank, citibank, us bank, pnc bank, td bank",
    "a railroad": "union pacific, bnsf, csx, norfolk southern, conrail, amtrak",
    "a gym": "planet fitness, ymca, ywca",
    "an amusement park": "disneyland, disney world",
}
_FEDERAL = (
    "fbi, atf, batfe, dea, ice, cbp, dhs, hsi, usms, usss, tsa, cia, nsa, blm, bia, usfs, usfws,"
    " faa, ntsb, osha, fema, doj, irs, irs-ci, uscg, usps, bop, niosh, nhtsa, border patrol,"
    " secret service, homeland security, homeland security investigations, coast guard,"
    " national park service, forest service, fish and wildlife service, marshals service,"
    " federal bureau of investigation, bureau of prisons, bureau of indian affairs,"
    " bureau of land management, drug enforcement administration, department of homeland security,"
    " customs and border protection, immigration and customs enforcement, postal inspection"
    " service, transportation security administration"
)
_STATE_POLICE = (
    "chp, fhp, nysp, wsp, osp, msp, isp, gsp, nhp, uhp, csp, mshp, oshp, schp, nchp, ncshp, thp,"
    " psp, vsp, ksp, ndhp"
)
# Days of the list of holidays that most people have off or keep.
_HOLIDAYS = (
    "new year's eve, new year's day, new years eve, new years day, new year's, new years,"
    " christmas eve, christmas day, christmas, xmas, thanksgiving, thanksgiving day, halloween,"
    " easter, easter sunday, good friday, ash wednesday, palm sunday, mardi gras, fat tuesday,"
    " memorial day, labor day, independence day, fourth of july, 4th of july, july fourth,"
    " veterans day, veteran's day, presidents day, presidents' day, president's day,"
    " martin luther king day, mlk day, juneteenth, columbus day, indigenous peoples day,"
    " cinco de mayo, st. patrick's day, st patrick's day, st patricks day, saint patrick's day,"
    " valentine's day, valentines day, mother's day, mothers day, father's day, fathers day,"
    " hanukkah, kwanzaa, passover, yom kippur, rosh hashanah, eid, eid al-fitr, diwali,"
    " day of the dead, dia de los muertos, boxing day"
)


def cut_phrase(phrase: str) -> tuple[str, ...]:
    """A phrase as words of letters and digits in lower case; apostrophes fall away."""
    bare = phrase.lower().replace("'", "")
    return tuple("".join(char if char.isalnum() else " " for char in bare).split())


def _index(table: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    return {cut_phrase(word): kind for kind, words in table.items() for word in words.split(",")}


def _cut_all(phrases: str) -> frozenset[tuple[str, ...]]:
    return frozenset(cut_phrase(phrase) for phrase in phrases.split(","))


TYPES: Mapping[tuple[str, ...], str] = _index(_TYPES)
HEADS: Mapping[tuple[str, ...], str] = _index(_HEADS)
CHAINS: Mapping[tuple[str, ...], str] = _index(_CHAINS)
FEDERAL_NAMES = _cut_all(_FEDERAL)
STATE_POLICE_NAMES = _cut_all(_STATE_POLICE)
HOLIDAYS = _cut_all(_HOLIDAYS)


def _sort(*groups: Iterable[str]) -> Sequence[str]:
    return tuple(sorted({each for group in groups for each in group if each}))


# All that may stand behind the number of a replacement, by its kind.
DETAILS: Mapping[Kind, Sequence[str]] = {
    Kind.DATE: _sort(SEASONS, (WEEKDAY, WEEKEND, HOLIDAY)),
    Kind.TIME: _sort([part for _, part in PARTS]),
    Kind.PLACE: _sort(_TYPES, _HEADS, _CHAINS),
    Kind.ADDRESS: _sort((CROSSING, HOUSE, BLOCK, MILE, EXIT, MAIL)),
    Kind.AGENCY: _sort(
        (SHERIFF, POLICE, STATE_POLICE, FIRE, AMBULANCE),
        (FEDERAL, PRISONS, PROSECUTOR, WILDLIFE),
    ),
}
