### Objektbläddraren.

files-in-bucket = Filer i { $bucket }
select-all-rows = Markera alla rader
select-row = Markera { $name }
actions = Åtgärder
actions-for = Åtgärder för { $name }
unknown = okänt
is-folder = , mapp
is-deleted = , raderad, dess versioner

column-name = Namn
column-size = Storlek
column-changed = Ändrad
column-kind = Typ
column-etag = ETag
column-owner = Ägare
column-class = Lagringsklass
natural-name = Naturligt namn

kind-folder = Mapp
kind-image = Bild
kind-video = Video
kind-audio = Ljud
kind-document = Dokument
kind-data = Data
kind-archive = Arkiv
kind-text = Text
kind-other = Övrigt

loaded-more-coming = { $count } hämtade, fler kommer…
first-of-more = De första { $count } av fler
stopped-at = Stoppad vid { $count } poster; det finns fler
stopped-by-problem = Listningen avbröts efter { $count } poster. { $reason }
complete = { $count ->
    [one] 1 post
   *[other] { $count } poster
 } ({ $folders ->
    [one] 1 mapp
   *[other] { $folders } mappar
 }, { $files ->
    [one] 1 fil
   *[other] { $files } filer
 }, { $size })
sorted-among = sorterade bland { $count } hämtade
stop = Stoppa
continue = Fortsätt
load-all = Hämta alla
next-hundred = Nästa 100
entries-loaded = { $count ->
    [one] 1 post hämtad
   *[other] { $count } poster hämtade
 }
not-there = { $count ->
    [one] 1 namn ur adressens markering finns inte längre här.
   *[other] { $count } namn ur adressens markering finns inte längre här.
 }
large-folder = Mappen har fler än 100 000 poster. Så långa listor tar tid; undermappar per datum eller projekt håller dem korta.
deep-folder = Mappen ligger mer än 20 nivåer ned. Många verktyg når inte så långa sökvägar.

filter-label = Filtrera namn
filter-help = Del av ett namn, * och ? för vad som helst, "…" för hela namnet
filter-apply = Filtrera
matching = { $shown } av { $held } hämtade passar.
search-rest = Sök i resten med prefix
nothing-matches = Inget passar { $text }
nothing-matches-facets = Inget passar filtren
hidden-rows = { $count ->
    [one] 1 hämtad rad är dold.
   *[other] { $count } hämtade rader är dolda.
 }
clear-filter = Rensa filtret
facets = Filter
facet-kind = Typ
facet-size = Storlek
facet-changed = Ändrad
facet-any = Alla
size-below = Under { $to }
size-between = { $from } till { $to }
size-above = { $from } och mer
size-from-label = Från
size-to-label = Till (under)
since-day = Senaste 24 timmarna
since-days = Senaste { $count } dagarna
since-year = Senaste året
since-hours = Senaste { $count } timmarna
since-from = Från { $from }
since-to = Till och med { $to }
since-between = { $from } till { $to }
since-from-label = Från
since-to-label = Till och med
apply = Använd
remove-filter = Ta bort filtret { $name }
view = Visning
sort-by = Sortera efter
columns = Kolumner
layout = Layout
folders-first = Mappar först
flat-view = Alla filer under mappen
folder-view = Mapp för mapp
ends-at = tas bort { $time }
ends-title = Hako tar bort det { $time }
left-over = tas bort
left-moment = mindre än en minut kvar
left-minutes = { $count ->
    [one] 1 minut kvar
   *[other] { $count } minuter kvar
}
left-hours = { $count ->
    [one] 1 timme kvar
   *[other] { $count } timmar kvar
}
left-days = { $count ->
    [one] 1 dag kvar
   *[other] { $count } dagar kvar
}
show-deleted = Visa raderade
deleted-at = raderad
deleted-by = av { $owner }
restore = Återställ
restore-name = Återställ { $name }
restored = { $name } är tillbaka.
not-restored = { $name } kunde inte återställas.
is-deleted-already = Det markerade är redan raderat: återställ det först
store-order = Namn, i lagringens ordning
sorted-name = Sorterat efter namn
sorted-natural = Sorterat efter namn, tal efter värde
sorted-size = Sorterat efter storlek
sorted-changed = Sorterat efter ändringstid
sorted-kind = Sorterat efter typ
sorted-name-down = Sorterat efter namn, från sist till först
sorted-natural-down = Sorterat efter namn, tal efter värde, från sist till först
sorted-size-down = Sorterat efter storlek, störst först
sorted-changed-down = Sorterat efter ändringstid, nyast först
sorted-kind-down = Sorterat efter typ, från sist till först
find-in-page = Webbläsaren hittar bara det som syns på skärmen. Det här fältet går igenom alla hämtade namn; tryck igen för webbläsarens egen sökning.
ignored = Adressen ber om något som sidan inte känner till och som därför utelämnades: { $names }.

