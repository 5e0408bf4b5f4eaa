# Arbete som servern håller på med längre än en förfrågan: listan, ett jobb och visaren i sidhuvudet.

jobs = Jobb
all-jobs = Alla jobb
none = Inga jobb de senaste 30 dagarna.
none-means = Det som tar längre än ett ögonblick, som att kopiera en mapp, visas här och fortsätter när du lämnar sidan.
none-such = Inget jobb passar in. Ändra vad som visas.
not-yours = Det finns inget sådant jobb, eller så är det inte ditt.
means = Jobb fortsätter när du lämnar sidan eller loggar ut. De visas i 30 dagar.
here = Dina jobb

delete = Radera i { $bucket }
copy = Kopiera från { $bucket } till { $target }
move = Flytta från { $bucket } till { $target }
restore = Återställ i { $bucket }
purge = Radera alla versioner i { $bucket }
purge-old = Radera gamla versioner i { $bucket }
delete-buckets = { $count ->
    [one] Radera en bucket
   *[other] Radera { $count } buckets
}
undo = Ångra en radering i { $bucket }
count = Räkna { $bucket }
archive = Arkiv från { $bucket }
search = Sök i { $bucket }
export = Exportera det som en sökning hittade
hold = Spärra det som en sökning hittade
release = Häv spärren för det som en sökning hittade
retention = Sätt bevarandetid för det som en sökning hittade
usage = Mät användningen i { $bucket }
uploads = Oavslutade uppladdningar
abort-uploads = { $days ->
    [0] Avbryt alla oavslutade uppladdningar
    [one] Avbryt uppladdningar äldre än en dag
   *[other] Avbryt uppladdningar äldre än { $days } dagar
}
delete-found = Radera det som en sökning hittade
is-plan = Plan

kind = Slag
kind-any = Alla slag
kind-delete = Radera
kind-copy = Kopiera
kind-move = Flytta
kind-restore = Återställ
kind-purge = Radera alla versioner
kind-purge-old = Radera gamla versioner
kind-delete-buckets = Radera buckets
kind-undo = Ångra
kind-count = Räkna
kind-archive = Arkiv
kind-search = Sök
kind-export = Exportera
kind-hold = Spärra
kind-release = Häv spärr
kind-retention = Sätt bevarandetid
kind-usage = Användning
kind-uploads = Oavslutade uppladdningar
kind-abort-uploads = Avbryt gamla uppladdningar

state = Läge
state-any = Alla lägen
state-waiting = Väntar
state-running = Pågår
state-cancelling = Stoppas
state-done = Klart
state-failed = Misslyckat
state-cancelled = Stoppat

since = Startat
since-any = De senaste 30 dagarna
since-day = De senaste 24 timmarna
since-week = De senaste 7 dagarna
show = Visa

job = Jobb
progress = Förlopp
started = Startat
ended = Slut
actions = Åtgärder
works-on = Gäller
rule-all = Allt i { $folder }
rule-filter = Allt i { $folder } som passar { $filter }
whole-bucket = hela bucketen
first-of = { $count ->
    [one] { $name }
   *[other] { $name }, den första av { $count }
}
goes-to = Mål
repeats = Hör till
earlier-job = ett tidigare jobb
buckets = Buckets

done-of = { $done } av { $total }
done-so-far = { $done } hittills
waits = Väntar på andra jobb
counting = Räknar
keys-read = { $count ->
    [one] 1 nyckel läst
   *[other] { $count } nycklar lästa
}
uploads-read = { $count ->
    [one] 1 uppladdning genomgången
   *[other] { $count } uppladdningar genomgångna
}
read-and-found = { $count ->
    [one] 1 nyckel läst, { $found } hittade
   *[other] { $count } nycklar lästa, { $found } hittade
}
failed-number = { $count ->
    [one] 1 misslyckades
   *[other] { $count } misslyckades
}
skipped-number = { $count ->
    [one] 1 utelämnades
   *[other] { $count } utelämnades
}
found-objects = Objekt
found-versions = Versioner
found-markers = Raderingsmarkörer
found-uploads = Uppladdningar
found-bytes = Storlek
found-refused = Skulle nekas
found-taken = Upptagna namn
found-checked = Granskade ett och ett

