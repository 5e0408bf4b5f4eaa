# Det som frågas innan uppladdningar börjar: det som sticker ut, alternativ, det som redan finns.

found-junk = { $count ->
    [one] 1 fil
   *[other] { $count } filer
 } som system lämnar i mappar, till exempel .DS_Store
found-hidden = { $count ->
    [one] 1 dold fil
   *[other] { $count } dolda filer
 }
found-key = { $count ->
    [one] 1 fil har ett namn
   *[other] { $count } filer har namn
 } som lagringen inte tar emot: för långt, eller reserverat
found-same-key = { $count ->
    [one] 1 fil
   *[other] { $count } filer
 } skulle få en annans namn i samma mapp
found-alike = { $count ->
    [one] 1 fil skiljer sig
   *[other] { $count } filer skiljer sig
 } från en annan bara genom stora bokstäver eller en bokstavs form
found-unreadable = { $count ->
    [one] 1 fil eller mapp
   *[other] { $count } filer eller mappar
 } gick inte att läsa
found-crowded = { $count ->
    [one] 1 mapp
   *[other] { $count } mappar
 } med fler än 100 000 poster: listor över dem blir långsamma
found-deep = { $count ->
    [one] 1 fil ligger
   *[other] { $count } filer ligger
 } under fler än 20 mappar
found-no-room = Filerna kräver { $size } mer än bucketen har ledigt. Det som är känt om det lediga utrymmet kan vara en timme gammalt.
found-too-large = { $count ->
    [one] 1 fil är
   *[other] { $count } filer är
 } större än 5 TB, mer än ett objekt rymmer
found-checksums = En lista med kontrollsummor nämner { $count ->
    [one] 1 fil
   *[other] { $count } filer
 }
found-checksums-missing = En lista med kontrollsummor nämner { $count ->
    [one] 1 fil
   *[other] { $count } filer
 }, och { $missing } som inte följde med
begin-nothing = Ladda inte upp något
begin = Ladda upp { $count ->
    [one] 1 fil
   *[other] { $count } filer
 }
begin-replacing = Ladda upp { $sent ->
    [one] 1 fil
   *[other] { $sent } filer
 }, ersätt { $lost ->
    [one] 1 objekt
   *[other] { $lost } objekt
 }
will-be-uploaded = { $count ->
    [one] 1 fil laddas upp
   *[other] { $count } filer laddas upp
 }.
will-be-uploaded-and = { $count ->
    [one] 1 fil laddas upp
   *[other] { $count } filer laddas upp
 }: { $others }.
so-many-skipped = { $count } laddas inte upp
so-many-versioned = { $count } som nya versioner
so-many-lost = { $count } i stället för det som finns
so-many-renamed = { $count } under ett annat namn
junk-left-out = { $count ->
    [one] 1 fil som systemet har i mappar (till exempel .DS_Store) utelämnades.
   *[other] { $count } filer som systemet har i mappar (till exempel .DS_Store) utelämnades.
 }
already-there = { $count ->
    [one] 1 fil laddades inte upp, eftersom bucketen redan har den.
   *[other] { $count } filer laddades inte upp, eftersom bucketen redan har dem.
 }
exist-already = { $count ->
    [one] 1 fil finns
   *[other] { $count } filer finns
 } redan
in-place = I { $place }: { $counts }.
standing-new = { $count } nya
standing-same-size = { $count } av samma storlek
standing-different = { $count } olika
standing-newer = { $count } nyare i bucketen
standing-protected = { $count } skyddade där
standing-folder = { $count } med en mapps namn
standing-unknown = { $count } okända
from-to-of = { $from } till { $to } av { $all }
agree = { $count ->
    [one] 1 uppladdad fil stämmer
   *[other] { $count } uppladdade filer stämmer
 } med listan med kontrollsummor.
agree-not = { $count ->
    [one] 1 uppladdad fil stämmer
   *[other] { $count } uppladdade filer stämmer
 } med listan med kontrollsummor. { $differing ->
    [one] 1 gör det
   *[other] { $differing } gör det
 } inte.
agree-unread = { $count ->
    [one] 1 uppladdad fil stämmer
   *[other] { $count } uppladdade filer stämmer
 } med listan med kontrollsummor. { $unread } kunde inte jämföras, eftersom filen här inte gick att läsa igen.
files-and-bytes = { $count ->
    [one] 1 fil
   *[other] { $count } filer
 }, { $size }
becomes = { $path } blir { $key }
add-metadata = Lägg till metadata
add-tag = Lägg till tagg
name-of-metadata = Metadatas namn
name-of-tag = Taggens namn
value-of-metadata = Metadatas värde
value-of-tag = Taggens värde
remove-metadata = Ta bort dessa metadata
remove-tag = Ta bort den här taggen
remove-the-metadata = Ta bort metadata { $name }
remove-the-tag = Ta bort taggen { $name }

