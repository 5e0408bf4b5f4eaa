# Sökning på metadata.

search = Sök
means = Hittar objekt i alla namnrymder där du får söka, efter vad som är känt om dem. Innehåll, gamla versioner och det som ännu inte är indexerat hittas inte.
query = Fråga
bytes-left = { $count ->
    [one] 1 byte kvar
   *[other] { $count } byte kvar
}
fault-at = Vid tecken { $place }:
expected = Väntat där:
namespaces = Endast i dessa namnrymder
namespaces-help = Namn med mellanslag emellan; tomt för alla.
shown = Vad som visas
columns = Kolumner
count-values = Räkna värden (namnrymd, bevarandeklass, spärr, bevarande)
find = Sök

refused = Detta kan lagret inte tillfrågas om
no-right = Du får inte söka
no-right-means = För att söka krävs behörigheten ”Search” i en namnrymd; den ger en administratör för tenanten.
not-indexed = Ingenting kan sökas
not-indexed-means = Ingen namnrymd där du får söka är indexerad. Sökning och indexering slås på i inställningarna för en namnrymd.
to-namespaces = Namnrymder
nothing = Inget hittades
nothing-means = Inget objekt är sådant. Gamla versioner, raderade objekt och objektens innehåll genomsöks inte, och det som nyss lagrades är kanske inte indexerat än.
widen = Sök i alla namnrymder

results = Resultat
total = { $count ->
    [one] 1 objekt
   *[other] { $count } objekt
}
at-least = { $count ->
    [one] Minst 1 objekt
   *[other] Minst { $count } objekt
}
values = Värden
none = inget
more-values = { $count ->
    [one] 1 till
   *[other] { $count } till
}
allowed = Får raderas
prohibited = Får aldrig raderas
unspecified = Inte bestämt än
ended = Slut, eller inget
kept = Inte slut än
pages = Sidor
previous-page = Föregående sida
next-page = Nästa sida
beyond = Lagret går igenom högst 100 000 resultat på en gång. Hako visar alla i skivor efter tiden för deras ändring.
first-slice = Första skivan
slice-from-the-first = En skiva av resultaten: från den första ändringen
slice-from = En skiva av resultaten: det som ändrades från
slice-until = till
next-slice = Nästa skiva
all-at-once = Alla på en gång
after-indexing = Objekt visas här när de har indexerats.
last-indexed = Allt som ändrades före denna tid är indexerat:
as-csv = Ladda ned CSV
as-lines = Ladda ned JSON lines
export = Exportera…
delete-all = Radera alla…
hold-all = Spärra…
release-all = Häv spärrar…
hold-note = Ett spärrat objekt kan inte raderas eller ändras av någon förrän spärren hävs.
release-note = Det som var spärrat kan raderas igen, om inte bevarandet eller en etikett skyddar det.
hold-plan = { $count ->
    [one] 1 objekt med { $size } skulle spärras.
   *[other] { $count } objekt med { $size } skulle spärras.
}
release-plan = { $count ->
    [one] Spärren för 1 objekt skulle hävas.
   *[other] Spärrarna för { $count } objekt skulle hävas.
}
held = { $count ->
    [one] 1 objekt är spärrat.
   *[other] { $count } objekt är spärrade.
}
released = { $count ->
    [one] Spärren för 1 objekt hävdes.
   *[other] Spärrarna för { $count } objekt hävdes.
}
hold-objects = { $count ->
    [one] Spärra 1 objekt
   *[other] Spärra { $count } objekt
}
release-objects = { $count ->
    [one] Häv spärren för 1 objekt
   *[other] Häv spärrarna för { $count } objekt
}
hold-none = Det finns inget att göra
to-job = Till jobbet
goes-on = Det fortsätter i bakgrunden om du stänger detta.
exported = { $count ->
    [one] 1 objekt exporterades.
   *[other] { $count } objekt exporterades.
}
deleted = { $count ->
    [one] 1 objekt raderades.
   *[other] { $count } objekt raderades.
}
delete-note = Där en bucket behåller versioner hämtar Ångra tillbaka objekten under en timme; på andra ställen gör ingenting det. Det som ändras medan detta pågår lämnas i fred.
kept-for-a-while = Det kan laddas ned en tid, också från jobbets sida, och står i den ordning som objekten ändrades.

name = Namn
path = Sökväg
namespace = Namnrymd
size = Storlek
changed = Ändrad
retention = Bevarande
class = Bevarandeklass
hold = Spärr
owner = Ägare
stored = Lagrad
hash = Hash
yes = Ja
no = Nej
example = namespace:arkiv AND size:[1048576 TO *]

not-indexed-here = Där hittas ingenting alls: sökning och indexering kan vara avslagna i namnrymdens inställningar, eller så har den inga objekt än.
index-is-off = Den genomsöks inte: sökning och indexering slås på i dess inställningar.
index-is-empty = Den genomsöks och har inga indexerade objekt än.
looked-for = Sökte efter
only-in = Endast i { $names }
offered = Förslag
offers = { $count ->
    [one] 1 förslag
   *[other] { $count } förslag
}
kind-text = text
kind-number = tal
kind-time = tid
kind-flag = ja eller nej

searches = Sparade och senaste
saved = Sparade sökningar
none-saved = Spara en sökning under ett namn för att hitta den här.
recent = Senaste sökningar
clear = Rensa
kept-here = Sparas endast i den här webbläsaren, för ditt konto.
save-as = Spara sökningen som
save = Spara
name-first = Skriv ett namn först
name-taken = Det finns redan en med det namnet, som den här ersätter.
new-name = Nytt namn
rename = Byt namn på { $name }
forget = Ta bort { $name }
forgotten = ”{ $name }” är inte längre sparad
kept-as = Sparad som ”{ $name }”
undo = Ångra