cancel = Avbryt
retry = Försök igen med det misslyckade
undo-it = Ångra
undo-until = Raderingen kan ångras till
report-csv = Rapport som CSV
report-json = Rapport som JSON
show-results = Visa vad som hittades
show-usage = Visa användningen
show-uploads = Visa oavslutade uppladdningar
cancelled-soon = Jobbet stannar efter det som det håller på med.

failures = Vad som misslyckades
refusals = Vad som skulle nekas
failures-more = { $count ->
    [one] Och ytterligare en som inte sparades
   *[other] Och ytterligare { $count } som inte sparades
}
no-failures = Ingenting misslyckades.
key = Nyckel
version = Version
why = Orsak
first-page = Första sidan
next-page = Nästa sida

indicator = { $count ->
    [one] Jobb, 1 pågår
   *[other] Jobb, { $count } pågår
}
running-now = Pågår
nothing-runs = Ingenting pågår.
finished-lately = Nyligen avslutade
said-done = { $job }: klart
said-failures = { $count ->
    [one] { $job }: ett misslyckades
   *[other] { $job }: { $count } misslyckades
}
said-failed = { $job }: misslyckades

# De oavslutade uppladdningarna i alla buckets.

unfinished = Oavslutade uppladdningar
unfinished-means = Stora filer går till lagret i delar. Tills en uppladdning har slutförts tar delarna plats, och ingen fillista visar dem. Här räknas de ihop över alla buckets som du kan lista.
measure = Mät
measure-again = Mät igen
never-measured = Inte mätt än
all-clear = Inga oavslutade uppladdningar. Inget tar dold plats.
uploads-as-of = Gäller
buckets-looked = { $count ->
    [one] 1 bucket genomgången
   *[other] { $count } buckets genomgångna
}
buckets-refused = { $count ->
    [one] 1 bucket visar dig inte sina uppladdningar.
   *[other] { $count } buckets visar dig inte sina uppladdningar.
}
which-and-why = Vilka, och varför
uploads-unseen = { $count ->
    [one] Lagret visar dig inte delarna av 1 uppladdning, så det är fler byte än vad som visas.
   *[other] Lagret visar dig inte delarna av { $count } uppladdningar, så det är fler byte än vad som visas.
}
measured-before = Uppladdningar har avbrutits sedan dess. Mät igen för att se vad som är kvar.
bucket = Bucket
number-of-uploads = Uppladdningar
stored-so-far = Lagrat hittills
at-least = minst { $size }
oldest = Äldsta
choose = Välj
choose-bucket = Välj { $bucket }
sum = Summa
abort-older = Avbryt äldre…
days-ago = Påbörjade för mer än … dagar sedan
days-help = 0 betyder alla. I de buckets som är valda ovan, eller i alla om ingen är vald. Inget avbryts innan du har sett hur mycket det är.
days-whole = Dagar är ett heltal, 0 till 36500. Exempel: 7.
count-them = Räkna dem
plan-of-all = alla buckets
plan-none = { $days ->
    [0] Det finns inga oavslutade uppladdningar i { $where }.
    [one] Ingen uppladdning i { $where } påbörjades för mer än en dag sedan.
   *[other] Ingen uppladdning i { $where } påbörjades för mer än { $days } dagar sedan.
}
plan-is = { $days ->
    [0] Alla oavslutade uppladdningar i { $where }: { $uploads }, med { $size } i delar.
    [one] Påbörjade för mer än en dag sedan i { $where }: { $uploads }, med { $size } i delar.
   *[other] Påbörjade för mer än { $days } dagar sedan i { $where }: { $uploads }, med { $size } i delar.
}
uploads-counted = { $count ->
    [one] 1 uppladdning
   *[other] { $count } uppladdningar
}
parts-go = Delarna kastas för gott; inget objekt ändras. Den som fortfarande skickar någon av dem måste skicka hela filen igen, och det kan vara du, i den här webbläsaren eller en annan.
aborted = { $count ->
    [one] 1 uppladdning avbröts.
   *[other] { $count } uppladdningar avbröts.
}
see-job = Se jobbet
