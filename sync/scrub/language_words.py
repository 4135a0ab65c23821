"""The small words of languages, without accents, by which a language is known.

Words that police English writes too ("me", "no", "on", "son", "die", "man") stand in several
lists; only what one list has more than another decides.
"""

from collections.abc import Mapping

from sync.scrub.word_sets import make_set

# Also what reports and logs are full of where they have no small words.
ENGLISH = make_set(
    "the of and a an to in is was were are be been being he she it they we i you his her its their"
    " our my your him them us me that this these those there here who whom which what when where"
    " why how for with from by at on off into onto over under out up down about as after before"
    " while then than but or nor not no yes if so because until through between behind near had"
    " has have having did does do done would could should can will may might must said told asked"
    " stated advised observed saw seen heard went got took came made gave ran run left right back"
    " front inside outside side also again all any both each more most other some such only just"
    " very too now still even never always one two three four five six seven eight nine ten first"
    " second officer officers deputy ofc dep sgt unit units car vehicle veh driver suspect susp"
    " subject subj male female man woman scene door house street road gun weapon knife shot fired"
    " call called caller dispatch dispatched radio traffic stop stopped arrest arrested custody"
    " search patrol police report warrant backup cover hands feet ft mph approx black white red"
    " blue green silver gray he's she's didn't don't wasn't couldn't can't i'm it's we're that's"
    " enroute arrived cleared clear adv advises req requested responding en rt rp neg copy code"
    " time minutes seconds hours hrs day night light dark no one nobody everyone nothing something"
    " without within against around across along during away training trained lesson learned"
    " aircraft runway tower approach altitude flight captain pilot crew atc landing takeoff"
    " passenger controller airport engine feet turn heading traffic clearance train track signal"
    " firefighter fire crew engine hose water building ladder chief hospital patient injured hurt"
)

