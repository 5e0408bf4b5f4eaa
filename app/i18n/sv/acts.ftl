### What is done with files and folders by more than one click.

count = Räkna
count-size = Räkna storlek
copy-commands = Kopiera kommandon…
needs-selection-to-download = Markera först vad som ska laddas ned
needs-folder-to-count = Markera en mapp, eller ingenting för att räkna den här
share = Dela…
needs-files-to-share = Markera filer, eller en mapp, att dela

delete-everything = Ta bort allt
delete-files = Ta bort { $files ->
    [one] 1 fil
   *[other] { $files } filer
 }
delete-folders = Ta bort { $folders ->
    [one] 1 mapp
   *[other] { $folders } mappar
 }
delete-both = Ta bort { $folders ->
    [one] 1 mapp
   *[other] { $folders } mappar
 } och { $files ->
    [one] 1 fil
   *[other] { $files } filer
 }
delete-objects = { $count ->
    [one] Ta bort 1 objekt
   *[other] Ta bort { $count } objekt
 }
phrase-one = ta bort 1 objekt
phrase = ta bort { $count } objekt
type-to-confirm = Skriv { $phrase } för att bekräfta
type-first = Skriv orden ovan först
everything-goes = Allt i { $folder } försvinner, inläst här eller inte.
everything-matching-goes = Allt i { $folder } som matchar { $filter } försvinner, inläst här eller inte.
files-in-total = { $files ->
    [one] 1 fil
   *[other] { $files } filer
 } med sammanlagt { $size }.
hidden-too = { $count ->
    [one] 1 av dem döljs av filtret.
   *[other] { $count } av dem döljs av filtret.
 }
and-more = och { $count ->
    [one] 1 till
   *[other] { $count } till
 }
counting-plan = Räknar vad som skulle försvinna…
not-counted = Det gick inte att räkna.
plan = { $count ->
    [one] 1 objekt på { $size } skulle försvinna.
   *[other] { $count } objekt på { $size } skulle försvinna.
 }
plan-refused = { $count ->
    [one] 1 av dem blir kvar, eftersom lagringen behåller det:
   *[other] { $count } av dem blir kvar, eftersom lagringen behåller dem:
 }
plan-checked = { $count ->
    [one] 1 undersöktes för sig. Även andra kan bli kvar.
   *[other] { $count } undersöktes ett för ett. Även andra kan bli kvar.
 }
nothing-there = Det finns inget att ta bort
folder-note = En mapp försvinner med allt som ligger i den, även det som inte är inläst här.
lost-note = Den här bucketen sparar inga versioner: ingenting tar tillbaka objekten.
kept-note = Den här bucketen sparar versioner: Ångra tar tillbaka objekten genast, och sidan med versioner senare.
unknown-note = Där bucketen inte sparar versioner går det inte att ångra.
first-folder-only = Utan skript tas bara den första av mapparna bort. Upprepa det för var och en.
deleting = Tar bort. Det fortsätter i bakgrunden om du stänger det här.
stop = Stoppa
close = Stäng
stayed = { $count ->
    [one] 1 objekt togs inte bort. Jobb berättar varför.
   *[other] { $count } objekt togs inte bort. Jobb berättar varför.
 }
stayed-summary = { $count ->
    [one] 1 objekt blev kvar; borttagna: { $done }.
   *[other] { $count } objekt blev kvar; borttagna: { $done }.
 }
job-page = Hela listan, i jobbet
undoing = Tar tillbaka dem…
back = { $count ->
    [one] 1 objekt är tillbaka.
   *[other] { $count } objekt är tillbaka.
 }
not-back = { $count ->
    [one] 1 objekt gick inte att ta tillbaka.
   *[other] { $count } objekt gick inte att ta tillbaka.
 }

commands-title = Kommandon
commands-list = De här raderna listar mappen som är öppen.
commands-fetch = { $count ->
    [one] De här raderna hämtar det som är markerat.
   *[other] De här raderna hämtar de { $count } poster som är markerade.
 }
commands-keys = Nycklar läses från AWS_ACCESS_KEY_ID och AWS_SECRET_ACCESS_KEY i din miljö; ingen rad innehåller någon. Kommandot hako arbetar med sin profil: sidan Nycklar har raderna som skapar en.
commands-address = Härifrån är lagringens egen adress inte känd. Sätt in den i stället för { $address }.
commands-left-out = { $count ->
    [one] 1 markerad post till har ingen rad här.
   *[other] { $count } markerade poster till har ingen rad här.
 }
commands-no-words = { $tool } tar nycklar för sökvägar och har inga ord för ett av de här namnen.
copy = Kopiera
copy-of = Kopiera raderna för { $tool }

count-title = Räkna storlek
count-of = { $folder } och allt som ligger i den
count-of-several = { $count ->
    [one] 1 mapp med allt som ligger i den, och filerna som är markerade
   *[other] { $count } mappar med allt som ligger i dem, och filerna som är markerade
 }
counting = Räknar…
count-stopped = Stoppat. Talen är inte fullständiga.
count-whole = Räknat till slutet.
counted = { $objects ->
    [one] 1 objekt
   *[other] { $objects } objekt
 } i { $folders ->
    [one] 1 undermapp
   *[other] { $folders } undermappar
 }, { $size }
objects = Objekt
folders = Mappar
size = Storlek
newest = Nyast
largest = De största

archive-counting = Räknar vad som ska in i arkivet…
archive-begins = Nedladdningen börjar.
archive-title = Ladda ned som ZIP
archive-large = Arkivet skulle innehålla { $objects } objekt på { $size }. En klient på kommandoraden hämtar det snabbare och kan fortsätta efter ett avbrott.
archive-too-large = Det här är { $objects } objekt; ett arkiv rymmer högst { $most }. En klient på kommandoraden hämtar dem alla.
archive-go = Ladda ned ändå