pick = Välj { $name }
pick-all = Välj alla på sidan
pick-first = Välj objekt först
one-bucket = Ett arkiv innehåller objekt från en namnrymd: välj bara från en
archive-none = Ladda ned som ZIP
archive = { $count ->
    [one] Ladda ned 1 som ZIP
   *[other] Ladda ned { $count } som ZIP
}
as-command = Som kommando…
as-command-title = Sökningen som kommando
as-command-token = Raderna frågar Hakos API som du. { $name } i miljön ska innehålla en token, som POST /api/v1/auth/token svarar med; den står inte på någon rad.
as-command-hcp = Raderna för HCP själv läser dess egen token ur { $name }: ditt namn i Base64, ett kolon och lösenordets MD5.
asks-httpx = Python (httpx)
asks-hcp = curl, från HCP själv
no-words = Det har inga ord för den här sökningen.
retention-all = Bevarande…
retention-note = Bevarandet förkortas aldrig: det som skulle förkortas lämnas som det är, med orsaken angiven.
no-retention = Detta är inget bevarande
count-first = Räkna
retention-plan = { $count ->
    [one] 1 objekt med { $size } hittades.
   *[other] { $count } objekt med { $size } hittades.
}
retain-objects = { $count ->
    [one] Sätt bevarandet för 1 objekt
   *[other] Sätt bevarandet för { $count } objekt
}
retained = { $count ->
    [one] Bevarandet för 1 objekt har satts.
   *[other] Bevarandet för { $count } objekt har satts.
}

listing-means = Det här lagret kan inte tillfrågas om metadata, så en sökning läser igenom listan över en bucket. Det är långsammare: det krävs en begäran för var 1 000:e nyckel, och sökningen fortsätter när du lämnar sidan.
bucket = Bucket
folder = Mapp
folder-help = Hur nycklarna börjar, till exempel scans/2024/. Tomt för hela bucketen.
contains = Namnet innehåller
contains-help = En del av det som står efter mappen.
matches = Namnet passar
matches-help = Allt som står efter mappen: * är vilka tecken som helst, även snedstreck, ? är ett.
match-case = Skilj på stora och små bokstäver
min-size = Storlek från
max-size = Storlek till
unit = { $field }: enhet
changed-from = Ändrat från (UTC)
changed-to = Ändrat före (UTC)
start = Börja söka
another = Ny sökning
reload = Läs in på nytt
looking = Söker…
none-in-listing = Ingen nyckel är sådan.
more-than = { $count ->
    [one] Fler än 1 objekt: sökningen stannade där. Begränsa den, till exempel till en mapp.
   *[other] Fler än { $count } objekt: sökningen stannade där. Begränsa den, till exempel till en mapp.
}
up-to-there = { $found } bland de { $read } nycklar som lästes; det kan finnas fler.
results-csv = Resultat som CSV
results-lines = Resultat som JSON-rader
no-such-search = Det finns ingen sådan sökning, eller så är den inte din.

said-everything = alla objekt
said-or = { $one } eller { $other }
said-and = { $one } och { $other }
said-but-not = { $said }, men inte: { $not }
said-quoted = ”{ $text }”
said-is = { $what } är { $value }
said-like = { $what } liknar { $value }
said-any = { $what } har något värde
said-between = { $what } är mellan { $from } och { $to }
said-at-least = { $what } är minst { $value }
said-more = { $what } är mer än { $value }
said-at-most = { $what } är högst { $value }
said-less = { $what } är mindre än { $value }
said-word = ordet { $text } i sökväg eller egna metadata
said-phrase = orden { $text } efter varandra i sökväg eller egna metadata
said-custom = egna metadata ”{ $name }”
said-content = innehållsegenskapen ”{ $name }”
said-type = innehållstyp

build = Sätt ihop den av villkor
richer = Den här frågan är rikare än vad villkor kan visa. Den förblir som den är skriven.
broken = Den här frågan kan inte läsas än, så dess villkor visas inte.
group = Villkor
joined-how = Hur villkoren förbinds
all-of = Alla dessa gäller
any-of = Något av dessa gäller
none-of = Inget av dessa gäller
add-condition = Lägg till villkor
add-group = Lägg till grupp
remove-group = Ta bort gruppen
remove-condition = Ta bort villkoret
condition = Villkor
looked-at = Vad som betraktas
asked-how = Vad som frågas om det
name-of-it = Dess namn
value = Värde
from-value = Från
to-value = Till
days = dagar
in-utc = { $label } (UTC)
examples = Börja med:
example-large = Större än 1 GB, inte spärrade
example-kinds = I en mapp, eller med egna metadata
example-kept = Får aldrig raderas, varken spärrade eller strimlade
any-word = Något ord
pair = Egna metadata efter namn
content-type = Innehållstyp
content-property = Innehållsegenskap efter namn
hash-scheme = Hashalgoritm
accessed = Läst
updated = Metadata ändrade
has-acl = Har en ACL
acl-grant = Tilldelning i ACL
has-custom = Har egna metadata
annotation = Annotation
annotation-words = Ord i egna metadata
copies = Kopior (DPL)
shredded = Strimlas
group-name = Namn och sökväg
group-size = Storlek
group-times = Tider
group-retention = Bevarande och spärr
group-owner = Ägare och ACL
group-hash = Hash
group-custom = Egna metadata
group-content = Innehållsegenskaper
group-more = Mer, med lagrets egna namn
op-is = är
op-contains = innehåller ordet
op-begins = börjar med
op-like = liknar (? och *)
op-at-least = minst
op-at-most = högst
op-from = från
op-until = till
op-between = mellan
op-exists = finns
op-last-days = under de senaste