nobody-but-their-owner = Ingen utom deras ägare
the-buckets-owner-may-read-them = Bucketens ägare får läsa dem
the-buckets-owner-may-do-everything = Bucketens ägare får göra allt
whoever-signs-in-may-read-them = Den som loggar in får läsa dem
everybody-may-read-them = Alla får läsa dem
everybody-may-read-and-change-them = Alla får läsa och ändra dem
do-not-compare = Jämför inte
try-all-the-same = Försök ändå
upload-as-they = Ladda upp som de är
they-are-uploaded-all-the-same = De laddas upp ändå.
they-are-left-out = De utelämnas.
upload = Ladda upp
leave-out = Utelämna
upload-under-a-name = Ladda upp under ett namn som lagringen tar emot
upload-under-another-name = Ladda upp under ett annat namn, med ett nummer
leave-out-the-largest-until = Utelämna de största tills resten får plats
compare-what-is-uploaded = Jämför det som laddas upp med listan
skip = Hoppa över
overwrite = Skriv över
keep-both = Behåll båda
only-what-changed = Bara det som ändrats
these-files-are-not-uploaded = De här filerna laddas inte upp.
the-file-gets-the-next-free = Filen får nästa lediga namn, till exempel namn (2).
becomes-a-version = Filen blir en ny version; den gamla sparas.
object-is-lost = Objektet går förlorat: bucketen sparar inga versioner.
object-is-deleted = Objektet raderas när hela filen har kommit fram: bucketen sparar inga versioner, och låter inget skrivas över.
object-may-be-lost = Objektet går förlorat, om inte bucketen sparar versioner.
unchanged-is-skipped = En fil av samma storlek som inte har ändrats sedan dess hoppas över; andra skriver över.
new = Ny
not-known = Okänt
same-size = Samma storlek
different = Olika
newer-in-the-bucket = Nyare i bucketen
protected = Skyddat
a-folder-has-this-name = En mapp har detta namn

always-do-this = Gör alltid så i den här webbläsaren. Hako frågar ändå innan något går förlorat.
cancel = Avbryt
what-to-do-with-them = Vad som ska göras med dem
there-are-no-more = Det finns inga fler
choose-for-each-file = Välj för varje fil
files-that-exist-already = Filer som redan finns
file = Fil
here = Här
in-the-bucket = I bucketen
do-what = Gör
previous = Föregående
next = Nästa
until = { " " }till{ " " }
what-to-do-with-file = Vad som ska göras med { $name }

does-not-agree = { $name } laddades upp som den är här, men stämmer inte med sin lista med kontrollsummor.

try-again = Försök igen
nothing-is-left-to-upload = Inget är kvar att ladda upp
begin-without-overview = Börja stora uppladdningar utan den här översikten, där inget ska avgöras
to = Till
largest = Störst
free = Ledigt
and-more = och { $count } till

target-path-metadata-and-more = Målsökväg, metadata med mera
target-path = Målsökväg
pattern-help = { "{" }path{ "}" }: som den är här. { "{" }name{ "}" }: bara namnet. { "{" }folder{ "}" }: mapparna ovanför. { "{" }date{ "}" }: i dag, som 2026-01-31.
content-type = Innehållstyp
type-help = Till exempel image/tiff. Tomt: varje fils egen.
metadata-help = Sparas med varje objekt som x-amz-meta-…: { $bytes } av { $most } byte.
metadata = Metadata
tags = Taggar
tags-help = Högst tio, med vilka människor och regler hittar objekt.
retention = Bevarande
retention-help = Tomt: som bucketen har det. A+7y: i sju år (enheter y M w d h m s, största först). 0: kan raderas genast. -1: kan aldrig raderas. -2: sätts senare. C+Namn: som en bevarandeklass. 2030-01-31T00:00:00+0000: till dess.
on-hold = Spärrad
hold-help = Ingen kan radera objekten förrän spärren hävs. Kräver rättigheten PRIVILEGED.
who-may-use-them = Vem som får använda dem
as-the-bucket-has-it = Som bucketen har det
open-to-all = Vem som helst som känner till adressen kan använda de här objekten, utan att logga in.

name = Namn
value = Värde

give-a-name = Ge det ett namn, eller ta bort det
give-a-value = Ge { $name } ett värde, eller ta bort det
is-there-twice = { $name } finns två gånger

type-too-long = En innehållstyp har högst 255 tecken
type-form = En innehållstyp skrivs som image/tiff, i ASCII

no-acl = Den här lagringen har inga färdiga åtkomstlistor
no-hold = Den här lagringen spärrar inga objekt
no-tags = Den här lagringen sparar inga taggar
no-retention = Den här lagringen tar inget bevarande med ett objekt
is-no-name = ”{ $name }” är inget namn: det har bokstäver, siffror och -._, till exempel project-code
twice-but-for-capitals = ”{ $name }” finns två gånger: stora bokstäver räknas inte i namn
value-not-in-ascii = Värdet av ”{ $name }” har andra tecken än utskrivbar ASCII, eller börjar eller slutar med ett blanksteg
too-much-metadata = Namn och värden har tillsammans { $bytes } byte; en lagring tar { $most }
too-many-tags = Ett objekt har högst { $most } taggar, inte { $tags }
tag-nameless = En tagg har ett namn
tag-name-too-long = En taggs namn har högst { $most } tecken, inte { $length }
tag-of-the-store = ”{ $name }”: namn med aws: är lagringens egna
tag-value-too-long = Värdet av ”{ $name }” har högst { $most } tecken, inte { $length }
tag-control = ”{ $name }”: en tagg har inga styrtecken
class-name-in-ascii = En bevarandeklass har ett namn i ASCII
is-no-retention = ”{ $text }”: ett bevarande är 0, -1, -2 eller dess namn, en period som A+7y, en klass som C+Namn, sekunder sedan 1970, eller en tid som 2030-01-31T00:00:00+0000
beyond-calendar = ”{ $text }” slutar bortom kalendern
is-over-already = ”{ $text }” är redan över; ett bevarande slutar efter att objektet lagrats, till exempel A+1y
