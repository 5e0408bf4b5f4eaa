# Vad en bucket sparar av det som varit.

tab = Versioner
title = { $bucket } · Versioner
title-of-folder = { $folder } · { $bucket } · Versioner
no-such-bucket = Det finns ingen bucket { $bucket } som du kan nå.
below = Bara det som ligger under { $folder }.
whole-bucket = Visa hela bucketen

is-on = Versionshantering är på: det som skrivs över eller tas bort finns kvar som en gammal version.
is-suspended = Versionshantering är pausad: versionerna som finns står kvar, och inga nya skapas.
is-off = Versionshantering är av: det som skrivs över eller tas bort är borta.
is-unknown = Om denna bucket sparar versioner får ditt konto inte se.
would-do = Med versionshantering skapar varje skrivning en version, och en borttagning döljer bara objektet. Båda kan tas tillbaka här.
would-cost = Varje gammal version räknas mot kvoten tills den tas bort eller rensas, även när objektet är borttaget.
switch-on = Slå på versionshantering
suspend = Pausa versionshantering
go-on = Återuppta versionshantering
suspend-means = Gamla versioner står kvar och kan fortfarande återställas och tas bort. Nya skrivningar skapar inga, så det de skriver över är borta.
go-on-means = Varje skrivning skapar en version igen.
one-way = Detta kan inte ångras: versionshantering som varit på kan pausas men aldrig slås av igen.
one-way-known = Jag vet att den sedan bara kan pausas
tick-first = Kryssa i rutan först
now-on = Versionshantering är på.
now-suspended = Versionshantering är pausad.
namespace-settings = Rensning och borttagningsmarkörer för namnrymden

filter-text = Namnet innehåller
filter-show = Visa
show-all = Alla nycklar
show-deleted = Bara borttagna
show-old = Bara med gamla versioner
filter-days = Gamla i mer än så många dagar
apply = Filtrera
clear-filter = Rensa filtret

select-page = Markera alla på sidan
select = Markera { $key }
sum-of-all = { $keys ->
    [one] 1 nyckel
   *[other] { $keys } nycklar
}: versioner { $versions }, borttagningsmarkörer { $markers }, gamla versioner { $old } med { $bytes }
sum-of-page = { $keys ->
    [one] 1 nyckel
   *[other] { $keys } nycklar
} på sidan: versioner { $versions }, borttagningsmarkörer { $markers }, gamla versioner { $old } med { $bytes }
pages = Sidor
first-page = Första sidan
next-page = Nästa sida
nothing = Här finns ingenting lagrat, och inga gamla versioner
nothing-below = Inga gamla versioner under { $folder }
no-match = Ingenting här passar filtret
hidden = { $count ->
    [one] 1 nyckel döljs av det.
   *[other] { $count } nycklar döljs av det.
}
hidden-so-far = { $count ->
    [one] 1 nyckel är genomgången hittills. Fler följer.
   *[other] { $count } nycklar är genomgångna hittills. Fler följer.
}

state-current = aktuell
state-deleted = borttagen
state-only-old = borttagen, utan markör
versions = { $count ->
    [one] 1 version
   *[other] { $count } versioner
}
versions-at-least = { $count ->
    [one] minst 1 version
   *[other] minst { $count } versioner
}
in-old = { $count ->
    [one] { $bytes } i 1 gammal
   *[other] { $bytes } i { $count } gamla
}
unfold = Visa versionerna
versions-of = Versioner av { $key }
version-id = Version
kind = Vad
made = När
size = Storlek
actions = Åtgärder
kind-current = aktuell
kind-old = gammal
kind-marker = borttagningsmarkör
kind-hides = borttagningsmarkör, döljer nyckeln
cut-off = Det finns fler versioner än som får plats här.

