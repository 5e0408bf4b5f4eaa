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
usage = Mät användningen i { $bucket }
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
kind-usage = Användning

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