selected-count = { $count ->
    [0] Inget markerat
    [one] 1 markerad
   *[other] { $count } markerade
 }
selected-hidden = { $count ->
    [one] 1 dold av filtret
   *[other] { $count } dolda av filtret
 }
selected-files = { $files ->
    [one] 1 fil
   *[other] { $files } filer
 }, { $size }
selected-folders = { $folders ->
    [one] 1 mapp
   *[other] { $folders } mappar
 }
selected-both = { $folders ->
    [one] 1 mapp
   *[other] { $folders } mappar
 } och { $files ->
    [one] 1 fil
   *[other] { $files } filer
 }, { $size } utan mapparnas innehåll
selected-everything = Allt i mappen är markerat, även det som inte är hämtat
select-everything = Markera allt i mappen, även det som inte är hämtat
clear = Rensa

commands = Kommandon
open = Öppna
upload = Ladda upp
upload-folder = Ladda upp mapp
upload-options = Ladda upp…
upload-options-title = Ladda upp med metadata, taggar, kvarhållning
upload-files-options = Filer…
upload-folder-options = Mapp…
new-folder = Ny mapp
download = Hämta
delete = Ta bort
refresh = Uppdatera
more-commands = Fler kommandon
copy-path = Kopiera sökväg
copy-uri = Kopiera S3-URI
copy-link = Kopiera länk till visningen
copied = Kopierat
copied-link = Kopierat
copied-link-without = Kopierat, utan markeringen: den är för lång för en adress
up-to-date = Listan är uppdaterad.
needs-one = Markera en fil eller mapp för att öppna den
needs-selection = Markera något först
needs-selection-to-delete = Markera först vad som ska tas bort
upload-without-scripts = Stora filer och mappar kräver skript eller en annan S3-klient: curl -T med API:et tar en fil av valfri storlek.
replace-files = Ersätt filer med samma namn

breadcrumb = Sökväg
buckets = Buckets
edit-path = Redigera sökväg
path-label = Mapp, S3-URI eller adress
go = Gå
cancel = Avbryt
levels-between = Mappar däremellan
path-unknown = Det här är ingen adress till en bucket.

not-allowed-to-list = Du får inte lista { $bucket }, men du kan öppna en nyckel som du känner till.
key-label = Nyckel
open-key = Öppna
upload-still-possible = Uppladdning går fortfarande där du får skriva.

going-in = { $count ->
    [one] 1 fil försvinner om { $seconds } s.
   *[other] { $count } filer försvinner om { $seconds } s.
 }
going-when-told = { $count ->
    [one] 1 fil väntar på att tas bort.
   *[other] { $count } filer väntar på att tas bort.
 }
undo = Ångra
delete-now = Ta bort nu
nothing-deleted = Inget togs bort.
not-deleted-left = Inget togs bort, eftersom sidan lämnades.
deleted = { $count ->
    [one] 1 objekt togs bort.
   *[other] { $count } objekt togs bort.
 }
stayed = { $count ->
    [one] { $name } togs inte bort. { $reason }
   *[other] { $count } objekt togs inte bort. Det första är { $name }. { $reason }
 }

title = { $bucket } · Filer
no-such-bucket = Det finns ingen bucket { $bucket } som du kan nå.
nothing-under = Inget är lagrat under { $folder }. Släpp filer eller mappar här.
bucket-empty = Den här bucketen är tom. Släpp filer eller mappar här.
folder-empty = Den här mappen är tom. Släpp filer eller mappar här.
choose-files = Välj filer
one-level-up = En nivå upp

files-to-upload = Filer att ladda upp
folder-to-upload = Mapp att ladda upp

drop-here = Släpp för att ladda upp här

makes-folders = Det här skapar { $levels } mappar, den ena i den andra.
name = Namn
in-place = I { $place }
create-folder = Skapa mapp
folder-created = Mappen { $name } är skapad.

folder-name-empty = En mapp behöver ett namn.
folder-name-empty-part = Ett mappnamn har ingen tom del: skriv ”a/b”, inte ”/a” eller ”a//b”.
folder-name-dots = ”.” och ”..” är inga mappnamn.
folder-name-control = Ett mappnamn har inga styrtecken.
folder-name-reserved = ”.directory-metadata” är reserverat av lagringen.
folder-name-too-long = Mappens hela sökväg är för lång för lagringen.