undelete = Ångra borttagning
undelete-key = Ångra borttagning av { $key }
undeleted = { $key } är tillbaka.
restore = Återställ
restore-version = Återställ version { $version } av { $key }
restored = { $key } återställdes.
download = Ladda ner
download-version = Ladda ner version { $version } av { $key }
delete = Ta bort…
delete-version = Ta bort… version { $version } av { $key }
remove-marker = Ta bort markör
remove-marker-of = Ta bort markör { $version } för { $key }
marker-removed = En borttagningsmarkör för { $key } togs bort.
delete-title = Ta bort version
delete-means = Version { $version } av { $key } försvinner för gott.
delete-old = Objektet som det är ändras inte. Ingenting tar tillbaka den här versionen.
delete-current = Detta är objektet som det är: versionen före, om det finns någon, tar dess plats. Ingenting tar tillbaka den här versionen.
delete-phrase = ta bort 1 version
type-to-confirm = Skriv { $phrase } för att bekräfta
type-first = Skriv orden ovan först
deleted = En version av { $key } togs bort.

selected = { $count ->
    [one] 1 nyckel markerad
   *[other] { $count } nycklar markerade
}
on-bucket = Alla nycklar i bucketen
on-rule = Alla nycklar i denna vy, på alla sidor
on-nothing = Markera nycklar först
select-first = Markera nycklar först när det här filtret är valt
bulk-restore = Ta tillbaka borttagna…
bulk-old = Ta bort gamla versioner…
bulk-purge = Utplåna…
counting = Räknar vad som skulle göras…
not-counted = Det gick inte att räkna.
running = Arbetar. Det fortsätter i bakgrunden om du lämnar sidan.
older-than = Versioner som är äldre än så många dagar
older-help = 0 betyder alla gamla versioner. Objekten som de är står kvar. Inget tas bort innan du har sett hur mycket det är.
days-are-numbers = Dagar är ett heltal, 0 för alla gamla versioner. Exempel: 30.
count-them = Räkna dem
plan-restore = { $count ->
    [one] 1 objekt kommer tillbaka som det var.
   *[other] { $count } objekt kommer tillbaka som de var.
}
plan-purge = Versioner: { $versions }. Borttagningsmarkörer: { $markers }. Tillsammans { $bytes }.
plan-refused = { $count ->
    [one] 1 av dem skulle vägras, så långt det undersöktes.
   *[other] { $count } av dem skulle vägras, så långt det undersöktes.
}
purge-means = Objekten försvinner med allt som sparats av dem. Ingenting tar tillbaka dem.
old-means = Objekten står kvar som de är. Ingenting tar tillbaka deras gamla versioner.
purge-phrase = ta bort { $count } versioner
do-restore = { $count ->
    [one] Ta tillbaka 1 objekt
   *[other] Ta tillbaka { $count } objekt
}
do-purge = { $count ->
    [one] Ta bort 1 version
   *[other] Ta bort { $count } versioner
}
nothing-to-do = Det finns inget att göra
bulk-done = { $count ->
    [one] Klart: 1.
   *[other] Klart: { $count }.
}
bulk-stayed = { $count ->
    [one] 1 vägrades och är som det var; klart: { $done }.
   *[other] { $count } vägrades och är som de var; klart: { $done }.
}
close = Stäng

compare = Jämför
compare-this = Jämför
compare-version = Jämför version { $version }
compare-help = Kryssa för två versioner för att jämföra dem.
compare-first = Kryssa först för två versioner
compared = Version { $left } jämförd med { $right }
compared-what = Vad
differs = skiljer sig
close-comparison = Stäng jämförelsen
content = Innehåll
contents-same = Båda har samma innehåll.
contents-long = En av dem har mer än { $limit }: innehåll jämförs upp till det.
contents-no-text = En av dem är ingen text, och de skiljer sig.
lines-differ = Tillagda rader: { $added }. Borttagna rader: { $removed }.
lines-cut = Det här är inte allt: långa rader, eller rader längre ner, har utelämnats.
line-added = tillagd
line-removed = borttagen
line-left = Rad före
line-right = Rad efter
line-text = Text
no-line-end = inget radslut
difference = Skillnad mellan innehållen
has-none = –