FOREIGN: Mapping[str, frozenset[str]] = {
    "Spanish": make_set(
        "el la los las un una unos unas de del al y e o u que en con por para sin sobre entre hasta"
        " desde hacia contra segun es era eran fue fueron ser estar esta estaba estaban estamos hay"
        " habia ha han he hemos se le les lo me mi nos su sus yo ella ellos nosotros no si ni pero"
        " porque cuando donde como mas muy ya tambien todo todos toda todas otro otra otros antes"
        " despues mientras cual quien este esto ese esa eso aquel dos tres hombre mujer calle casa"
        " coche carro vehiculo policia oficial agente sospechoso arma cuchillo pistola puerta mano"
        " manos noche dijo dije vi vio tenia tuvo hizo llego salio corrio companero patrulla nadie"
        " nada algo aunque casi solo mismo siempre nunca aqui alli ahi sus mis les tan poco asi"
    ),
    "French": make_set(
        "le la les l d un une des du de au aux et ou mais donc car que qui quoi dont a en dans sur"
        " sous avec sans pour par chez vers entre est etait etaient etre sont suis ete a avait ont"
        " avons avais il elle ils elles je j nous vous on se s ce c cet cette ces son sa ses mon ma"
        " mes leur leurs notre nos ne n pas plus tres aussi comme quand lorsque alors puis apres"
        " avant pendant tout tous toute rien personne deux trois homme femme rue maison voiture"
        " vehicule agent policier police suspect arme couteau porte main mains nuit y lui eux m qu"
        " t fait dit vu etant deja encore meme bien peu jamais toujours ici"
    ),
    "Portuguese": make_set(
        "o a os as um uma uns umas de do da dos das no na nos nas em ao aos pelo pela por para com"
        " sem sobre entre ate e ou mas que se nao sim foi era eram estava estavam esta sao ser"
        " estar tem tinha tinham havia ha eu ele ela eles elas nos meu minha seu sua seus suas lhe"
        " me isso este esta esse essa aquele quando onde como porque mais muito ja tambem todo"
        " todos depois antes enquanto dois duas tres homem mulher rua casa carro viatura policial"
        " policia suspeito arma faca porta mao maos noite disse vi tinha fez chegou saiu correu"
        " colega ninguem nada ainda so mesmo quase nunca sempre aqui ali ficou num numa"
    ),
    "German": make_set(
        "der die das den dem des ein eine einen einem einer eines und oder aber denn dass weil wenn"
        " als ob wie wo wer was ich du er sie es wir ihr mich mir ihn ihm uns euch ihnen mein meine"
        " sein seine seinen seiner unser unsere ist war waren sind bin hat hatte hatten haben habe"
        " wurde wurden werden wird nicht kein keine keinen nur noch schon auch sehr in im an am auf"
        " aus bei mit nach von vom vor zu zum zur ueber uber unter durch fur fuer gegen ohne um bis"
        " zwischen hinter neben dann danach da dort hier jetzt immer nie nichts niemand alle zwei"
        " drei mann frau strasse haus wagen fahrzeug polizei kollege beamte messer waffe tur tuer"
        " hand nacht so doch etwas mehr ging kam sah rief lief stand konnte musste diese dieser"
    ),
    "Italian": make_set(
        "il lo la i gli le l un uno una di del dello della dei degli delle d a al allo alla ai agli"
        " alle da dal dalla in nel nella nei nelle su sul sulla con per tra fra e ed o ma che chi"
        " cui non si ci ne mi ti se come quando dove perche piu molto anche gia poi dopo prima"
        " mentre era erano e stato stata sono essere ho ha aveva avevano hanno abbiamo abbiamo io"
        " lui lei noi loro mio mia suo sua suoi questo questa quello quella tutto tutti nessuno"
        " niente due tre uomo donna via casa macchina auto veicolo polizia agente collega sospetto"
        " arma coltello porta mano mani notte detto visto fatto verso senza contro ancora solo mai"
    ),
    "Dutch": make_set(
        "de het een en of maar want dat die dit deze wat wie waar ik je jij hij zij ze wij we ons"
        " hem haar hun mijn zijn was waren is ben heeft had hadden hebben heb werd werden worden"
        " niet geen nog ook al zeer in op aan van met naar uit bij voor door over om te tot tussen"
        " achter naast toen dan daar hier nu altijd nooit niets niemand alle twee drie man vrouw"
        " straat huis auto agent politie collega verdachte mes wapen deur hand nacht er als zich"
    ),
    "Tagalog": make_set(
        "ang ng mga sa na at ay si ni kay sina nina kina ko ako mo ka siya niya kaniya kanya sila"
        " nila kami namin tayo natin kayo ninyo ito iyon iyan nito noon doon dito hindi wala walang"
        " may mayroon meron pero ngunit dahil kung kapag nang para mula hanggang habang pagkatapos"
        " bago pa rin din lang lamang po isang isa dalawang dalawa tatlong lahat lalaki babae"
        " bahay kalsada kotse sasakyan pulis baril kutsilyo pinto kamay gabi namin aming kanyang"
        " nagsabi sinabi nakita pumasok lumabas tumakbo kasama niyang akin aking kaya daw raw yung"
    ),
    "Vietnamese": make_set(
        "toi va la cua co khong mot nguoi trong cho duoc cac nhung nay do da đa đo đuoc đen đi voi"
        " khi thi ma o tren duoi ra vao len xuong ve tu den den noi rang anh chi ong ba ho chung ta"
        " minh nhung nhieu rat cung con se dang đang bi boi vi nen nhu sau truoc hai ba canh sat xe"
        " nha cua tay dao sung đem dem duong đuong dan đan ong luc tai lai phai trai khong ai gi"
        " nghi pham nhin thay thay chay mo đung dung ngoai ben het roi moi"
    ),
    "Haitian Creole": make_set(
        "mwen nou li yo ou m l n y la a an nan ak ki ke se te t pa pou sou ap tap pral gen genyen"
        " yon youn de twa men paske le lè epi avek anvan apre pandan anba deye devan bo kote tout"
        " moun nonm fanm gason polis lapolis machin kay pot men zam kouto lari lannwit di we wè"
        " rive soti antre kouri anyen pesonn sa ki sa ankò anko toujou janm tankou si ak lot yonn"
        " fe fè konnen wap map vin ale pran kanmarad"
    ),
    "Polish": make_set(
        "i w we na z ze do od po za przez przed przy pod nad o u dla bez ale lub albo ze że zeby"
        " gdy kiedy gdzie jak co kto ktory ktora ktory ktorego nie tak tylko jeszcze juz już bardzo"
        " tez też to ten ta te tego tej tym jest byl był byla była bylo było byli byly sa są mial"
        " miał miala miała mam ma mnie mi go jego jej ja on ona my nas oni ich sie się swoj swoja"
        " potem wtedy tam tu zawsze nigdy nic nikt wszystko dwa dwie trzy mezczyzna męzczyzna"
        " kobieta ulica ulicy dom domu samochod samochodu policjant policja patrol partner noz noż"
        " broni bron drzwi reka rece noc nocy mój moj moja"
    ),
    "Romanian": make_set(
        "si in la de pe cu din pentru prin peste sub intre un o unui unei al ale a ai este era erau"
        " sunt fost avea am ai au ca sa se nu mai dar sau cand unde cum care ce eu el ea noi ei lui"
        " lor mea meu sau sa foarte dupa inainte apoi acolo aici nimeni nimic doi trei barbat"
        " femeie strada casa masina politie politist suspect arma cutit usa mana noapte spus"
    ),
    "Serbian, Croatian or Bosnian": make_set(
        "je i u na se da su za od do sa s iz po nije nisu sam si smo ste bio bila bilo bili ali ili"
        " kad kada gdje gde kako koji koja koje sto sta ja ti on ona mi oni ga mu joj ih njegov moj"
        " moja samo jos vec vrlo nakon prije pre tada tamo ovdje nitko niko nista dva tri covjek"
        " covek zena ulica ulici kuca auto vozilo policija policajac kolega noz oruzje vrata ruka"
        " ruke noc kroz prema ispod iza"
    ),
    "Czech or Slovak": make_set(
        "a i v ve na z ze do od po za pres pred pri pod nad o u pro bez ale nebo ze kdyz kde jak co"
        " kdo ktery ktera ktere ne jen jeste uz velmi take to ten ta te toho je byl byla bylo byli"
        " jsem jsme jsou mel mela mam me mi ho jeho jeji ja on ona my nas oni jich se si sve pak"
        " potom tam tady vzdy nikdy nic nikdo dva dve tri muz zena ulice dum auto policie policista"
        " kolega nuz zbran dvere ruka noc som bol bola aj ako"
    ),
    "Hungarian": make_set(
        "a az egy es is nem hogy de ha mert vagy meg csak mar még volt voltak van vannak lett en te"
        " o mi ti ok engem neki nekem azt ezt ami aki amikor ahol mint majd utan elott alatt mogott"
        " fele minden senki semmi ket harom ferfi no utca haz auto rendor rendorseg tars kes"
        " fegyver ajto kez ejszaka nagyon itt ott akkor el ki be fel le ra"
    ),
    "Turkish": make_set(
        "ve bir bu su o da de ile icin gibi ama fakat cunku ki ne mi degil var yok vardi yoktu idi"
        " ben sen biz siz onlar bana beni ona onu bize onun benim daha cok en sonra once kadar"
        " uzerine icinde disinda altinda arkasinda iki uc adam kadin sokak ev araba arac polis"
        " memur ortagim bicak silah kapi el gece dedi gordum geldi oldu hic kimse her sey"
    ),
    "Somali": make_set(
        "waa waxaa waxay waxuu wuxuu iyo oo ah ka ku u la soo uu ay aan ayaa ayuu in ee laakiin"
        " marka kadib hore dhex kale mid laba saddex nin naag guri guriga gaari baabuur booliis"
        " booliska askari qori mindi albaab gacan habeen ma aha ahaa jiray jirtay yiri sheegay"
        " arkay waan wax qof dad isaga iyada aniga saaxiibkay"
    ),
    "Hmong": make_set(
        "kuv nws peb lawv koj yog tau nyob hauv rau thiab los mus ntawm tsis muaj ib tus tug lub"
        " cov uas hais tias pom txog thaum ces tab sis xwb lawm ua yuav qhov rooj tsev tsheb tub"
        " ceev xwm phom riam tes hmo ntuj kev neeg txiv neej poj niam nrog sab nraum dab tsi"
    ),
    "Swahili": make_set(
        "na ya wa za la kwa ni katika kwamba lakini au kama hii huyo hiyo yule wangu yangu yake"
        " wake wao sisi mimi yeye alikuwa ilikuwa walikuwa nilikuwa tulikuwa sana tu bado tena"
        " baada kabla mtu watu mwanaume mwanamke nyumba gari polisi askari kisu bunduki mlango"
        " mkono usiku alisema niliona hakuna kila mbili tatu mmoja mwenzangu barabara"
    ),
    "Indonesian or Malay": make_set(
        "yang dan di ke dari untuk dengan pada itu ini tidak ada adalah saya kami dia mereka anda"
        " aku kita akan sudah telah sedang belum tetapi tapi atau karena ketika saat seperti juga"
        " hanya lagi sangat setelah sebelum seorang satu dua tiga orang pria wanita jalan rumah"
        " mobil polisi petugas rekan pisau senjata pintu tangan malam tersebut oleh dalam bahwa"
    ),
}

# These stand in names too ("de la Cruz", "Van Der Berg") and count for half.
PARTICLES = make_set(
    "de la del los las el y e o da do dos das di du le les van von der den san santa al a i ma ka"
    " an d l m n s t c j u w z na sa si no me so to as at in on am do may die was war hat will also"
    " is of was had we en or son man men over hand auto police agent suspect patrol partner long"
    " se per come con non pa te ke li ki us me he she it be by go my up ta ra ni ve ne"
)
