# Listan över buckets och dess dialogrutor.

title = Buckets
create = Skapa bucket
open-by-name = Öppna med namn
empty = Inga buckets ännu
empty-means = En bucket rymmer dina filer och mappar. Skapa en för att börja, med knappen ovan.
own-none = Du äger ingen bucket
own-none-means = Om du har fått åtkomst till en, öppna den med dess namn.
scope-owned = Buckets som du äger och sådana som du har fäst. Det kan finnas fler.
scope-unanswered = Listan över tenantens övriga namnrymder svarade inte. Här visas buckets som du äger och sådana som du har fäst.

name = Namn
column-used = Använt
column-objects = Objekt
column-versioning = Versionshantering
column-created = Skapad
column-owner = Ägare
column-tags = Taggar
column-retention = Förvalt bevarande
column-cors = CORS
column-uploads = Pågående uppladdningar
columns = Kolumner
actions = Åtgärder
actions-for = Åtgärder för { $name }
select = Markera { $name }
select-all = Markera alla buckets
pin = Fäst { $name } överst
unpin = Lossa { $name }
pinned = fäst
opened-lately = nyligen öppnad
unknown = okänt
asking = hämtas

filter = Filtrera buckets
filter-go = Filtrera
clear-filter = Rensa filtret
no-match = Inget passar { $text }
hidden = { $count ->
    [one] En bucket är dold.
   *[other] { $count } buckets är dolda.
}
counted = { $count ->
    [one] 1 bucket
   *[other] { $count } buckets
}
counted-of = { $from }–{ $to } av { $all }
counted-filtered = { $shown } av { $all } passar
pages = Sidor
page-of = Sida { $page } av { $pages }
previous = Föregående
next = Nästa
csv = CSV

used-of = { $used } av { $quota }, { $percent } %
used-exact = { $used } byte av { $quota } byte
used-exact-alone = { $used } byte
versioning-off = Av
versioning-on = På
versioning-suspended = Pausad
keeps-deleted = behåller raderat
compliance = regelefterlevnad
object-lock = objektlås
s3-off = S3 avstängt
no-access = ingen åtkomst
cors-bucket = Egna
cors-tenant = Tenantens
cors-none = Inga
cors-unknown = Okänt
at-least = { $count } och fler

selected = { $count ->
    [one] 1 bucket markerad
   *[other] { $count } buckets markerade
}
clear-selection = Rensa
delete = Radera

menu-open = Öppna
menu-versions = Versioner
menu-uploads = Pågående uppladdningar
menu-cors = CORS
menu-copy-name = Kopiera namnet
menu-copy-uri = Kopiera S3-URI
menu-pin = Fäst
menu-unpin = Lossa
menu-delete = Radera…
copied = { $text } har kopierats.

help-hcp = 3 till 63 tecken: små bokstäver, siffror och bindestreck. Namnet börjar och slutar med en bokstav eller en siffra.
help-s3 = 3 till 63 tecken: små bokstäver, siffror, bindestreck och punkter. Ett namn med punkter kan inte nås över TLS som värdnamn.
created = Bucketen { $name } har skapats.

open-title = Öppna en bucket med namn
open-name = Bucketens namn
open-folder = Mapp
open-folder-help = Valfritt, till exempel 2025/skanningar/
open-pin = Fäst den i min lista
open-go = Öppna
open-bad = Så kan ingen bucket heta.
open-denied = Du får inte lista { $name }. Om du känner till en nyckel i den går den att öppna ändå.
open-absent = Det finns ingen bucket { $name } som du kan nå. Namn skrivs exakt, med små bokstäver.
open-anyway = Öppna { $name }

delete-title = { $count ->
    [one] Radera bucket
   *[other] Radera { $count } buckets
}
delete-counting = Räknar vad som finns i den…
delete-gone = Bucketen { $name } försvinner för gott, med allt i den.
delete-many-gone = { $count ->
    [one] En bucket försvinner för gott, med allt i den.
   *[other] { $count } buckets försvinner för gott, med allt i dem.
}
delete-plain = Utan skript kan bara en tom bucket raderas.
delete-free = Namnet är sedan ledigt för andra.
delete-is-empty = Den är tom.
delete-are-empty = De är tomma.
delete-versions = { $count ->
    [one] 1 objekt eller version, { $size }
   *[other] { $count } objekt och versioner, { $size }
}
delete-markers = { $count ->
    [one] 1 raderingsmarkör
   *[other] { $count } raderingsmarkörer
}
delete-uploads = { $count ->
    [one] 1 oavslutad uppladdning
   *[other] { $count } oavslutade uppladdningar
}
delete-settings = På vägen stänger Hako av det som hindrar att namnrymden raderas: raderingsposter, senare gallring, sökning. Det återställs inte om raderingen avbryts.
delete-kept = { $count ->
    [one] Ett objekt kan inte raderas, och därför inte heller bucketen:
   *[other] { $count } objekt kan inte raderas, och därför inte heller deras buckets:
}
delete-phrase = radera { $count } buckets
delete-type = Skriv { $phrase } för att bekräfta
delete-type-first = Skriv det först
delete-wait = Innehållet räknas
delete-go = { $count ->
    [one] Radera bucket
   *[other] Radera { $count } buckets
}
deleted = Bucketen { $name } har raderats.
deleted-many = { $count ->
    [one] En bucket har raderats.
   *[other] { $count } buckets har raderats.
}
delete-stayed = { $count ->
    [one] En bucket finns kvar:
   *[other] { $count } buckets finns kvar:
}
delete-not-empty = Bucketen är inte tom. Radera dess filer och mappar först; inget har raderats.
not-counted = Innehållet kunde inte räknas.
close = Stäng

uploads-in-progress = Pågående uppladdningar
bucket = Bucket
files = Filer
cors = CORS
name-length = Ett bucketnamn har 3 till 63 tecken.
name-capital = Ett bucketnamn har inga stora bokstäver.
name-character = Ett bucketnamn har bara bokstäver, siffror och bindestreck.
name-character-or-dot = Ett bucketnamn har bara bokstäver, siffror, bindestreck och punkter.
name-edge = Ett bucketnamn börjar och slutar med en bokstav eller en siffra.
name-punycode = Ett bucketnamn börjar inte med ”xn--”.
