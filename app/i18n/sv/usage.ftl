# Vad en bucket innehåller, mapp för mapp, så som jobb har mätt det.

tab = Användning
title = { $bucket } · Användning
title-of-folder = { $folder } · { $bucket } · Användning
measure = Mät nu
measured = Bucketen är mätt.
being-measured = Bucketen mäts
reload = Ladda om
failed = Den senaste mätningen misslyckades: { $error }
no-such = Det finns ingen sådan mätning av denna bucket, eller så är den inte din.
never = Denna bucket är inte mätt än
means = En mätning summerar vad varje mapp innehåller, med gamla versioner och oavslutade uppladdningar. Den går igenom hela listan, en förfrågan per 1 000 nycklar, och fortsätter när du lämnar sidan. Resultatet sparas i 30 dagar för jämförelse.
store-says = Lagringen uppger { $used }.
store-says-of = Lagringen uppger { $used } av { $quota }.
as-of = Mätt

shown = Visas
compared-with = Jämförs med
with-nothing = ingenting
show = Visa

all-bytes = Storlek
objects = Objekt
old-versions = Gamla versioner
uploads = Oavslutade uppladdningar
markers = { $count ->
    [one] 1 borttagningsmarkör
   *[other] { $count } borttagningsmarkörer
}
whole-bucket = Hela bucketen
folders = Mappar
folder = Mapp
size = Storlek
share = Andel
files = Filer
open-in-files = Öppna { $folder } i Filer
files-here = Filer i denna mapp
others = Mindre mappar
smaller = { $count ->
    [one] 1 mindre mapp
   *[other] { $count } mindre mappar
}
other-pages = Mappar på andra sidor
pages = Sidor
previous-page = Föregående sida
next-page = Nästa sida
summary = { $size } i { $count ->
    [one] 1 objekt
   *[other] { $count } objekt
} och det som sparas bredvid.
summary-since = { $size } i { $count ->
    [one] 1 objekt
   *[other] { $count } objekt
} och det som sparas bredvid. Sedan { $time }: { $bytes }, objekt { $more }.
map-says = Trädkarta över { $folder }. Den största delen är { $name } med { $percent } %. Tabellen har alla tal.
change-of-size = Ändring
change-of-objects = Ändring i objekt
new = ny, { $change }
gone = borta, { $change }
unknown = okänt
more-objects = { $count ->
    [one] { $number } objekt
   *[other] { $number } objekt
}
grown = större
shrunk = mindre
same = oförändrad eller okänd
report = Alla mappar som CSV
no-versions = Lagringen listar inte gamla versioner, så de är inte medräknade.
no-deeper = { $count ->
    [one] Det finns så många mappar att bara de på första nivån har egna rader.
   *[other] Det finns så många mappar att bara de på de första { $count } nivåerna har egna rader.
} Det som ligger djupare är medräknat i dem.
not-looked-into = { $count ->
    [one] En sak kunde inte undersökas, och dess storlek saknas här.
   *[other] { $count } saker kunde inte undersökas, och deras storlek saknas här.
}
why = Vad och varför

over-time = Över tid
length = Hur länge
days = { $count ->
    [one] 1 dag
   *[other] { $count } dagar
}
day = Dag
space-taken = Utrymme som tas
received = Mottaget
sent = Skickat
no-days = Lagringen har inte berättat om någon dag ännu.
day-one = { $day }: { $size } i { $count ->
    [one] 1 objekt
   *[other] { $count } objekt
}.
since-day = { $day }: { $size } i { $count ->
    [one] 1 objekt
   *[other] { $count } objekt
}, { $growth } sedan { $first }.
day-tip = { $day }: { $size }, { $count ->
    [one] 1 objekt
   *[other] { $count } objekt
}
at-most = som mest { $size }
partial-days = Blekare dagar räknades inte i sin helhet.
days-as-table = Dagarna som tabell
