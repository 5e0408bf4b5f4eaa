# What an object holds, shown beside the list of files.

preview = Förhandsvisning
none = Det finns ingen förhandsvisning av sådant innehåll.
empty = Det är tomt.
promised = Namnet säger { $promised }, men innehållet är { $found } och visas som det.
too-large-for-form = Detta är större än { $size } och visas som text.
malformed = Detta kan inte läsas som det namnet säger och visas som text.

forms = Sätt att visa det
rendered = Formaterad
tree = Träd
table = Tabell
picture = Bild
source = Källtext

large = Detta är större än { $size } och hämtas inte av sig självt.
load = Hämta { $size }
first-bytes = { $count ->
    [one] Visa den första byten
   *[other] Visa de första { $count } byten
  }
bytes-view = De första byten

picture-tools = Hur bilden visas
picture-view = Bilden { $name }
zoom-in = Större
zoom-out = Mindre
fit = Anpassa
fits = Anpassad
percent = { $percent } %
rotate = Vrid
background = En annan bakgrund
broken-picture = Bilden kan inte visas: den är skadad, eller så känner webbläsaren inte till dess format.
pdf-view = Dokumentet { $name }
no-viewer = Den här webbläsaren visar inte dokument på en sida.
open-pdf = Öppna dokumentet

text-tools = Hur texten visas
wrap = Bryt rader
encoding = Teckenkodning
load-next = Hämta nästa { $size }
load-end = Gå till slutet
load-start = Gå till början
part-of = { $part } av { $size }, från byte { $start }.

table-tools = Hur tabellen läses
delimiter = Avgränsas av
comma = Komma
semicolon = Semikolon
tab = Tabb
pipe = Lodstreck
header = Första raden namnger kolumnerna
rows = Rader: { $count }
table-cut = Bara början visas: högst { $rows } rader och { $size }.

tree-tools = Platsen i trädet
whole = (allt)
copy-path = Kopiera sökvägen
members = { $count ->
    [one] 1 del
   *[other] { $count } delar
  }
more-members = { $count ->
    [one] Visa 1 till
   *[other] Visa { $count } till
  }
lines-cut = Bara de första { $lines } raderna visas.

code = Kod
done = Klart
not-done = Inte klart
show-picture = Visa bilden { $name }
picture-elsewhere = [Bild från annan plats, inte hämtad: { $name }]

archive-list = Arkivets innehåll
archive-entries = { $count ->
    [one] 1 post.
   *[other] { $count } poster.
  }
archive-read = { $read } av { $size } har lästs.
archive-more = { $count ->
    [one] 1 post till i den här mappen visas inte.
   *[other] { $count } poster till i den här mappen visas inte.
  }
archive-overlaps = Poster i arkivet ligger ovanpå varandra. Inget hederligt program gör ett sådant arkiv.
folder-above = Mappen ovanför
back-to-archive = Tillbaka till arkivet
download-entry = Ladda ned { $name }
entry-encrypted = krypterad
entry-unsupported = packad med okänd metod
entry-too-large = för stor för att packas upp här
